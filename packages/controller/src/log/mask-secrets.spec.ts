import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeRequest } from "@portcullis/policy/testing";
import { secretMask } from "./mask-secrets.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const applied = "{cut short: open-sesame";
const mask = secretMask(
  fakeRequest({
    uid: "u",
    kind: { group: "", version: "v1", kind: "Secret" },
    operation: "CREATE",
    userInfo: { username: "jane" },
    object: {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s", annotations: { "kubectl.kubernetes.io/last-applied-configuration": applied } },
      data: { short: base64("correct horse"), long: base64("correct horse battery"), tiny: base64("yes") },
    },
  }),
);

test("of two values of which one holds the other the longer is taken out, whichever comes first", () => {
  assert.equal(mask.text("it is correct horse battery, not correct horse"), "it is ***, not ***");
  assert.equal(mask.text(`it is ${base64("correct horse battery")}`), "it is ***");
});

test("what was applied is taken out whole where nobody can read it", () => {
  assert.equal(mask.text(`applied was ${applied}`), "applied was ***");
});

test("details are masked in values and keys, and words are left", () => {
  assert.deepEqual(mask.value({ "correct horse": ["yes", { at: "correct horse battery" }], n: 1 }), {
    "***": ["yes", { at: "***" }],
    n: 1,
  });
});

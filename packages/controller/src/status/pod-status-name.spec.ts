import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { podStatusName } from "./pod-status-name.ts";

test("dashes inside of parts are doubled", () => {
  assert.equal(podStatusName("my-pod", "k8sallowedrepos", "no-dash--x"), "my--pod-k8sallowedrepos-no--dash----x");
});

test("different parts give different names", () => {
  const part = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,6}[a-z0-9])?$/);
  fc.assert(
    fc.property(
      fc.array(part, { minLength: 1, maxLength: 3 }),
      fc.array(part, { minLength: 1, maxLength: 3 }),
      (a, b) => {
        assert.equal(podStatusName(...a) === podStatusName(...b), JSON.stringify(a) === JSON.stringify(b));
      },
    ),
  );
});

test("parts that would make a name ambiguous are refused", () => {
  for (const part of ["", "-a", "a-"]) assert.throws(() => podStatusName("pod", part));
});

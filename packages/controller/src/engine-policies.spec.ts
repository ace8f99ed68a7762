import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@portcullis/objects";
import { InstantClock } from "@portcullis/kube/testing";
import { fakeRequest } from "@portcullis/policy/testing";
import { enginePolicies } from "./engine-policies.ts";
import type { PolicyProblem } from "./policies.ts";

const template = (names: JsonObject, rego: string, schema: JsonObject = {}): JsonObject => ({
  apiVersion: "templates.gatekeeper.sh/v1",
  kind: "ConstraintTemplate",
  metadata: { name: "odd" },
  spec: {
    crd: { spec: { names, validation: { openAPIV3Schema: { type: "object", ...schema } } } },
    targets: [{ target: "admission.k8s.gatekeeper.sh", rego }],
  },
});
const good = 'package p\nviolation[{"msg": "x"}] { true }';
const broken = 'package p\nviolation[{"msg": "x"}] { nosuch(1) }';

const policies = enginePolicies({ denialForm: "current", clock: new InstantClock() });

function refusalOf(object: JsonObject): Promise<PolicyProblem | undefined> {
  const kind = { group: "templates.gatekeeper.sh", version: "v1", kind: "ConstraintTemplate" };
  return policies.checkOwnResource(fakeRequest({ kind, name: "odd", operation: "CREATE", object }));
}

test("the first pattern that is no regular expression is refused already", async () => {
  const refused = await refusalOf(
    template({ kind: "Odd" }, good, { properties: { a: { type: "string", pattern: "(" } } }),
  );
  assert.match(refused?.message ?? "", /error parsing regexp: missing closing \): `\(`$/);
});

test("where a refusal has a text of Gatekeeper's, what to do is said beside it", async () => {
  const refused = await refusalOf(template({ kind: "Other" }, good));
  assert.match(refused?.message ?? "", /is not equal to the lowercase of CRD's Kind: "other"$/);
  assert.deepEqual(refused?.advice, ["set metadata.name to other"]);
});

test("code is refused with its place; the status, which has a field for that, tells Gatekeeper's text alone", async () => {
  const odd = template({ kind: "Odd" }, broken);
  const what = "unable to compile modules: 1 error occurred: template:2: rego_type_error: undefined function nosuch";
  const refused = await refusalOf(odd);
  assert.equal(refused?.message, `${what}\nat line 2, column 27 of the Rego (template)`);
  const told = await policies.addTemplate(odd);
  assert.deepEqual([told?.message, told?.location], [`Could not ingest Rego: ${what}`, "template:2:27"]);
});

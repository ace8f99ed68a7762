import assert from "node:assert/strict";
import { test } from "node:test";
import { KubeClient } from "@portcullis/kube";
import { ScriptedTransport, type ScriptedAnswer } from "@portcullis/kube/testing";
import type { JsonObject } from "@portcullis/objects";
import { storedConstraints } from "./stored-constraints.ts";

const template = (kind: string): JsonObject => ({
  metadata: { name: kind.toLowerCase() },
  spec: { crd: { spec: { names: { kind } } } },
});
const list = (...items: readonly JsonObject[]): ScriptedAnswer => ({ body: [{ metadata: {}, items }] });
const refused = (code: number): ScriptedAnswer => ({ status: code, body: [{ kind: "Status", code, message: "no" }] });

/** What is stored in a cluster of two templates, by how it answers for the constraints and the CRD of the second. */
function storedWhere(constraints: ScriptedAnswer, crd: ScriptedAnswer): ReturnType<typeof storedConstraints> {
  const transport = new ScriptedTransport(({ path }) => {
    if (path.includes("/constrainttemplates")) return list(template("First"), template("Second"));
    if (path.includes("/first")) return list({ metadata: { name: "one" } });
    return path.includes("/customresourcedefinitions/second.constraints.gatekeeper.sh") ? crd : constraints;
  });
  return storedConstraints(new KubeClient(transport));
}

test("constraints of every template are asked for, and a kind that has no CRD has none", async () => {
  const names = async (constraints: ScriptedAnswer): Promise<unknown> =>
    (await storedWhere(constraints, refused(404)))?.map(({ metadata }) => metadata);
  assert.deepEqual(await names(list({ metadata: { name: "two" } })), [{ name: "one" }, { name: "two" }]);
  assert.deepEqual(await names(refused(404)), [{ name: "one" }]);
});

test("where it is not certain that a kind has none, nothing is said", async () => {
  // Another API server may serve it, and store what was admitted.
  for (const crd of [{ body: [{ metadata: {} }] }, refused(403), refused(500)]) {
    assert.equal(await storedWhere(refused(404), crd), undefined);
  }
  await assert.rejects(storedWhere(refused(403), refused(404)), /listing the constraints of Second/);
});

/** Replicas that do the same at the same time: what one has done is no mistake to another. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isJsonArray, ownPath, type JsonObject } from "@portcullis/objects";
import { kinds, ok, templateOf, within, withSandbox } from "./with-sandbox.ts";

const pods = ["pod-a", "pod-b", "pod-c"];
const rounds = 15;

/** What the pods tell of a template. */
function toldOf(template: JsonObject): readonly unknown[] {
  const told = ownPath(template, "status", "byPod") ?? null;
  return isJsonArray(told) ? told : [];
}

test("no replica calls it an error that another has written the CRD of a template first", async () => {
  await withSandbox(async ({ client, start }) => {
    await Promise.all(pods.map((pod) => start(pod)));
    const seen: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const kind = `Beside${round}`;
      ok(await client.create(kinds.templates, templateOf(kind, 'package x\nviolation[{"msg": "no"}] { false }')));
      await within(10_000, async () => {
        const told = toldOf(ok(await client.get(kinds.templates, { name: kind.toLowerCase() })));
        const text = JSON.stringify(told);
        if (text.includes('"errors":[{')) seen.push(text);
        return told.length === pods.length && !text.includes('"errors":[{');
      });
    }
    assert.deepEqual(seen, []);
  });
});

test("a template is told to be in force while its CRD waits for its owner, and what keeps the owner away is told", async () => {
  await withSandbox(async ({ sandbox, client, start }) => {
    await start("pod-a");
    const path = /customresourcedefinitions/;
    const lift = sandbox.faults.inject({ fault: { kind: "slow", milliseconds: 4000 }, method: "PUT", path });
    const told = async (name: string): Promise<string> =>
      JSON.stringify(toldOf(ok(await client.get(kinds.templates, { name }))));
    ok(await client.create(kinds.templates, templateOf("Early", 'package x\nviolation[{"msg": "no"}] { false }')));
    await within(3500, async () => /"id":"pod-a"/.test(await told("early")));
    const crd = async (): Promise<JsonObject> =>
      ok(await client.get(kinds.crds, { name: "early.constraints.gatekeeper.sh" }));
    assert.equal(ownPath(await crd(), "metadata", "ownerReferences"), undefined);
    await within(15_000, async () => isJsonArray(ownPath(await crd(), "metadata", "ownerReferences")));
    assert.doesNotMatch(await told("early"), /errors/);
    lift();
    const mend = sandbox.faults.inject({ fault: { kind: "status", code: 500 }, method: "PUT", path });
    ok(await client.create(kinds.templates, templateOf("Orphan", 'package x\nviolation[{"msg": "no"}] { false }')));
    await within(10_000, async () => /Could not update CRD/.test(await told("orphan")));
    mend();
    await within(10_000, async () => /"id":"pod-a"/.test(await told("orphan")) && !/errors/.test(await told("orphan")));
  });
});

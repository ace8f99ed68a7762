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

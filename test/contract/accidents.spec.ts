/** What people delete by accident, and what an API server that takes no writes does to who is serving. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isJsonArray, own, ownPath } from "@portcullis/objects";
import {
  configMap,
  constraintOf,
  constraintsOf,
  kinds,
  ok,
  refusal,
  templateOf,
  within,
  withSandbox,
} from "./with-sandbox.ts";

const never = templateOf(
  "Never",
  `package x
violation[{"msg": "never"}] { input.review.object.data.bad }`,
);
const bad = (name: string): ReturnType<typeof configMap> => configMap(name, { bad: "yes" });

test("a CRD of constraints that is deleted comes back, and its constraints can be applied again", async () => {
  await withSandbox(async ({ client, start }) => {
    const errors: string[] = [];
    const log = {
      debug() {},
      info() {},
      warn() {},
      error: (message: string) => errors.push(message),
      named: () => log,
    };
    await start("pod-a", { log });
    ok(await client.create(kinds.templates, never));
    ok(await client.create(constraintsOf("Never"), constraintOf("Never", "rule")));
    refusal(await client.create(kinds.configMaps, bad("a")));
    ok(await client.delete(kinds.crds, { name: "never.constraints.gatekeeper.sh" }));
    await within(10_000, async () => (await client.create(constraintsOf("Never"), constraintOf("Never", "rule"))).ok);
    assert.match(refusal(await client.create(kinds.configMaps, bad("b"))), /\[rule\] never/);
    assert.ok(errors.some((message) => message.includes("CRD of a template's constraints was deleted")));
  });
});

test("while the API server takes no writes it goes on answering, and the statuses catch up afterwards", async () => {
  await withSandbox(async ({ sandbox, client, start }) => {
    const controller = await start();
    ok(await client.create(kinds.templates, never));
    ok(await client.create(constraintsOf("Never"), constraintOf("Never", "rule")));
    const byPod = async (): Promise<number> => {
      const found = ok(await client.get(constraintsOf("Never"), { name: "rule" }));
      const entries = ownPath(found, "status", "byPod");
      return isJsonArray(entries) ? Number(own(entries[0], "observedGeneration") ?? 0) : 0;
    };
    await within(3000, async () => (await byPod()) === 1);
    // The change comes through; what the server would write about it does not.
    const lifts = ["POST", "PUT", "PATCH"].map((method) =>
      sandbox.faults.inject({ fault: { kind: "status", code: 500 }, method, path: /podstatuses|\/status/ }),
    );
    const match = { match: { namespaces: ["def*"] } };
    ok(await client.patch(constraintsOf("Never"), { name: "rule" }, "merge", { spec: match }));
    for (let round = 0; round < 20; round += 1) refusal(await client.create(kinds.configMaps, bad(`c${round}`)));
    assert.equal(await byPod(), 1);
    assert.deepEqual(controller.awaited(), []);
    for (const lift of lifts) lift();
    await within(10_000, async () => (await byPod()) === 2);
  });
});

test("a template that is slow to be read, and answers that come late, delay a start and open nothing", async () => {
  await withSandbox(async ({ sandbox, client, open, start }) => {
    const first = await start();
    ok(await client.create(kinds.templates, never));
    ok(await client.create(constraintsOf("Never"), constraintOf("Never", "rule")));
    await first.stop();
    sandbox.faults.inject({ fault: { kind: "slow", milliseconds: 300 }, method: "GET" });
    const second = open("pod-b");
    await within(3000, () => second.awaited().length > 0);
    // Registered from before, or not yet listening: nothing goes through.
    const from = performance.now();
    while (second.awaited().length > 0 && performance.now() - from < 20_000) {
      refusal(await client.create(kinds.configMaps, bad("d")));
    }
    sandbox.faults.lift();
    await second.ready;
    assert.match(refusal(await client.create(kinds.configMaps, bad("e"))), /\[rule\] never/);
  });
});

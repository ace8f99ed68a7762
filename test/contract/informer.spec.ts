/** The informer against the sandbox on bad days: however the watch breaks, what it knows is what the server has. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Informer, systemClock, type KubeClient } from "@portcullis/kube";
import { nameOf, resourceVersionOf } from "@portcullis/objects";
import type { Sandbox } from "@portcullis/sandbox";
import { configMap, kinds, ok, within, withSandbox } from "./with-sandbox.ts";

const { configMaps } = kinds;

/** A bare API that remembers little, so that versions are forgotten soon. */
const forgetful = { controllers: false, history: 40 };

/** Puts small random work on the server: creates, changes and deletes. */
async function churn(client: KubeClient, random: () => number, steps: number): Promise<void> {
  for (let step = 0; step < steps; step += 1) {
    const name = `map-${Math.floor(random() * 8)}`;
    const at = { name, namespace: "default" };
    const data = { step: String(step) };
    const kind = random();
    // What is refused (there already, gone already, a fault of the day) is no matter: the state at the end counts.
    if (kind < 0.4) await client.create(configMaps, configMap(name, data)).catch(() => undefined);
    else if (kind < 0.8) await client.patch(configMaps, at, "merge", { data }).catch(() => undefined);
    else await client.delete(configMaps, at).catch(() => undefined);
  }
}

/** A small generator, so that a failure can be run again. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const days: Readonly<Record<string, (sandbox: Sandbox) => void>> = {
  "watches that break off": (sandbox) => void sandbox.faults.dropWatches(),
  "watches that end with 410": (sandbox) => void sandbox.faults.expireWatches(),
  "a history that is forgotten": (sandbox) => {
    sandbox.faults.compact();
    sandbox.faults.dropWatches();
  },
  "errors and slowness": (sandbox) => {
    sandbox.faults.inject({ fault: { kind: "status", code: 500 }, times: 2, method: "GET" });
    sandbox.faults.inject({ fault: { kind: "status", code: 429 }, times: 1, method: "GET" });
    sandbox.faults.inject({ fault: { kind: "slow", milliseconds: 20 }, times: 2 });
    sandbox.faults.dropWatches();
  },
  "connections that are hung up": (sandbox) => {
    sandbox.faults.inject({ fault: { kind: "hang-up" }, times: 3 });
    sandbox.faults.dropWatches();
  },
};

for (const [what, spoil] of Object.entries(days)) {
  test(`the informer loses no change over ${what}`, async () => {
    await withSandbox(async ({ sandbox, client }) => {
      const known = new Map<string, string>();
      // What is thrown in `onChange` would only make the informer begin again.
      const untrue: string[] = [];
      const informer = new Informer({
        client,
        clock: systemClock,
        resource: configMaps,
        selection: { namespace: "default" },
        backoff: { firstMilliseconds: 5, mostMilliseconds: 50 },
        onChange: ({ kind, object }) => {
          const before = known.get(nameOf(object));
          // What is reported are true changes: nothing is added twice or taken away without having been there.
          if ((before === undefined) !== (kind === "added")) untrue.push(`${kind} ${nameOf(object)} after ${before}`);
          if (kind === "deleted") known.delete(nameOf(object));
          else known.set(nameOf(object), resourceVersionOf(object));
        },
      });
      informer.start();
      try {
        await informer.synced();
        const random = generator(what.length);
        for (let round = 0; round < 6; round += 1) {
          await churn(client, random, 15);
          spoil(sandbox);
          await churn(client, random, 10);
        }
        sandbox.faults.lift();
        const { items } = ok(await client.list(configMaps, { namespace: "default" }));
        const wanted = new Map(items.map((item) => [nameOf(item), resourceVersionOf(item)]));
        const same = (): boolean =>
          known.size === wanted.size && [...wanted].every(([name, version]) => known.get(name) === version);
        await within(3000, same);
        assert.equal(informer.store.size, wanted.size);
        assert.deepEqual(untrue, []);
      } finally {
        await informer.stop();
      }
    }, forgetful);
  });
}

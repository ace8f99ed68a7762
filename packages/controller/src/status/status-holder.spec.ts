import assert from "node:assert/strict";
import { test } from "node:test";
import { KubeClient, type ApiStream, type Transport } from "@portcullis/kube";
import { InstantClock } from "@portcullis/kube/testing";
import { silentLog } from "../log/log.ts";
import { StatusHolder } from "./status-holder.ts";

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

test("who holds the Lease brings reports together, and ends only when the write it is at has ended", async () => {
  const write = Promise.withResolvers<void>();
  const asked: string[] = [];
  const answer = (value: unknown, status = 200): ApiStream => ({
    status,
    body: (async function* () {
      yield JSON.stringify(value);
      await Promise.resolve();
    })(),
  });
  const labels = { "internal.gatekeeper.sh/constrainttemplate-name": "owned" };
  const report = { metadata: { name: "r", namespace: "ns", labels }, status: { id: "pod-a", templateUID: "u" } };
  const hanging = (signal: AbortSignal | undefined): ApiStream => ({
    status: 200,
    // oxlint-disable-next-line require-yield
    body: (async function* (): AsyncGenerator<string> {
      await new Promise((resolve) => signal?.addEventListener("abort", resolve));
    })(),
  });
  const transport: Transport = {
    async open({ method, path }, signal) {
      asked.push(`${method} ${path.split("/").slice(3).join("/").split("?")[0]}`);
      if (path.includes("/leases")) {
        if (method !== "GET") return answer({ metadata: { resourceVersion: "1" } }, 201);
        return answer({ kind: "Status", code: 404, reason: "NotFound" }, 404);
      }
      if (path.includes("watch=true")) return hanging(signal);
      if (method === "PATCH") {
        await write.promise;
        return answer({});
      }
      const items = path.includes("/constrainttemplatepodstatuses") ? [report] : [];
      return answer({ metadata: { resourceVersion: "1" }, items });
    },
    close: () => {},
  };
  let held = 0;
  const holder = new StatusHolder({
    client: new KubeClient(transport),
    // The Lease is asked for once, and then the clock stands still.
    clock: Object.assign(new InstantClock(), {
      sleep: (_milliseconds: number, signal?: AbortSignal) =>
        new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve())),
    }),
    log: silentLog,
    namespace: "ns",
    identity: "pod-a",
    findTemplate: (name) => ({ metadata: { name, uid: "u" } }),
    findConstraint: () => undefined,
    findConfig: () => undefined,
    onHeld: () => (held += 1),
  });
  assert.equal(holder.isHolder, false);
  holder.start();
  await turns(50);
  assert.deepEqual([holder.isHolder, held], [true, 1]);
  assert.ok(asked.includes("PATCH v1/constrainttemplates/owned/status"), asked.join("\n"));
  let isStopped = false;
  const stopped = holder.stop().then(() => (isStopped = true));
  await turns(50);
  assert.deepEqual([holder.isHolder, isStopped], [false, false]);
  write.resolve();
  await stopped;
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { KubeClient } from "@portcullis/kube";
import { InstantClock, ScriptedTransport, type ScriptedAnswer } from "@portcullis/kube/testing";
import { readJson, type JsonObject } from "@portcullis/objects";
import { silentLog } from "../log/log.ts";
import { Aggregation, byPodOf, templateStatus } from "./aggregate.ts";

const report = (id: string, uid: string, errors?: readonly JsonObject[]): JsonObject => ({
  status: { id, templateUID: uid, ...(errors === undefined ? {} : { errors }) },
});

test("the entries are those of the object's uid, in the order of their Pods", () => {
  const reports = [report("pod-b", "new"), report("pod-c", "old"), report("pod-a", "new"), { metadata: {} }];
  assert.deepEqual(
    byPodOf(reports, "templateUID", "new").map((entry) => entry["id"]),
    ["pod-a", "pod-b"],
  );
});

test("a template was created once some Pod has it without errors, and that is never taken back", () => {
  const error = { code: "ingest_error", message: "no" };
  const bad = { id: "a", errors: [error] };
  const good = { id: "b" };
  assert.deepEqual(templateStatus({}, [bad]), { byPod: [bad] });
  assert.deepEqual(templateStatus({}, [bad, good]), { byPod: [bad, good], created: true });
  assert.deepEqual(templateStatus({ status: { created: true, other: 1 } }, [bad]), { created: true, byPod: [bad] });
  assert.deepEqual(templateStatus({ status: { created: true } }, []), { created: true, byPod: [] });
});

/** Lets everything happen that waits for nothing but its turn. */
async function pause(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

test("of a status nothing is written but the entries: what audit has found meanwhile is not taken back", async () => {
  const entry = { id: "pod-a", constraintUID: "u", enforced: true };
  const labels = {
    "internal.gatekeeper.sh/constraint-kind": "K8sOwned",
    "internal.gatekeeper.sh/constraint-name": "all",
  };
  const items = [{ metadata: { name: "r", namespace: "ns", labels }, status: entry }];
  const transport = new ScriptedTransport(({ method, path }): ScriptedAnswer => {
    if (method !== "GET") return { body: [{}] };
    if (path.includes("watch=true")) return { hang: true };
    return {
      body: [{ metadata: { resourceVersion: "1" }, items: path.includes("/constraintpodstatuses") ? items : [] }],
    };
  });
  let status: JsonObject = { totalViolations: 3 };
  const start = (): Aggregation => {
    const aggregation = new Aggregation({
      client: new KubeClient(transport),
      clock: new InstantClock(),
      log: silentLog,
      namespace: "ns",
      findTemplate: () => undefined,
      findConstraint: (kind, name) => ({ kind, metadata: { name, uid: "u" }, status }),
      findConfig: () => undefined,
    });
    aggregation.start();
    return aggregation;
  };
  const first = start();
  await pause();
  await first.stop();
  const [patch, ...more] = transport.requests.filter(({ method }) => method === "PATCH");
  assert.deepEqual(more, []);
  assert.equal(patch?.path, "/apis/constraints.gatekeeper.sh/v1beta1/k8sowned/all/status");
  const body = readJson(patch?.body ?? "");
  assert.deepEqual(body.ok && body.value, { metadata: { uid: "u" }, status: { byPod: [entry] } });
  // Who takes over finds it done, whatever else there is.
  status = { totalViolations: 4, byPod: [entry] };
  const second = start();
  await pause();
  await second.stop();
  assert.equal(transport.requests.filter(({ method }) => method === "PATCH").length, 1);
});

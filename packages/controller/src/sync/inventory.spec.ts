import assert from "node:assert/strict";
import { test } from "node:test";
import { KubeClient } from "@portcullis/kube";
import { InstantClock, ScriptedTransport, type ScriptedAnswer } from "@portcullis/kube/testing";
import { nameOf, type JsonObject } from "@portcullis/objects";
import { silentLog } from "../log/log.ts";
import { Inventory } from "./inventory.ts";
import { silentSyncObserver } from "./observer.ts";
import type { SyncWish } from "./sync-wish.ts";

const all = ["create", "get", "list", "watch"];
const resources = (name: string, kind: string, verbs = all): ScriptedAnswer => ({
  body: [{ resources: [{ name, kind, namespaced: true, verbs }] }],
});
const objects = (kind: string, ...names: string[]): ScriptedAnswer => ({
  body: [
    {
      apiVersion: "v1",
      kind: `${kind}List`,
      metadata: { resourceVersion: "5" },
      items: names.map((name) => ({ metadata: { name, namespace: "a", resourceVersion: "1" } })),
    },
  ],
});
const groups: ScriptedAnswer = {
  body: [
    {
      groups: ["authorization.k8s.io", "metrics.k8s.io"].map((name) => ({ name, preferredVersion: { version: "v1" } })),
    },
  ],
};
const cluster: Readonly<Record<string, ScriptedAnswer>> = {
  "/apis": groups,
  "/api/v1": resources("pods", "Pod"),
  "/apis/authorization.k8s.io/v1": resources("subjectaccessreviews", "SubjectAccessReview", ["create"]),
  "/api/v1/pods?limit=500": objects("Pod", "one", "two"),
};

/** Follows the wishes in a cluster that answers so; what came into the data, and what is still awaited, at the end. */
async function follow(
  wishes: readonly SyncWish[],
  answer: (path: string) => ScriptedAnswer | undefined,
  isOver: (inventory: Inventory, held: ReadonlySet<string>) => boolean,
): Promise<{ held: ReadonlySet<string>; awaited: readonly string[]; missing: readonly string[] }> {
  const held = new Set<string>();
  const transport = new ScriptedTransport(({ path }) => {
    if (path.includes("watch=true")) return { hang: true };
    return answer(path) ?? cluster[path] ?? { status: 404, body: ["{}"] };
  });
  const inventory = new Inventory({
    client: new KubeClient(transport),
    clock: new InstantClock(),
    log: silentLog,
    observer: silentSyncObserver,
    data: {
      putData: (object: JsonObject) => void held.add(nameOf(object)),
      removeData: (object: JsonObject) => void held.delete(nameOf(object)),
    },
  });
  inventory.wish("test", wishes);
  assert.notDeepEqual(inventory.awaited(), [], "nothing is known of what was just wished for");
  const until = performance.now() + 2000;
  while (!isOver(inventory, held) && performance.now() < until) await new Promise((resolve) => setImmediate(resolve));
  const awaited = inventory.awaited();
  const { missing } = inventory;
  await inventory.stop();
  return { held, awaited, missing };
}

const away: ScriptedAnswer = { status: 503, body: ["service unavailable"] };
const pods: SyncWish = { kind: "every-group", name: "Pod" };

test("a group that does not answer keeps nothing out of the inventory, and a start not waiting for ever", async () => {
  const { held, awaited } = await follow(
    [pods, { kind: "exact", of: { group: "metrics.k8s.io", version: "v1", kind: "NodeMetrics" } }],
    (path) => (path.startsWith("/apis/metrics") ? away : undefined),
    (inventory) => inventory.awaited().length === 0,
  );
  assert.deepEqual([...held], ["one", "two"]);
  assert.deepEqual(awaited, []);
});

test("a start waits for a group that does not answer for a moment", async () => {
  let asked = 0;
  const { held, awaited } = await follow(
    [pods],
    (path) => (path === "/api/v1" && (asked += 1) < 4 ? away : undefined),
    (inventory, found) => {
      if (found.size === 0) assert.notDeepEqual(inventory.awaited(), [], `nothing is awaited after ${asked} questions`);
      return inventory.awaited().length === 0;
    },
  );
  assert.deepEqual([...held], ["one", "two"]);
  assert.deepEqual(awaited, []);
});

test("a kind that can only be created is missing, and awaited by nobody", async () => {
  const { held, awaited, missing } = await follow(
    [pods, { kind: "exact", of: { group: "authorization.k8s.io", version: "v1", kind: "SubjectAccessReview" } }],
    () => undefined,
    (inventory, found) => found.size === 2 && inventory.missing.length > 0,
  );
  assert.deepEqual([...held], ["one", "two"]);
  assert.deepEqual([awaited, missing], [[], ["authorization.k8s.io/v1 SubjectAccessReview"]]);
});

test("who wishes for a kind that nobody serves hears of it, and of its coming", async () => {
  let isServed = false;
  const heard: string[] = [];
  const transport = new ScriptedTransport(({ path }) => {
    if (path.includes("watch=true")) return { hang: true };
    if (path === "/apis/x.io/v1" && isServed) return resources("zorks", "Zork");
    if (path.startsWith("/apis/x.io/v1/zorks")) return objects("Zork");
    return cluster[path] ?? { status: 404, body: ["{}"] };
  });
  const inventory = new Inventory({
    client: new KubeClient(transport),
    clock: new InstantClock(),
    log: silentLog,
    observer: silentSyncObserver,
    data: { putData: () => {}, removeData: () => {} },
  });
  const zork: SyncWish = { kind: "exact", of: { group: "x.io", version: "v1", kind: "Zork" } };
  const [pod, hear] = [
    { kind: "exact", of: { group: "", version: "v1", kind: "Pod" } } as const,
    (unserved: readonly { readonly kind: string }[]) => void heard.push(unserved.map(({ kind }) => kind).join()),
  ];
  inventory.wish("config", [pod, zork], hear);
  inventory.wish("other", [zork]);
  const until = performance.now() + 2000;
  const heardAll = async (count: number): Promise<void> => {
    while (heard.length < count && performance.now() < until) await new Promise((resolve) => setImmediate(resolve));
  };
  await heardAll(1);
  assert.deepEqual(heard, ["Zork"]);
  isServed = true;
  await heardAll(2);
  assert.deepEqual(heard, ["Zork", ""]);
  await inventory.stop();
});

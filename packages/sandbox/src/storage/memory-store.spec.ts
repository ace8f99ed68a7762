import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ApiObject } from "./api-object.ts";
import { MemoryStore } from "./memory-store.ts";
import type { Change } from "./store.ts";

function thing(name: string, extra: object = {}, namespace = "default"): ApiObject {
  return {
    apiVersion: "v1",
    kind: "Thing",
    metadata: { name, namespace, uid: name, resourceVersion: "", creationTimestamp: "2026-01-01T00:00:00Z" },
    ...extra,
  };
}

function made(store: MemoryStore, object: ApiObject): ApiObject {
  const outcome = store.create("things", object);
  assert.ok(outcome.ok);
  return outcome.object;
}

describe("the store", () => {
  it("gives every write a new version and refuses a stale one", () => {
    const store = new MemoryStore();
    const first = made(store, thing("a"));
    assert.deepEqual(store.create("things", thing("a")), { ok: false, refusal: { kind: "exists" } });
    const second = store.update("things", { ...first, spec: 1 }, first.metadata.resourceVersion);
    assert.ok(second.ok);
    assert.ok(Number(second.object.metadata.resourceVersion) > Number(first.metadata.resourceVersion));
    const stale = store.update("things", { ...first, spec: 2 }, first.metadata.resourceVersion);
    assert.ok(!stale.ok && stale.refusal.kind === "conflict");
    assert.deepEqual(store.remove("things", "default", "b"), { ok: false, refusal: { kind: "missing" } });
  });

  it("does not count a write that changes nothing", () => {
    const store = new MemoryStore();
    const first = made(store, thing("a", { spec: { x: [1] } }));
    const again = store.update("things", { ...first, metadata: { ...first.metadata, resourceVersion: "" } });
    assert.ok(again.ok);
    assert.equal(again.object, first);
    assert.equal(String(store.revision), first.metadata.resourceVersion);
  });

  it("lists in key order with the revision of the last write", () => {
    const store = new MemoryStore();
    for (const name of ["b", "a", "c"]) made(store, thing(name));
    made(store, thing("a", {}, "another"));
    assert.deepEqual(
      store.list("things").items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
      ["another/a", "default/a", "default/b", "default/c"],
    );
    assert.equal(store.list("things", "another").items.length, 1);
    assert.equal(store.list("things").revision, store.revision);
  });

  it("replays what a watch missed, then follows, in order, also when a listener writes", () => {
    const store = new MemoryStore();
    const first = made(store, thing("a"));
    const since = Number(first.metadata.resourceVersion);
    made(store, thing("b"));
    const seen: string[] = [];
    const note = (change: Change): void => void seen.push(`${change.type} ${change.object.metadata.name}`);
    store.watch("things", since, (change) => {
      note(change);
      if (change.type === "ADDED" && change.object.metadata.name === "c") made(store, thing("d"));
    });
    const watching = store.watch("things", since, note);
    assert.deepEqual(seen, ["ADDED b", "ADDED b"]);
    seen.length = 0;
    made(store, thing("c"));
    assert.deepEqual(seen, ["ADDED c", "ADDED c", "ADDED d", "ADDED d"]);
    assert.ok(watching.ok);
    watching.stop();
    seen.length = 0;
    const removed = store.remove("things", "default", "a");
    assert.deepEqual(seen, ["DELETED a"]);
    assert.ok(removed.ok && Number(removed.object.metadata.resourceVersion) === store.revision);
  });

  it("forgets its history at last, and says so", () => {
    const store = new MemoryStore({ history: 10 });
    const first = made(store, thing("a"));
    for (let count = 0; count < 30; count += 1) made(store, thing(`n${count}`));
    const late = store.watch("things", Number(first.metadata.resourceVersion), () => {});
    assert.ok(!late.ok && late.refusal.kind === "expired");
    assert.ok(store.watch("things", store.revision, () => {}).ok);
    store.compact();
    assert.equal(store.watch("things", store.revision - 1, () => {}).ok, false);
    assert.equal(store.watch("things", store.revision + 5, () => {}).ok, false);
  });

  it("is not changed through what it gave or was given", () => {
    const store = new MemoryStore();
    const given = { ...thing("a"), spec: { list: [1] } };
    made(store, given);
    given.spec.list.push(2);
    assert.deepEqual(store.get("things", "default", "a")?.["spec"], { list: [1] });
  });
});

import { cloneJson, type ApiObject } from "./api-object.ts";
import { equalFields } from "./equal-fields.ts";
import type {
  Change,
  ChangeType,
  GroupResource,
  Snapshot,
  Store,
  StoreOutcome,
  StoreRefusal,
  WatchOutcome,
} from "./store.ts";

/** How the store is built. */
export interface MemoryStoreOptions {
  /** How many changes each resource remembers for watches that begin in the past. */
  readonly history?: number;
}

type Listener = (change: Change) => void;

/** One resource's objects, its recent changes and who listens to them. */
class Shelf {
  readonly objects = new Map<string, ApiObject>();
  readonly listeners = new Set<Listener>();
  changes: Change[] = [];
  /** The revision up to which changes are forgotten. */
  forgotten = 0;
  private sorted: readonly ApiObject[] | undefined;

  inOrder(): readonly ApiObject[] {
    this.sorted ??= [...this.objects.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
    return this.sorted;
  }

  put(key: string, object: ApiObject): void {
    this.objects.set(key, object);
    this.sorted = undefined;
  }

  drop(key: string): void {
    this.objects.delete(key);
    this.sorted = undefined;
  }
}

/** The store in memory. The first write gets revision 1 above where it starts, so that no version is "0". */
export class MemoryStore implements Store {
  private readonly shelves = new Map<GroupResource, Shelf>();
  private readonly everyone = new Set<(resource: GroupResource, change: Change) => void>();
  private readonly history: number;
  private current = 1;
  /** Listeners may write; their changes wait here so that everybody sees changes in order. */
  private readonly pending: { readonly resource: GroupResource; readonly change: Change }[] = [];
  private delivering = false;

  constructor(options: MemoryStoreOptions = {}) {
    this.history = options.history ?? 1000;
  }

  get revision(): number {
    return this.current;
  }

  get(resource: GroupResource, namespace: string, name: string): ApiObject | undefined {
    return this.shelves.get(resource)?.objects.get(keyOf(namespace, name));
  }

  list(resource: GroupResource, namespace?: string): Snapshot {
    const all = this.shelves.get(resource)?.inOrder() ?? [];
    const items =
      namespace === undefined ? all : all.filter((object) => (object.metadata.namespace ?? "") === namespace);
    return { items, revision: this.current };
  }

  resources(): readonly GroupResource[] {
    return [...this.shelves].filter(([, shelf]) => shelf.objects.size > 0).map(([resource]) => resource);
  }

  create(resource: GroupResource, object: ApiObject): StoreOutcome {
    const shelf = this.shelf(resource);
    const key = keyOf(object.metadata.namespace ?? "", object.metadata.name);
    if (shelf.objects.has(key)) return refused({ kind: "exists" });
    const stored = this.stamp(object);
    shelf.put(key, stored);
    this.record(resource, shelf, "ADDED", stored, undefined);
    return { ok: true, object: stored };
  }

  update(resource: GroupResource, object: ApiObject, expected?: string): StoreOutcome {
    const shelf = this.shelf(resource);
    const key = keyOf(object.metadata.namespace ?? "", object.metadata.name);
    const existing = shelf.objects.get(key);
    const refusal = checkCurrent(existing, expected);
    if (existing === undefined || refusal !== undefined) return refused(refusal ?? { kind: "missing" });
    const alike = { ...object, metadata: { ...object.metadata, resourceVersion: existing.metadata.resourceVersion } };
    if (equalFields(alike, existing)) return { ok: true, object: existing };
    const stored = this.stamp(object);
    shelf.put(key, stored);
    this.record(resource, shelf, "MODIFIED", stored, existing);
    return { ok: true, object: stored };
  }

  remove(resource: GroupResource, namespace: string, name: string, expected?: string): StoreOutcome {
    const shelf = this.shelf(resource);
    const key = keyOf(namespace, name);
    const existing = shelf.objects.get(key);
    const refusal = checkCurrent(existing, expected);
    if (existing === undefined || refusal !== undefined) return refused(refusal ?? { kind: "missing" });
    const last = this.stamp(existing);
    shelf.drop(key);
    this.record(resource, shelf, "DELETED", last, existing);
    return { ok: true, object: last };
  }

  watch(resource: GroupResource, revision: number, listener: Listener): WatchOutcome {
    const shelf = this.shelf(resource);
    if (revision < shelf.forgotten) return refused({ kind: "expired", oldest: shelf.forgotten });
    if (revision > this.current) return refused({ kind: "future", current: this.current });
    // A watch that begins while changes are being handed round would otherwise see those twice.
    let seen = revision;
    const once: Listener = (change) => {
      if (change.revision <= seen) return;
      seen = change.revision;
      listener(change);
    };
    for (const change of shelf.changes) once(change);
    shelf.listeners.add(once);
    return { ok: true, stop: () => void shelf.listeners.delete(once) };
  }

  watchAll(listener: (resource: GroupResource, change: Change) => void): () => void {
    this.everyone.add(listener);
    return () => void this.everyone.delete(listener);
  }

  compact(): void {
    for (const shelf of this.shelves.values()) {
      shelf.changes = [];
      shelf.forgotten = this.current;
    }
  }

  private shelf(resource: GroupResource): Shelf {
    let shelf = this.shelves.get(resource);
    if (shelf === undefined) {
      shelf = new Shelf();
      this.shelves.set(resource, shelf);
    }
    return shelf;
  }

  private stamp(object: ApiObject): ApiObject {
    this.current += 1;
    const copy = cloneJson(object);
    return { ...copy, metadata: { ...copy.metadata, resourceVersion: String(this.current) } };
  }

  private record(
    resource: GroupResource,
    shelf: Shelf,
    type: ChangeType,
    object: ApiObject,
    previous: ApiObject | undefined,
  ): void {
    const change: Change = { type, revision: this.current, object, ...(previous === undefined ? {} : { previous }) };
    shelf.changes.push(change);
    // Trimmed in strides, so that a long history costs nothing per write.
    if (shelf.changes.length >= this.history * 2) {
      const kept = shelf.changes.slice(-this.history);
      shelf.forgotten = (kept[0]?.revision ?? this.current + 1) - 1;
      shelf.changes = kept;
    }
    this.pending.push({ resource, change });
    this.deliver();
  }

  private deliver(): void {
    if (this.delivering) return;
    this.delivering = true;
    try {
      for (let next = this.pending.shift(); next !== undefined; next = this.pending.shift()) {
        for (const listener of this.shelf(next.resource).listeners) listener(next.change);
        for (const listener of this.everyone) listener(next.resource, next.change);
      }
    } finally {
      this.delivering = false;
    }
  }
}

function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

function checkCurrent(existing: ApiObject | undefined, expected: string | undefined): StoreRefusal | undefined {
  if (existing === undefined) return { kind: "missing" };
  if (expected !== undefined && expected !== existing.metadata.resourceVersion) {
    return { kind: "conflict", current: existing };
  }
  return undefined;
}

function refused(refusal: StoreRefusal): { readonly ok: false; readonly refusal: StoreRefusal } {
  return { ok: false, refusal };
}

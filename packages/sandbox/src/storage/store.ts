import type { ApiObject } from "./api-object.ts";

/** `pods`, `deployments.apps`: a resource without its version, which is how the store files objects. */
export type GroupResource = string;

/** The key under which the store files a kind's objects. */
export function groupResource(group: string, plural: string): GroupResource {
  return group === "" ? plural : `${plural}.${group}`;
}

/** What a change did to an object. */
export type ChangeType = "ADDED" | "MODIFIED" | "DELETED";

/** One change in the store's history; `object` is what it became, or was last when deleted. */
export interface Change {
  readonly type: ChangeType;
  readonly revision: number;
  readonly object: ApiObject;
  /** What stood there before; absent for ADDED. */
  readonly previous?: ApiObject;
}

/** A consistent picture of a resource: its objects in key order, and the revision they stood at. */
export interface Snapshot {
  readonly items: readonly ApiObject[];
  readonly revision: number;
}

/** Why the store did not do as told. The server turns it into a Status with Kubernetes' text. */
export type StoreRefusal =
  | { readonly kind: "exists" }
  | { readonly kind: "missing" }
  | { readonly kind: "conflict"; readonly current: ApiObject }
  | { readonly kind: "expired"; readonly oldest: number }
  | { readonly kind: "future"; readonly current: number };

/** The answer of a write: the object as it now stands, or why not. */
export type StoreOutcome =
  | { readonly ok: true; readonly object: ApiObject }
  | { readonly ok: false; readonly refusal: StoreRefusal };

/** A subscription's answer: how to end it, or why it cannot begin. */
export type WatchOutcome =
  | { readonly ok: true; readonly stop: () => void }
  | { readonly ok: false; readonly refusal: StoreRefusal };

/**
 * Objects with versions: what etcd and the watch cache are to a real API server. It knows nothing of
 * kinds, defaults, admission or deletion with finalizers; those are the registry's, and controllers
 * write through `Api` (server/api.ts), which runs the same path as a request over HTTPS.
 * Everything is synchronous, so a reader sees every write that was answered.
 */
export interface Store {
  /** The revision of the last write. */
  readonly revision: number;
  get(resource: GroupResource, namespace: string, name: string): ApiObject | undefined;
  /** All objects of a resource, or those of one namespace. */
  list(resource: GroupResource, namespace?: string): Snapshot;
  /** Every resource that has objects. */
  resources(): readonly GroupResource[];
  /** Files a new object; gives it its resourceVersion. */
  create(resource: GroupResource, object: ApiObject): StoreOutcome;
  /**
   * Replaces an object; gives it a new resourceVersion. With `expected`, only if it still stands at that
   * resourceVersion. An object equal to what is stored but for its resourceVersion is not a change.
   */
  update(resource: GroupResource, object: ApiObject, expected?: string): StoreOutcome;
  /** Takes an object away. Watchers see its last state with the revision of the deletion. */
  remove(resource: GroupResource, namespace: string, name: string, expected?: string): StoreOutcome;
  /**
   * Calls `listener` for each change after `revision`, first those in the history, then as they happen, in order.
   * Refused as expired when the history no longer reaches back so far.
   */
  watch(resource: GroupResource, revision: number, listener: (change: Change) => void): WatchOutcome;
  /** Calls `listener` for each change of any resource from now on. */
  watchAll(listener: (resource: GroupResource, change: Change) => void): () => void;
  /** Forgets the history up to now, so that older watches get 410 (for tests and faults). */
  compact(): void;
}

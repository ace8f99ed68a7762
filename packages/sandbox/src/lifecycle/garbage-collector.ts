import type { Api } from "../server/api.ts";
import { isRefusal } from "../server/refusals.ts";
import { draftOf, type ApiObject, type OwnerReference } from "../storage/api-object.ts";
import type { Change, GroupResource, Store } from "../storage/store.ts";
import { WorkQueue } from "./work-queue.ts";

/** Where an object is. */
interface Whereabouts {
  readonly resource: GroupResource;
  readonly namespace: string;
  readonly name: string;
}

/**
 * Deletes what its owners leave behind: dependents of deleted owners (background), dependents before an owner that
 * waits for them (foreground); or cuts them loose (orphan).
 */
export class GarbageCollector {
  private readonly store: Store;
  private readonly api: Api;
  private readonly places = new Map<string, Whereabouts>();
  private readonly owners = new Map<string, readonly OwnerReference[]>();
  private readonly dependents = new Map<string, Set<string>>();
  private readonly queue: WorkQueue;
  private readonly stopWatching: () => void;

  constructor(store: Store, api: Api, report: (error: unknown) => void) {
    this.store = store;
    this.api = api;
    this.queue = new WorkQueue((uid) => this.process(uid), report);
    for (const resource of store.resources()) {
      for (const object of store.list(resource).items) this.note(resource, object);
    }
    this.stopWatching = store.watchAll((resource, change) => this.take(resource, change));
  }

  stop(): void {
    this.stopWatching();
    this.queue.stop();
  }

  private take(resource: GroupResource, { type, object }: Change): void {
    const { uid } = object.metadata;
    if (type !== "DELETED") {
      this.note(resource, object);
      return;
    }
    this.places.delete(uid);
    for (const dependent of this.dependents.get(uid) ?? []) this.queue.add(dependent);
    for (const owner of this.owners.get(uid) ?? []) {
      this.dependents.get(owner.uid)?.delete(uid);
      // An owner may be waiting for just this one.
      this.queue.add(owner.uid);
    }
    this.owners.delete(uid);
    this.dependents.delete(uid);
  }

  private note(resource: GroupResource, object: ApiObject): void {
    const { uid, namespace = "", name, ownerReferences = [], finalizers = [], deletionTimestamp } = object.metadata;
    this.places.set(uid, { resource, namespace, name });
    for (const owner of this.owners.get(uid) ?? []) this.dependents.get(owner.uid)?.delete(uid);
    this.owners.set(uid, ownerReferences);
    for (const owner of ownerReferences) {
      const known = this.dependents.get(owner.uid) ?? new Set();
      known.add(uid);
      this.dependents.set(owner.uid, known);
      if (!this.places.has(owner.uid)) this.queue.add(uid);
    }
    const waits = finalizers.includes("orphan") || finalizers.includes("foregroundDeletion");
    if (deletionTimestamp !== undefined && waits) this.queue.add(uid);
  }

  private find(uid: string): { readonly place: Whereabouts; readonly object: ApiObject } | undefined {
    const place = this.places.get(uid);
    const object = place && this.store.get(place.resource, place.namespace, place.name);
    return place === undefined || object?.metadata.uid !== uid ? undefined : { place, object };
  }

  private async process(uid: string): Promise<void> {
    const found = this.find(uid);
    if (found === undefined) return;
    const { place, object } = found;
    const finalizers = object.metadata.finalizers ?? [];
    try {
      if (object.metadata.deletionTimestamp !== undefined) {
        if (finalizers.includes("orphan")) await this.orphan(place, object);
        else if (finalizers.includes("foregroundDeletion")) await this.deleteDependentsFirst(place, object);
        return;
      }
      await this.settleDependent(place, object);
    } catch (error) {
      if (isRefusal(error, "Conflict")) this.queue.add(uid);
      else if (!isRefusal(error, "NotFound")) throw error;
    }
  }

  private dependentsOf(uid: string): readonly { readonly place: Whereabouts; readonly object: ApiObject }[] {
    return [...(this.dependents.get(uid) ?? [])].flatMap((dependent) => this.find(dependent) ?? []);
  }

  private async orphan(place: Whereabouts, owner: ApiObject): Promise<void> {
    for (const dependent of this.dependentsOf(owner.metadata.uid)) {
      // oxlint-disable-next-line no-await-in-loop
      await this.dropOwners(dependent.place, dependent.object, (each) => each.uid === owner.metadata.uid);
    }
    await this.dropFinalizer(place, owner, "orphan");
  }

  private async deleteDependentsFirst(place: Whereabouts, owner: ApiObject): Promise<void> {
    const { uid } = owner.metadata;
    const dependents = this.dependentsOf(uid);
    const blocking = dependents.filter(({ object }) =>
      (object.metadata.ownerReferences ?? []).some((each) => each.uid === uid && each.blockOwnerDeletion === true),
    );
    if (blocking.length === 0) await this.dropFinalizer(place, owner, "foregroundDeletion");
    for (const dependent of dependents) {
      if (dependent.object.metadata.deletionTimestamp === undefined) this.queue.add(dependent.object.metadata.uid);
    }
  }

  /** Deletes an object none of whose owners is left; takes away references to those that are gone. */
  private async settleDependent(place: Whereabouts, object: ApiObject): Promise<void> {
    const references = object.metadata.ownerReferences ?? [];
    if (references.length === 0) return;
    const states = references.map((reference) => this.stateOf(reference, object));
    if (states.includes("solid")) {
      if (states.some((state) => state !== "solid")) {
        await this.dropOwners(place, object, (each) => this.stateOf(each, object) !== "solid");
      }
      return;
    }
    const foreground = states.includes("waiting") && this.dependentsOf(object.metadata.uid).length > 0;
    const { uid, resourceVersion } = object.metadata;
    await this.api.delete(place.resource, place.namespace, place.name, {
      uid,
      resourceVersion,
      propagationPolicy: foreground ? "Foreground" : "Background",
    });
  }

  private stateOf(reference: OwnerReference, dependent: ApiObject): "solid" | "waiting" | "gone" {
    const owner = this.find(reference.uid);
    if (owner === undefined) return "gone";
    // An owner in another namespace is none.
    if (owner.place.namespace !== "" && owner.place.namespace !== (dependent.metadata.namespace ?? "")) return "gone";
    const { deletionTimestamp, finalizers = [] } = owner.object.metadata;
    const waits = deletionTimestamp !== undefined && finalizers.includes("foregroundDeletion");
    return waits && reference.blockOwnerDeletion !== false ? "waiting" : "solid";
  }

  private async dropOwners(
    place: Whereabouts,
    object: ApiObject,
    isDropped: (reference: OwnerReference) => boolean,
  ): Promise<void> {
    const draft = draftOf(object);
    const kept = (draft.metadata.ownerReferences ?? []).filter((each) => !isDropped(each));
    if (kept.length === 0) delete draft.metadata.ownerReferences;
    else draft.metadata.ownerReferences = kept;
    await this.api.update(place.resource, draft);
  }

  private async dropFinalizer(place: Whereabouts, object: ApiObject, finalizer: string): Promise<void> {
    const draft = draftOf(object);
    const kept = (draft.metadata.finalizers ?? []).filter((each) => each !== finalizer);
    if (kept.length === 0) delete draft.metadata.finalizers;
    else draft.metadata.finalizers = kept;
    await this.api.update(place.resource, draft);
  }
}

import { definitionFinalizer } from "../crd/definition-hooks.ts";
import { definitionResource, resourceOfDefinition } from "../crd/serve-definitions.ts";
import type { Api } from "../server/api.ts";
import { isRefusal } from "../server/refusals.ts";
import { draftOf } from "../storage/api-object.ts";
import type { Store } from "../storage/store.ts";
import { WorkQueue } from "./work-queue.ts";

/** Deletes the objects of CRDs that are being deleted, and lets the CRDs go when none is left. */
export class DefinitionFinalizer {
  private readonly store: Store;
  private readonly api: Api;
  private readonly queue: WorkQueue;
  private readonly stopWatching: () => void;

  constructor(store: Store, api: Api, report: (error: unknown) => void) {
    this.store = store;
    this.api = api;
    this.queue = new WorkQueue((name) => this.finalize(name), report);
    this.stopWatching = store.watchAll((resource, { type, object }) => {
      if (resource === definitionResource) {
        if (type !== "DELETED" && object.metadata.deletionTimestamp !== undefined) this.queue.add(object.metadata.name);
      } else if (type === "DELETED" && this.isGoing(resource)) this.queue.add(resource);
    });
  }

  stop(): void {
    this.stopWatching();
    this.queue.stop();
  }

  private isGoing(name: string): boolean {
    return this.store.get(definitionResource, "", name)?.metadata.deletionTimestamp !== undefined;
  }

  private async finalize(name: string): Promise<void> {
    const definition = this.store.get(definitionResource, "", name);
    if (definition?.metadata.deletionTimestamp === undefined) return;
    if (definition.metadata.finalizers?.includes(definitionFinalizer) !== true) return;
    const resource = resourceOfDefinition(definition);
    const { items } = this.store.list(resource);
    for (const { metadata } of items) {
      if (metadata.deletionTimestamp !== undefined) continue;
      try {
        // oxlint-disable-next-line no-await-in-loop
        await this.api.delete(resource, metadata.namespace ?? "", metadata.name);
      } catch (error) {
        if (!isRefusal(error, "NotFound")) throw error;
      }
    }
    if (this.store.list(resource).items.length > 0) return;
    const draft = draftOf(definition);
    draft.metadata.finalizers = (draft.metadata.finalizers ?? []).filter((each) => each !== definitionFinalizer);
    try {
      await this.api.update(definitionResource, draft);
    } catch (error) {
      if (isRefusal(error, "Conflict")) this.queue.add(name);
      else if (!isRefusal(error, "NotFound")) throw error;
    }
  }
}

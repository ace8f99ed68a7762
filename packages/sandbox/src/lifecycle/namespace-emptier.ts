import type { Api } from "../server/api.ts";
import { resourceOf, type KindTable } from "../server/kind-table.ts";
import { isRefusal } from "../server/refusals.ts";
import { draftOf, isFields, type ApiObject } from "../storage/api-object.ts";
import type { Store } from "../storage/store.ts";
import { WorkQueue } from "./work-queue.ts";

/** Empties namespaces that are being deleted, and lets them go when nothing is left in them. */
export class NamespaceEmptier {
  private readonly store: Store;
  private readonly kinds: KindTable;
  private readonly api: Api;
  private readonly queue: WorkQueue;
  private readonly stopWatching: () => void;
  private readonly going = new Set<string>();

  constructor(store: Store, kinds: KindTable, api: Api, report: (error: unknown) => void) {
    this.store = store;
    this.kinds = kinds;
    this.api = api;
    this.queue = new WorkQueue((name) => this.empty(name), report);
    this.stopWatching = store.watchAll((resource, { type, object }) => {
      const { namespace = "", name, deletionTimestamp } = object.metadata;
      if (resource === "namespaces") {
        if (type === "DELETED") this.going.delete(name);
        else if (deletionTimestamp !== undefined) {
          this.going.add(name);
          this.queue.add(name);
        }
      } else if (type === "DELETED" && this.going.has(namespace)) this.queue.add(namespace);
    });
  }

  stop(): void {
    this.stopWatching();
    this.queue.stop();
  }

  private async empty(name: string): Promise<void> {
    const namespace = this.store.get("namespaces", "", name);
    if (namespace?.metadata.deletionTimestamp === undefined) return;
    const contents = this.contentsOf(name);
    if (contents.length === 0) {
      this.release(namespace);
      return;
    }
    for (const { resource, object } of contents) {
      if (object.metadata.deletionTimestamp !== undefined) continue;
      try {
        // In order, so that a thousand objects do not ask a thousand webhooks at once.
        // oxlint-disable-next-line no-await-in-loop
        await this.api.delete(resource, name, object.metadata.name, { propagationPolicy: "Background" });
      } catch (error) {
        if (!isRefusal(error, "NotFound") && !isRefusal(error, "Conflict")) throw error;
      }
    }
  }

  private contentsOf(name: string): readonly { readonly resource: string; readonly object: ApiObject }[] {
    return this.kinds
      .all()
      .filter((kind) => kind.namespaced)
      .flatMap((kind) => {
        const resource = resourceOf(kind);
        return this.store.list(resource, name).items.map((object) => ({ resource, object }));
      });
  }

  /** Takes the finalizer off that stands for the contents; without others the namespace goes. */
  private release(namespace: ApiObject): void {
    const draft = draftOf(namespace);
    const spec = isFields(draft["spec"]) ? draft["spec"] : {};
    spec["finalizers"] = (Array.isArray(spec["finalizers"]) ? spec["finalizers"] : []).filter(
      (finalizer) => finalizer !== "kubernetes",
    );
    draft["spec"] = spec;
    const outcome = this.store.update("namespaces", draft);
    const left = Array.isArray(spec["finalizers"]) && spec["finalizers"].length > 0;
    if (outcome.ok && !left && (draft.metadata.finalizers ?? []).length === 0) {
      this.store.remove("namespaces", "", namespace.metadata.name);
    }
  }
}

import type { KindTable } from "../server/kind-table.ts";
import { getOwn, type ApiObject } from "../storage/api-object.ts";
import { groupResource, type Store } from "../storage/store.ts";
import { customKind } from "./custom-kind.ts";
import { isEstablished } from "./definition-hooks.ts";

/** The key of CRDs in the store. */
export const definitionResource = "customresourcedefinitions.apiextensions.k8s.io";

/**
 * Keeps the table of kinds in step with the CRDs there are, within the very write that changes one. Call the result to
 * stop.
 */
export function serveDefinitions(store: Store, kinds: KindTable): () => void {
  const watching = store.watch(definitionResource, store.revision, ({ type, object, previous }) => {
    if (type === "DELETED" || !isEstablished(object)) kinds.drop(resourceOfDefinition(object));
    // A status that is written says nothing new of what is defined.
    else if (!isEstablished(previous) || previous?.metadata.generation !== object.metadata.generation) {
      kinds.put(customKind(object));
    }
  });
  return watching.ok ? watching.stop : () => {};
}

/** The resource that a CRD defines. */
export function resourceOfDefinition(definition: ApiObject): string {
  const spec = definition["spec"];
  return groupResource(String(getOwn(spec, "group")), String(getOwn(getOwn(spec, "names"), "plural")));
}

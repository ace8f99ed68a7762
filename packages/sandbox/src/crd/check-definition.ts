import { forbidden } from "../server/refusals.ts";
import type { Collection, Registry } from "../server/registry.ts";

/** Refuses to create objects of a CRD that is going away: it could never be emptied. */
export function checkDefinition({ store }: Registry, { target }: Collection, name: string): void {
  const { kind } = target;
  if (kind.origin !== "custom") return;
  const definition = store.get("customresourcedefinitions.apiextensions.k8s.io", "", `${kind.plural}.${kind.group}`);
  if (definition?.metadata.deletionTimestamp === undefined) return;
  const why = "create not allowed while custom resource definition is terminating";
  throw forbidden({ group: kind.group, resource: kind.plural }, name, why);
}

import { getOwn } from "../storage/api-object.ts";
import { forbidden, notFound } from "./refusals.ts";
import type { Collection, Registry } from "./registry.ts";

const protectedNamespaces = new Set(["default", "kube-system", "kube-public"]);

/** Refuses to create in a namespace that is not there or that is going away. */
export function checkNamespace(registry: Registry, { target, namespace }: Collection, name: string): void {
  if (!target.kind.namespaced) return;
  const found = registry.store.get("namespaces", "", namespace);
  if (found === undefined) throw notFound({ group: "", resource: "namespaces" }, namespace);
  if (found.metadata.deletionTimestamp === undefined && getOwn(found["status"], "phase") !== "Terminating") return;
  const message = `namespace ${namespace} is being terminated`;
  throw forbidden(
    { group: target.kind.group, resource: target.kind.plural },
    name,
    `unable to create new content in namespace ${namespace} because it is being terminated`,
    [{ reason: "NamespaceTerminating", message, field: "metadata.namespace" }],
  );
}

/** Refuses to delete the namespaces a cluster cannot do without. */
export function checkNamespaceDeletion({ target }: Collection, name: string): void {
  if (target.kind.group !== "" || target.kind.plural !== "namespaces" || !protectedNamespaces.has(name)) return;
  throw forbidden({ group: "", resource: "namespaces" }, name, "this namespace may not be deleted");
}

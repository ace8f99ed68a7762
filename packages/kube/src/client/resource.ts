/** A kind of object as the API server addresses it. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** What can be done with it, as far as the server has said so. */
  readonly verbs?: readonly string[];
}

/** `apps/v1` or `v1`. */
export function apiVersionOf(resource: Resource): string {
  return resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;
}

/** The path of a collection, an object or its subresource. Every part is encoded, so a name cannot leave its place. */
export function pathOf(
  resource: Resource,
  at: { readonly namespace?: string; readonly name?: string; readonly subresource?: string } = {},
): string {
  const root = resource.group === "" ? "/api" : `/apis/${encodeURIComponent(resource.group)}`;
  const parts = [root, encodeURIComponent(resource.version)];
  if (resource.namespaced && at.namespace !== undefined && at.namespace !== "") {
    parts.push("namespaces", encodeURIComponent(at.namespace));
  }
  parts.push(encodeURIComponent(resource.plural));
  if (at.name !== undefined) parts.push(encodeURIComponent(at.name));
  if (at.subresource !== undefined) parts.push(encodeURIComponent(at.subresource));
  return parts.join("/");
}

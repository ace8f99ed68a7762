import { quoteGo } from "@portcullis/objects";

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

/**
 * The path of a collection, an object or its subresource. Every part is encoded, and no name is a part that leads
 * elsewhere (`..`), so it cannot leave its place; such names are thrown.
 */
export function pathOf(
  resource: Resource,
  at: { readonly namespace?: string; readonly name?: string; readonly subresource?: string } = {},
): string {
  const root = resource.group === "" ? "/api" : `/apis/${encodeURIComponent(resource.group)}`;
  const parts = [root, encodeURIComponent(resource.version)];
  if (resource.namespaced && at.namespace !== undefined && at.namespace !== "") {
    parts.push("namespaces", segmentOf("namespace", at.namespace));
  }
  parts.push(encodeURIComponent(resource.plural));
  if (at.name !== undefined) parts.push(segmentOf("resource name", at.name));
  if (at.subresource !== undefined) parts.push(encodeURIComponent(at.subresource));
  return parts.join("/");
}

/** Throws, in the words of Kubernetes' own clients, where no object can have such a name. */
function segmentOf(what: string, name: string): string {
  const wrong =
    name === "." || name === ".."
      ? [`may not be '${name}'`]
      : ["/", "%"].filter((letter) => name.includes(letter)).map((letter) => `may not contain '${letter}'`);
  if (wrong.length > 0) throw new Error(`invalid ${what} ${quoteGo(name)}: [${wrong.join(" ")}]`);
  return encodeURIComponent(name);
}

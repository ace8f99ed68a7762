import { isJsonObject, own, ownString, setOwn, type JsonObject, type JsonValue } from "../json/value.ts";

/** An object's metadata, empty where it has none. */
export function metadataOf(object: unknown): JsonObject {
  const metadata = own(object, "metadata");
  return isJsonObject(metadata) ? metadata : empty;
}

const empty: JsonObject = Object.freeze({});

/** metadata.name, or the empty string. */
export function nameOf(object: unknown): string {
  return ownString(own(object, "metadata"), "name") ?? "";
}

/** metadata.generateName, or the empty string. */
export function generateNameOf(object: unknown): string {
  return ownString(own(object, "metadata"), "generateName") ?? "";
}

/** metadata.namespace, or the empty string. */
export function namespaceOf(object: unknown): string {
  return ownString(own(object, "metadata"), "namespace") ?? "";
}

/** metadata.uid, or the empty string. */
export function uidOf(object: unknown): string {
  return ownString(own(object, "metadata"), "uid") ?? "";
}

/** metadata.resourceVersion, or the empty string. */
export function resourceVersionOf(object: unknown): string {
  return ownString(own(object, "metadata"), "resourceVersion") ?? "";
}

/** metadata.generation, or 0. */
export function generationOf(object: unknown): number {
  const generation = own(own(object, "metadata"), "generation");
  return typeof generation === "number" ? generation : 0;
}

/**
 * metadata.labels, empty where there are none. As Kubernetes reads them: null is the empty string, and where one value is
 * of another type, none counts.
 */
export function labelsOf(object: unknown): JsonObject {
  const labels = own(own(object, "metadata"), "labels");
  if (!isJsonObject(labels)) return empty;
  let hasNull = false;
  for (const key in labels) {
    if (!Object.hasOwn(labels, key)) continue;
    const value = labels[key];
    if (value === null) hasNull = true;
    else if (typeof value !== "string") return empty;
  }
  if (!hasNull) return labels;
  const read: { [key: string]: JsonValue } = {};
  for (const [key, value] of Object.entries(labels)) setOwn(read, key, value ?? "");
  return read;
}

/** metadata.annotations, empty where there are none. */
export function annotationsOf(object: unknown): JsonObject {
  const annotations = own(own(object, "metadata"), "annotations");
  return isJsonObject(annotations) ? annotations : empty;
}

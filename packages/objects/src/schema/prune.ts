/** Removing, or only finding, the fields that a schema does not know. Objects are changed in place. */
import { isJsonArray, isJsonObject, type JsonValue, type MutableJson, type MutableJsonObject } from "../json/value.ts";
import { compareBytes } from "../json/go.ts";
import { childPath, keyPath } from "../object/field-error.ts";
import type { Schema } from "./schema.ts";

const metaFields = new Set(["apiVersion", "kind", "metadata"]);

/**
 * Removes the fields that the schema of a whole resource does not specify, and returns their paths, sorted. apiVersion,
 * kind and metadata of the resource and of embedded ones are left alone.
 */
export function pruneUnknownFields(object: MutableJson, schema: Schema): readonly string[] {
  const unknown: string[] = [];
  prune(object, { ...schema, embeddedResource: true }, "", {
    onUnknown: (path) => unknown.push(path),
    remove: true,
  });
  return unknown.toSorted(compareBytes);
}

/** A field that a schema does not specify. */
export interface UnknownField {
  readonly path: string;
  readonly name: string;
  /** The path of the object that holds it. */
  readonly parent: string;
  /** The names that are known where it stands. */
  readonly known: readonly string[];
}

/** The fields that the schema of a whole resource does not specify, sorted by their paths. */
export function findUnknownFields(object: JsonValue, schema: Schema): readonly UnknownField[] {
  const found: UnknownField[] = [];
  const onUnknown = (path: string, name: string, parent: string, of: Schema | undefined): void => {
    found.push({ path, name, parent, known: [...(of?.properties.keys() ?? [])] });
  };
  // Nothing is removed, so the readonly object is safe.
  prune(object as MutableJson, { ...schema, embeddedResource: true }, "", { onUnknown, remove: false });
  return found.toSorted((left, right) => compareBytes(left.path, right.path));
}

/** The same for a part of a resource, in which no field is exempt. */
export function findUnknownInPart(value: JsonValue, schema: Schema): readonly string[] {
  const unknown: string[] = [];
  // Nothing is removed, so the readonly value is safe.
  prune(value as MutableJson, schema, "", { onUnknown: (path) => unknown.push(path), remove: false });
  return unknown.toSorted(compareBytes);
}

interface Mode {
  readonly onUnknown: (path: string, name: string, parent: string, of: Schema | undefined) => void;
  readonly remove: boolean;
}

function prune(value: MutableJson, schema: Schema | undefined, path: string, mode: Mode): void {
  if (isJsonArray(value)) {
    const items = schema?.preserveUnknownFields === true ? preservedItems(schema) : schema?.items;
    // A list under preserved fields is walked only where its items are specified, and they inherit the preservation.
    if (schema?.preserveUnknownFields === true && items === undefined) return;
    for (const [at, item] of value.entries()) prune(item as MutableJson, items, keyPath(path, at), mode);
    return;
  }
  if (!isJsonObject(value)) return;
  // An object that is not an array, and mutable as its parent is.
  const object = value as MutableJsonObject;
  for (const key of Object.keys(object)) {
    if (schema?.embeddedResource === true && metaFields.has(key)) continue;
    const item = object[key];
    if (item === undefined) continue;
    const property = schema?.properties.get(key);
    if (property !== undefined) prune(item, property, childPath(path, key), mode);
    else if (schema?.additionalProperties !== undefined) {
      prune(item, schema.additionalProperties.schema, childPath(path, key), mode);
    } else if (schema?.preserveUnknownFields !== true) {
      mode.onUnknown(childPath(path, key), key, path, schema);
      if (mode.remove) delete object[key];
    }
  }
}

function preservedItems(schema: Schema): Schema | undefined {
  return schema.items === undefined ? undefined : { ...schema.items, preserveUnknownFields: true };
}

import { closestName } from "../closest-name.ts";
import { isJsonArray, isJsonObject, type JsonValue } from "../json/value.ts";
import { childPath, keyPath } from "../object/field-error.ts";
import type { Schema } from "./schema.ts";

/** A field that was probably meant to be another one. */
export interface MisspeltField {
  readonly path: string;
  readonly suggestion: string;
}

/**
 * The fields that a schema keeps without specifying them, and in whose place it specifies one of a similar name that is
 * not there. No schema refuses them, and nothing reads them.
 */
export function findMisspeltFields(value: JsonValue, schema: Schema, path = ""): readonly MisspeltField[] {
  if (isJsonArray(value)) {
    const { items } = schema;
    return items === undefined ? [] : value.flatMap((item, at) => findMisspeltFields(item, items, keyPath(path, at)));
  }
  if (!isJsonObject(value)) return [];
  const missing = [...schema.properties.keys()].filter((name) => !Object.hasOwn(value, name));
  return Object.entries(value).flatMap(([name, item]) => {
    const property = schema.properties.get(name) ?? schema.additionalProperties?.schema;
    if (property !== undefined) return findMisspeltFields(item, property, childPath(path, name));
    const meant = schema.preserveUnknownFields === true ? closestName(name, missing) : undefined;
    return meant === undefined ? [] : [{ path: childPath(path, name), suggestion: childPath(path, meant) }];
  });
}

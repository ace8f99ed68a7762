/** Filling in a schema's defaults, and removing nulls that a default or nothing replaces. Objects are changed in place. */
import { copyJson } from "../json/copy.ts";
import { isJsonArray, isJsonObject, setOwn, type MutableJson, type MutableJsonObject } from "../json/value.ts";
import type { Schema } from "./schema.ts";

/** Sets every absent property that has a default, and descends, so that defaults within defaults apply as well. */
export function applyDefaults(value: MutableJson, schema: Schema | undefined): void {
  if (schema === undefined) return;
  if (isJsonArray(value)) {
    const { items } = schema;
    if (items === undefined) return;
    // Mutable as its parent is.
    const list = value as MutableJson[];
    for (const [at, item] of list.entries()) {
      if (item === null && !items.nullable) list[at] = defaultOf(items);
      applyDefaults(list[at] ?? null, items);
    }
    return;
  }
  if (!isJsonObject(value)) return;
  const object = value as MutableJsonObject;
  for (const [name, property] of schema.properties) {
    if (property.default === undefined) continue;
    if (!Object.hasOwn(object, name) || (object[name] === null && !property.nullable)) {
      setOwn(object, name, copyJson(property.default));
    }
  }
  for (const key of Object.keys(object)) {
    const property = schema.properties.get(key);
    if (property !== undefined) {
      applyDefaults(object[key] ?? null, property);
      continue;
    }
    const additional = schema.additionalProperties?.schema;
    if (additional === undefined) continue;
    if (object[key] === null && !additional.nullable) setOwn(object, key, defaultOf(additional));
    applyDefaults(object[key] ?? null, additional);
  }
}

function defaultOf(schema: Schema): MutableJson {
  return schema.default === undefined ? null : copyJson(schema.default);
}

/** Removes the nulls of properties that may not be null and have no default; the API server does so before defaulting. */
export function removeNulls(value: MutableJson, schema: Schema | undefined): void {
  if (isJsonArray(value)) {
    for (const item of value) removeNulls(item as MutableJson, schema?.items);
    return;
  }
  if (!isJsonObject(value)) return;
  const object = value as MutableJsonObject;
  for (const key of Object.keys(object)) {
    const property = schema?.properties.get(key) ?? schema?.additionalProperties?.schema;
    const item = object[key];
    if (item === null && property !== undefined && !property.nullable && property.default === undefined) {
      delete object[key];
    } else if (item !== undefined) removeNulls(item, property);
  }
}

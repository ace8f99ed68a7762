/** Lists that are sets or maps: no item twice. */
import { marshalGo } from "../json/go.ts";
import { isJsonArray, isJsonObject, own, setOwn, type JsonValue } from "../json/value.ts";
import { childPath, duplicate, invalid, keyPath, type FieldError } from "../object/field-error.ts";
import type { Schema } from "./schema.ts";

/** What is in a list of type `set` or `map` more than once, in Kubernetes' words. */
export function validateListTypes(schema: Schema, value: JsonValue, path = ""): readonly FieldError[] {
  if (isJsonArray(value)) return validateList(schema, value, path);
  if (!isJsonObject(value)) return [];
  const errors: FieldError[] = [];
  const additional = schema.additionalProperties?.schema;
  for (const [key, item] of Object.entries(value)) {
    if (additional !== undefined) errors.push(...validateListTypes(additional, item, keyPath(path, key)));
    const property = schema.properties.get(key);
    if (property !== undefined) errors.push(...validateListTypes(property, item, childPath(path, key)));
  }
  return errors;
}

function validateList(schema: Schema, list: readonly JsonValue[], path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (schema.listType === "set") errors.push(...repeated(list, list, path));
  if (schema.listType === "map") errors.push(...validateMap(schema, list, path));
  if (schema.items !== undefined) {
    for (const [at, item] of list.entries()) errors.push(...validateListTypes(schema.items, item, keyPath(path, at)));
  }
  return errors;
}

function validateMap(schema: Schema, list: readonly JsonValue[], path: string): readonly FieldError[] {
  for (const [at, item] of list.entries()) {
    if (item !== null && !isJsonObject(item)) {
      return [invalid(keyPath(path, at), item, "must be an object for an array of list-type map")];
    }
  }
  const keys = list.map((item): JsonValue => {
    const key: { [name: string]: JsonValue } = {};
    for (const name of schema.listMapKeys) {
      const value = own(item, name);
      if (value !== undefined) setOwn(key, name, value);
    }
    return key;
  });
  return repeated(keys, keys, path);
}

/** One error for each item that stands there again, at its second place. */
function repeated(items: readonly JsonValue[], shown: readonly JsonValue[], path: string): readonly FieldError[] {
  const seen = new Map<string, number>();
  const errors: FieldError[] = [];
  for (const [at, item] of items.entries()) {
    const text = marshalGo(item);
    const times = seen.get(text) ?? 0;
    seen.set(text, times + 1);
    if (times === 1) errors.push(duplicate(keyPath(path, at), shown[at] ?? null));
  }
  return errors;
}

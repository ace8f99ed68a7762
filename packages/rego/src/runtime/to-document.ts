import { define } from "./json-reader.ts";
import { keyText } from "./json-writer.ts";
import { objectEntries } from "./object.ts";
import { isArray, isObject, isRegoObject, isSet } from "./order.ts";
import type { PlainObject, Value } from "./value.ts";

/**
 * A value as JSON can hold it: sets become arrays in their order, keys that are no strings become JSON text. Numbers
 * stay exact, bytes that are no UTF-8 become U+FFFD. What is so already is given back as it is.
 */
export function toDocument(value: Value): Value {
  if (typeof value === "string") return wellFormed(value);
  if (typeof value !== "object" || value === null) return value;
  if (isArray(value)) return arrayDocument(value);
  if (isSet(value)) return arrayDocument(value.values());
  if (!isObject(value)) return value;
  if (isRegoObject(value))
    return plainObject(objectEntries(value).map(([key, item]) => [wellFormed(keyText(key)), toDocument(item)]));
  return plainDocument(value);
}

/** Nothing is copied before something is found that changes: most values have no such thing. */
function arrayDocument(items: readonly Value[]): readonly Value[] {
  for (let at = 0; at < items.length; at += 1) {
    // INVARIANT: the index is within the array.
    const item = items[at] as Value;
    const plain = toDocument(item);
    if (plain !== item) return [...items.slice(0, at), plain, ...items.slice(at + 1).map(toDocument)];
  }
  return items;
}

function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}

function plainDocument(object: PlainObject): PlainObject {
  const keys = Object.keys(object);
  let copy: Record<string, Value> | undefined;
  for (let at = 0; at < keys.length; at += 1) {
    // INVARIANT: the key is the object's own.
    const key = keys[at] as string;
    const item = object[key] as Value;
    const name = wellFormed(key);
    const plain = toDocument(item);
    if (copy === undefined) {
      if (plain === item && name === key) continue;
      copy = {};
      for (const before of keys.slice(0, at)) define(copy, before, object[before] as Value);
    }
    define(copy, name, plain);
  }
  return copy ?? object;
}

/** A plain object of these entries, whatever their keys are called. */
export function plainObject(entries: Iterable<readonly [string, Value]>): PlainObject {
  const object: Record<string, Value> = {};
  for (const [key, value] of entries) define(object, key, value);
  return object;
}

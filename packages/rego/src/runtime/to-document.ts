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
  if (isArray(value)) {
    let changed = false;
    const items = value.map((item) => {
      const plain = toDocument(item);
      changed ||= plain !== item;
      return plain;
    });
    return changed ? items : value;
  }
  if (isSet(value)) return value.values().map(toDocument);
  if (typeof value === "string") return wellFormed(value);
  if (!isObject(value)) return value;
  if (isRegoObject(value))
    return plainObject(objectEntries(value).map(([key, item]) => [wellFormed(keyText(key)), toDocument(item)]));
  return plainCopy(value);
}

function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}

function plainCopy(object: PlainObject): PlainObject {
  let changed = false;
  const entries = Object.keys(object).map((key): [string, Value] => {
    // INVARIANT: the key is the object's own.
    const item = object[key] as Value;
    const [name, plain] = [wellFormed(key), toDocument(item)];
    changed ||= plain !== item || name !== key;
    return [name, plain];
  });
  return changed ? plainObject(entries) : object;
}

/** A plain object of these entries, whatever their keys are called. */
export function plainObject(entries: Iterable<readonly [string, Value]>): PlainObject {
  const object: Record<string, Value> = {};
  for (const [key, value] of entries) define(object, key, value);
  return object;
}

/** Reading collections of any kind: what generated loops and lookups call. */
import { elementAt } from "./lookup.ts";
import { isArray, isObject, isRegoObject, isSet, objectKeys } from "./order.ts";
import { RegoObject } from "./object.ts";
import { RegoSet } from "./set.ts";
import { Tagged } from "./tagged.ts";
import type { PlainObject, Value } from "./value.ts";

const none: readonly Value[] = [];

/** The elements of a collection in Rego's order; of what is none, no elements. */
export function elements(value: Value | undefined): readonly Value[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== "object" || value === null) return none;
  return otherElements(value);
}

function otherElements(value: Value): readonly Value[] {
  if (isSet(value)) return value.values();
  if (!isObject(value)) return none;
  // INVARIANT: the keys come from the object itself.
  if (isRegoObject(value)) return value.keys().map((key) => value.get(key) as Value);
  return objectKeys(value).map((key) => value[key as string] as Value);
}

/** The same in no particular order. */
export function members(value: Value | undefined): readonly Value[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== "object" || value === null) return none;
  return otherMembers(value);
}

function otherMembers(value: Value): readonly Value[] {
  if (isSet(value)) return value.items();
  if (!isObject(value)) return none;
  if (isRegoObject(value)) return value.items();
  return Object.values(value);
}

/** The keys that go with `elements`: undefined for an array, whose keys are its positions. */
export function keysOf(value: Value | undefined): readonly Value[] | undefined {
  if (typeof value !== "object" || value === null || isArray(value)) return undefined;
  if (isSet(value)) return value.values();
  return isObject(value) ? objectKeys(value) : undefined;
}

/** The keys that go with `members`. */
export function unorderedKeysOf(value: Value | undefined): readonly Value[] | undefined {
  if (typeof value !== "object" || value === null || isArray(value)) return undefined;
  if (isSet(value)) return value.items();
  if (!isObject(value)) return undefined;
  return isRegoObject(value) ? value.names() : Object.keys(value);
}

/**
 * Whether a comprehension of a form is made to be compared with a value: with one of its kind, and with any set, since
 * those are compared as they are.
 */
export function isComparable(value: Value, form: "array" | "set" | "object"): boolean {
  if (isSet(value)) return true;
  return form === "array" ? isArray(value) : form === "object" && isObject(value);
}

/** What a value has at a key: an object's value, an array's item, a set's member. */
export function lookup(value: Value | undefined, key: Value): Value | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (isArray(value)) {
    if (typeof key === "number") return value[key];
    return elementAt(value, key);
  }
  if (value instanceof Tagged)
    return value instanceof RegoObject || value instanceof RegoSet ? value.get(key) : undefined;
  // INVARIANT: what is no array and none of our classes is a caller's object.
  return typeof key === "string" && Object.hasOwn(value, key) ? (value as PlainObject)[key] : undefined;
}

/** The same of base data, where OPA's paths are texts: `2` also finds the key `"2"`, and `"2"` the item 2. */
export function lookupStored(value: Value | undefined, key: Value): Value | undefined {
  const found = lookup(value, key);
  if (found !== undefined || typeof value !== "object" || value === null) return found;
  if (typeof key === "number") return lookup(value, String(key));
  if (typeof key === "string" && Array.isArray(value) && /^(0|[1-9][0-9]*)$/.test(key))
    return lookup(value, Number(key));
  return undefined;
}

/** Whether a value has elements. */
export function isCollection(value: Value | undefined): boolean {
  return value !== undefined && (isArray(value) || isSet(value) || isObject(value));
}

/** Whether a value is an array of that length. */
export function isArrayOf(value: Value, size: number): boolean {
  return isArray(value) && value.length === size;
}

/** Whether a value is an object with that many entries. */
export function isObjectOf(value: Value, size: number): boolean {
  if (!isObject(value)) return false;
  return (isRegoObject(value) ? value.size : Object.keys(value).length) === size;
}

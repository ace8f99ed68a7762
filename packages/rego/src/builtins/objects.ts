import { lookup } from "../runtime/lookup.ts";
import { objectEntries, objectOf, type RegoObject } from "../runtime/object.ts";
import { equal, isArray, isObject, isRegoObject, isSet, objectGet, objectKeys, objectSize } from "../runtime/order.ts";
import { RegoSet } from "../runtime/set.ts";
import type { PlainObject, Value } from "../runtime/value.ts";
import type { BuiltinContext, BuiltinFunction } from "./builtin.ts";
import { BuiltinFailure } from "./failure.ts";
import type { Family } from "./family.ts";
import { arrayOperand, failElement, failType, objectOperand } from "./operand.ts";

/** object.* */
export const objects: Family = new Map<string, BuiltinFunction>([
  ["object.get", get],
  ["object.keys", (_context, value: Value) => new RegoSet(objectKeys(objectOperand(value, 1)))],
  ["object.union", (_context, a: Value, b: Value) => merge(objectOperand(a, 1), objectOperand(b, 2))],
  ["object.union_n", unionOfAll],
  ["object.remove", remove],
  ["object.filter", filter],
  ["object.subset", (_context, whole: Value, part: Value) => isSubset(whole, part)],
]);

function get(_context: BuiltinContext, value: Value, path: Value, fallback: Value): Value {
  const object = objectOperand(value, 1);
  if (!isArray(path)) {
    const found = objectGet(object, path);
    return found === undefined ? fallback : found;
  }
  let current: Value | undefined = value;
  for (const key of path) {
    current = lookup(current, key);
    if (current === undefined) return fallback;
  }
  return current;
}

type AnyObject = RegoObject | PlainObject;

/** b over a; where both have objects, those are merged in turn. */
function merge(a: AnyObject, b: AnyObject): AnyObject {
  if (objectSize(a) === 0) return b;
  if (objectSize(b) === 0) return a;
  const entries: (readonly [Value, Value])[] = [];
  for (const [key, value] of pairsOf(a)) {
    const over = objectGet(b, key);
    if (over === undefined) entries.push([key, value]);
    else entries.push([key, isObject(value) && isObject(over) ? merge(value, over) : over]);
  }
  for (const [key, value] of pairsOf(b)) if (objectGet(a, key) === undefined) entries.push([key, value]);
  return objectOf(entries);
}

function pairsOf(object: AnyObject): Iterable<readonly [Value, Value]> {
  if (!isRegoObject(object)) return Object.entries(object);
  const items = object.items();
  // INVARIANT: each key has a value.
  return object.names().map((key, at) => [key, items[at] as Value]);
}

function unionOfAll(_context: BuiltinContext, value: Value): Value {
  const parts = arrayOperand(value, 1).map((item) => (isObject(item) ? item : failElement(1, value, item, "object")));
  return parts.reduce<AnyObject>(merge, {});
}

/** Keys given as an array, a set, or an object whose values do not matter. */
function keysOperand(value: Value): RegoSet {
  if (isSet(value)) return value;
  if (isArray(value)) return new RegoSet(value);
  return isObject(value) ? new RegoSet(objectKeys(value)) : failType(2, value, "object", "set", "array");
}

function remove(_context: BuiltinContext, value: Value, keys: Value): Value {
  const object = objectOperand(value, 1);
  const unwanted = keysOperand(keys);
  return objectOf(objectEntries(object).filter(([key]) => !unwanted.has(key)));
}

function filter(_context: BuiltinContext, value: Value, keys: Value): Value {
  const object = objectOperand(value, 1);
  const wanted = keysOperand(keys);
  if (objectSize(object) >= wanted.size) return objectOf(objectEntries(object).filter(([key]) => wanted.has(key)));
  // The fewer keys are gone through, so that a number is written as it is among these.
  return objectOf(
    wanted.values().flatMap((key): [Value, Value][] => {
      const found = objectGet(object, key);
      return found === undefined ? [] : [[key, found]];
    }),
  );
}

function isSubset(whole: Value, part: Value): boolean {
  if (isObject(whole) && isObject(part)) return isObjectSubset(whole, part);
  if (isSet(whole) && isSet(part)) return isSetSubset(whole, part);
  if (isArray(whole) && isArray(part)) return isRun(whole, part);
  if (isArray(whole) && isSet(part)) return isCovered(whole, part);
  throw new BuiltinFailure("eval_type_error", "both arguments object.subset must be of the same type or array and set");
}

/** Whether every entry of the part is in the whole; objects, sets and arrays in it may themselves be parts. */
function isObjectSubset(whole: AnyObject, part: AnyObject): boolean {
  return objectEntries(part).every(([key, value]) => {
    const other = objectGet(whole, key);
    if (other === undefined) return false;
    if (equal(value, other)) return true;
    if (isObject(other) && isObject(value)) return isObjectSubset(other, value);
    if (isSet(other) && isSet(value)) return isSetSubset(other, value);
    return isArray(other) && isArray(value) && isRun(other, value);
  });
}

function isSetSubset(whole: RegoSet, part: RegoSet): boolean {
  for (const item of part.items()) if (!whole.has(item)) return false;
  return true;
}

/** Whether the part stands in the whole as a run. */
function isRun(whole: readonly Value[], part: readonly Value[]): boolean {
  for (let start = 0; start + part.length <= whole.length; start++) {
    if (part.every((item, offset) => equal(item, whole[start + offset] ?? null))) return true;
  }
  return false;
}

/** Whether the array has every member of the set; an empty set is covered by nothing but a non-empty array. */
function isCovered(whole: readonly Value[], part: RegoSet): boolean {
  let unmatched = part.size;
  for (const item of whole) {
    if (part.has(item)) unmatched--;
    if (unmatched === 0) return true;
  }
  return false;
}

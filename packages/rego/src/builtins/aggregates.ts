import { add, multiply } from "../runtime/arithmetic.ts";
import { add as addFloats, type Float, floatOf, multiply as multiplyFloats, toNumber } from "../runtime/float.ts";
import { elementAt } from "../runtime/lookup.ts";
import { integerOf, type Numeric } from "../runtime/number.ts";
import {
  compare,
  equal,
  isArray,
  isNumber,
  isObject,
  isSet,
  objectGet,
  objectKeys,
  objectSize,
} from "../runtime/order.ts";
import { countRunes } from "../runtime/text.ts";
import type { Value } from "../runtime/value.ts";
import type { BuiltinContext, BuiltinFunction } from "./builtin.ts";
import type { Family } from "./family.ts";
import { failElement, failType } from "./operand.ts";

/** What is said of a collection as a whole, and membership in it. */
export const aggregates: Family = new Map<string, BuiltinFunction>([
  ["count", count],
  ["sum", sum],
  ["product", product],
  ["max", (_context, items: Value) => furthest(items, (order) => order >= 0)],
  ["min", (_context, items: Value) => furthest(items, (order) => order <= 0)],
  ["sort", sort],
  ["all", (_context, items: Value) => elements(items, "array", "set").every((item) => item === true)],
  ["any", (_context, items: Value) => elements(items, "array", "set").includes(true)],
  ["internal.member_2", isMember],
  ["internal.member_3", isMemberAt],
]);

function elements(value: Value, ...expected: readonly string[]): readonly Value[] {
  if (isArray(value)) return value;
  return isSet(value) ? value.values() : failType(1, value, ...expected);
}

function count(_context: BuiltinContext, value: Value): Value {
  if (typeof value === "string") return countRunes(value);
  if (isArray(value)) return value.length;
  if (isSet(value)) return value.size;
  return isObject(value) ? objectSize(value) : failType(1, value, "array", "object", "set", "string");
}

function numbersOf(value: Value): readonly Numeric[] {
  return elements(value, "set", "array").map((item) => (isNumber(item) ? item : failElement(1, value, item, "number")));
}

function sum(_context: BuiltinContext, value: Value): Value {
  const terms = numbersOf(value);
  if (terms.every((term) => integerOf(term) !== undefined)) return terms.reduce(add, 0);
  return toNumber(terms.map(floatOf).reduce((total, term) => addFloats(total, term)));
}

/** OPA starts from a float of 53 bits here, and so every product of fractions is rounded to as many. */
const doubleOne: Float = { negative: false, mantissa: 1n, exponent: 0, precision: 53 };

function product(_context: BuiltinContext, value: Value): Value {
  const factors = numbersOf(value);
  if (factors.every((factor) => integerOf(factor) !== undefined)) return factors.reduce(multiply, 1);
  return toNumber(factors.map(floatOf).reduce((total, factor) => multiplyFloats(total, factor, 53), doubleOne));
}

/** The last of the elements that no other goes past. */
function furthest(value: Value, isPast: (order: number) => boolean): Value | undefined {
  let best: Value | undefined;
  for (const item of elements(value, "set", "array")) {
    if (best === undefined || isPast(compare(item, best))) best = item;
  }
  return best;
}

function sort(_context: BuiltinContext, value: Value): Value {
  return isArray(value) ? value.toSorted(compare) : elements(value, "set", "array");
}

/** `x in xs`; what is no collection has no members. */
function isMember(_context: BuiltinContext, item: Value, collection: Value): Value {
  if (isSet(collection)) return collection.has(item);
  if (isArray(collection)) return collection.some((other) => equal(item, other));
  if (!isObject(collection)) return false;
  return objectKeys(collection).some((key) => {
    const other = objectGet(collection, key);
    return other !== undefined && equal(item, other);
  });
}

/** `k, x in xs`. */
function isMemberAt(_context: BuiltinContext, key: Value, item: Value, collection: Value): Value {
  if (isSet(collection)) return equal(key, item) && collection.has(key);
  const found = isArray(collection)
    ? elementAt(collection, key)
    : isObject(collection)
      ? objectGet(collection, key)
      : undefined;
  return found !== undefined && equal(found, item);
}

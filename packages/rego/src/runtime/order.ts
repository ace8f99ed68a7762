/** Equality, order and hash of all values. Types order as null, boolean, number, string, array, object, set. */
import type { Decimal } from "./decimal.ts";
import { compareNumbers, equalNumbers, type Numeric, partsOf } from "./number.ts";
import type { RegoObject } from "./object.ts";
import type { RegoSet } from "./set.ts";
import { Tagged } from "./tagged.ts";
import { compareStrings } from "./text.ts";
import type { PlainObject, Value } from "./value.ts";

type Composite = Exclude<Value, null | boolean | number | bigint | string>;

function tagOf(value: Composite): "number" | "object" | "set" | undefined {
  return value instanceof Tagged ? value.tag : undefined;
}

/** Whether a value is an array. */
export function isArray(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** Whether a value is a set. */
export function isSet(value: Value): value is RegoSet {
  return typeof value === "object" && value !== null && tagOf(value) === "set";
}

/** Whether a value is an object of either kind. */
export function isObject(value: Value): value is RegoObject | PlainObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const tag = tagOf(value);
  return tag === undefined || tag === "object";
}

/** Whether an object is one of ours, not a caller's. */
export function isRegoObject(value: Value): value is RegoObject {
  return typeof value === "object" && value !== null && tagOf(value) === "object";
}

/** Whether a value is a number of any form. */
export function isNumber(value: Value): value is Numeric {
  return typeof value === "number" || typeof value === "bigint" || isDecimal(value);
}

/** Whether a number is a `Decimal`. */
export function isDecimal(value: Value): value is Decimal {
  return typeof value === "object" && value !== null && tagOf(value) === "number";
}

/** Rego's name of a value's type. */
export type TypeName = "null" | "boolean" | "number" | "string" | "array" | "object" | "set";

const ranks: Readonly<Record<TypeName, number>> = {
  null: 0,
  boolean: 1,
  number: 2,
  string: 3,
  array: 4,
  object: 5,
  set: 6,
};

/** The name of a value's type, as `type_name` and the error messages say it. */
export function typeName(value: Value): TypeName {
  switch (typeof value) {
    case "string":
      return "string";
    case "number":
    case "bigint":
      return "number";
    case "boolean":
      return "boolean";
    default:
      if (value === null) return "null";
      // What is left are composites: the primitives have their own cases above.
      return Array.isArray(value) ? "array" : (tagOf(value as Composite) ?? "object");
  }
}

/** Whether two values are equal. */
export function equal(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || a === null) return isNumber(a) && isDecimal(b) && equalNumbers(a, b);
  if (typeof b !== "object" || b === null) return isNumber(b) && isDecimal(a) && equalNumbers(a, b);
  if (isArray(a)) return isArray(b) && equalArrays(a, b);
  if (isArray(b)) return false;
  if (a instanceof Tagged || b instanceof Tagged) return equalTagged(a, b);
  // INVARIANT: what is no array and none of our classes is a caller's object.
  return equalPlain(a as PlainObject, b as PlainObject);
}

/** Equality where at least one side is of a class of ours. */
function equalTagged(a: Value, b: Value): boolean {
  if (isNumber(a)) return isNumber(b) && equalNumbers(a, b);
  if (isSet(a)) return isSet(b) && equalSets(a, b);
  return isObject(a) && isObject(b) && equalObjects(a, b);
}

/** Differences are looked for before anything is counted: most objects that differ do so early. */
function equalPlain(a: PlainObject, b: PlainObject): boolean {
  let size = 0;
  for (const key in a) {
    if (!Object.hasOwn(a, key)) continue;
    const [own, other] = [a[key] as Value, b[key] as Value];
    if (own !== other && (typeof own === "string" || other === undefined || !equal(own, other))) return false;
    // What is inherited is asked about last: it is rare that anything is equal to it.
    if (!Object.hasOwn(b, key)) return false;
    size += 1;
  }
  return size === Object.keys(b).length;
}

function equalArrays(a: readonly Value[], b: readonly Value[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) {
    if (!equal(at(a, index), at(b, index))) return false;
  }
  return true;
}

function at(array: readonly Value[], index: number): Value {
  // INVARIANT: the index is within the array, and values are never undefined.
  return array[index] as Value;
}

function equalSets(a: RegoSet, b: RegoSet): boolean {
  if (a.size !== b.size) return false;
  for (const item of a.items()) {
    if (!b.has(item)) return false;
  }
  return true;
}

function equalObjects(a: RegoObject | PlainObject, b: RegoObject | PlainObject): boolean {
  if (objectSize(a) !== objectSize(b)) return false;
  if (isRegoObject(a)) {
    for (const key of a.names()) {
      const other = objectGet(b, key);
      // INVARIANT: the key comes from the object itself.
      if (other === undefined || !equal(a.get(key) as Value, other)) return false;
    }
    return true;
  }
  for (const key of Object.keys(a)) {
    const other = objectGet(b, key);
    if (other === undefined || !equal(a[key] as Value, other)) return false;
  }
  return true;
}

/** What an object of either kind has at a key. */
export function objectGet(object: RegoObject | PlainObject, key: Value): Value | undefined {
  if (isRegoObject(object)) return object.get(key);
  return typeof key === "string" && Object.hasOwn(object, key) ? object[key] : undefined;
}

/** How many entries an object of either kind has. */
export function objectSize(object: RegoObject | PlainObject): number {
  return isRegoObject(object) ? object.size : Object.keys(object).length;
}

/** The keys of an object of either kind, in order. */
export function objectKeys(object: RegoObject | PlainObject): readonly Value[] {
  return isRegoObject(object) ? object.keys() : sortStrings(Object.keys(object));
}

/** Up to so many values are put in order by hand: quicker than the sort that is there, and most are in order already. */
const few = 16;

function sortStrings(keys: string[]): string[] {
  return keys.length > few ? keys.sort(compareStrings) : insertionSort(keys, compareStrings);
}

/** A copy of these values in Rego's order. */
export function sorted(values: readonly Value[]): readonly Value[] {
  return values.length > few ? values.toSorted(compare) : insertionSort(values.slice(), compare);
}

function insertionSort<T>(values: T[], order: (a: T, b: T) => number): T[] {
  for (let index = 1; index < values.length; index++) {
    // INVARIANT: the indexes are within the array.
    const value = values[index] as T;
    let at = index;
    for (; at > 0 && order(values[at - 1] as T, value) > 0; at -= 1) values[at] = values[at - 1] as T;
    values[at] = value;
  }
  return values;
}

/** Negative, zero or positive as a is less than, equal to or greater than b. */
export function compare(a: Value, b: Value): number {
  if (typeof a === "string" && typeof b === "string") return compareStrings(a, b);
  if (a === b) return 0;
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b);
  const kind = typeName(a);
  const rank = ranks[kind] - ranks[typeName(b)];
  if (rank !== 0) return rank;
  if (kind === "boolean") return a === false ? -1 : 1;
  if (isArray(a) && isArray(b)) return compareArrays(a, b);
  if (isSet(a) && isSet(b)) return compareArrays(a.values(), b.values());
  if (isObject(a) && isObject(b)) return compareObjects(a, b);
  return 0;
}

function compareArrays(a: readonly Value[], b: readonly Value[]): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const order = compare(at(a, index), at(b, index));
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareObjects(a: RegoObject | PlainObject, b: RegoObject | PlainObject): number {
  const [keysA, keysB] = [objectKeys(a), objectKeys(b)];
  const length = Math.min(keysA.length, keysB.length);
  for (let index = 0; index < length; index++) {
    const [keyA, keyB] = [at(keysA, index), at(keysB, index)];
    // Objects that are compared mostly have the same keys.
    const byKey = keyA === keyB ? 0 : compare(keyA, keyB);
    if (byKey !== 0) return byKey;
    // INVARIANT: both keys come from the objects themselves.
    const [valueA, valueB] = [objectGet(a, keyA) as Value, objectGet(b, keyB) as Value];
    const byValue = valueA === valueB ? 0 : compare(valueA, valueB);
    if (byValue !== 0) return byValue;
  }
  return keysA.length - keysB.length;
}

/** A 32-bit number that equal values share. */
export function hash(value: Value): number {
  switch (typeof value) {
    case "string":
      return hashString(value);
    case "number":
      return hashNumber(value);
    case "bigint":
      return hashNumber(value);
    case "boolean":
      return value ? 0x2f0b4c47 : 0x6a1e93d5;
    default:
      if (value === null) return 0x11d3ac09;
      if (isDecimal(value)) return hashNumber(value);
      if (isArray(value)) return hashArray(value);
      if (isSet(value)) return value.hash();
      if (isRegoObject(value)) return value.hash();
      return isObject(value) ? hashPlain(value) : 0;
  }
}

/** Stirs a hash, so that sums of them do not cancel out. */
export function stir(bits: number): number {
  let mixed = Math.imul(bits ^ (bits >>> 16), 0x45d9f3b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x119de1f3);
  return mixed ^ (mixed >>> 16);
}

/** The hash that an entry adds to its object's. */
export function hashEntry(key: Value, value: Value): number {
  return stir(Math.imul(hash(key), 31) ^ hash(value));
}

/** Where hashes start: another number in every process, so that nobody can choose values that share one. */
const seed = Math.floor(Math.random() * 0x7fffffff);

function hashString(text: string): number {
  let bits = seed ^ text.length;
  for (let index = 0; index < text.length; index++) {
    bits = Math.imul(bits ^ text.charCodeAt(index), 0x01000193);
    bits ^= bits >>> 15;
  }
  return bits | 0;
}

function hashNumber(number: Numeric): number {
  if (typeof number === "number" && Number.isSafeInteger(number))
    return stir(stir(number ^ seed) + Math.floor(number / 4294967296));
  const { coefficient, exponent } = partsOf(number);
  if (exponent >= 0 && exponent < 16) {
    const integer = coefficient * 10n ** BigInt(exponent);
    if (Number.isSafeInteger(Number(integer))) return hashNumber(Number(integer));
  }
  return hashString(`${coefficient}e${exponent}`);
}

function hashArray(items: readonly Value[]): number {
  let bits = 0x5bd1e995 ^ items.length;
  for (const item of items) bits = stir(Math.imul(bits, 31) + hash(item));
  return bits;
}

function hashPlain(object: PlainObject): number {
  let bits = 0;
  for (const key of Object.keys(object)) bits = (bits + hashEntry(key, object[key] as Value)) | 0;
  return bits;
}

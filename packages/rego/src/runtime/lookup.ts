import { machineInteger } from "./number.ts";
import { isArray, isNumber, isObject, isSet, objectGet } from "./order.ts";
import type { Value } from "./value.ts";

/** What a value has at a key: an array at an index, an object at a key, a set at a member. */
export function lookup(value: Value, key: Value): Value | undefined {
  if (isArray(value)) return elementAt(value, key);
  if (isSet(value)) return value.get(key);
  return isObject(value) ? objectGet(value, key) : undefined;
}

/** The element of an array at an index that is any value: `1.0` finds what `1` does, but `1e0` nothing. */
export function elementAt(array: readonly Value[], index: Value): Value | undefined {
  if (typeof index === "number") return Number.isInteger(index) && index >= 0 ? array[index] : undefined;
  const integer = isNumber(index) ? machineInteger(index) : undefined;
  return integer === undefined || integer < 0n ? undefined : array[Number(integer)];
}

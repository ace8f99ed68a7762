/** What templates compute with: the values that Go has of decoded JSON, and those that template functions make. */
import { numberText } from "../../runtime/number.ts";
import type { Value } from "../../runtime/value.ts";
import { encodeUtf8 } from "../../runtime/text.ts";
import { isArray, isNumber, isObject, objectGet } from "../../runtime/order.ts";
import { objectKeys, objectSize } from "../../runtime/order.ts";

/** A value by itself. */
export type Concrete =
  | { readonly kind: "bool"; readonly value: boolean }
  /** A byte of a string is a uint8. */
  | { readonly kind: "int" | "uint8"; readonly value: bigint }
  | { readonly kind: "float64"; readonly value: number }
  | { readonly kind: "complex128"; readonly real: number; readonly imaginary: number }
  /** Numbers of JSON are texts to Go, `json.Number`. */
  | { readonly kind: "string" | "json.Number"; readonly value: string }
  | List
  | { readonly kind: "map"; readonly value: Value & object };

/** A part of an array. What is past its end, up to its capacity, can be sliced back into it. */
export interface List {
  readonly kind: "list";
  readonly backing: readonly Value[];
  readonly offset: number;
  readonly length: number;
  readonly capacity: number;
}

/** What an expression gives. */
export type GoValue =
  | Concrete
  /** Nothing at all: a missing key, or nil. */
  | { readonly kind: "invalid" }
  /** What stands in a map or list: Go knows it as an `interface {}` until it is looked into. */
  | { readonly kind: "boxed"; readonly content: Concrete | undefined };

/** No value. */
export const invalidValue: GoValue = { kind: "invalid" };

/** Nil as an item of a map or list. */
export const nilItem: GoValue = { kind: "boxed", content: undefined };

/** A whole array; Go doubles the room of one while it reads it. */
function listOf(items: readonly Value[]): List {
  const { length } = items;
  let capacity = length === 0 ? 0 : 1;
  while (capacity < length) capacity *= 2;
  return { kind: "list", backing: items, offset: 0, length, capacity: length > 512 ? length : capacity };
}

/** A value of JSON by itself; nothing for null. */
export function concreteOf(value: Value): Concrete | undefined {
  if (value === null) return undefined;
  if (typeof value === "boolean") return { kind: "bool", value };
  if (typeof value === "string") return { kind: "string", value };
  if (isNumber(value)) return { kind: "json.Number", value: numberText(value) };
  if (isArray(value)) return listOf(value);
  return isObject(value) ? { kind: "map", value } : undefined;
}

/** A value as an item of a map or list. */
export function boxed(value: Value): GoValue {
  return { kind: "boxed", content: concreteOf(value) };
}

/** What an interface holds; other values as they are. */
export function unboxed(value: GoValue): Concrete | { readonly kind: "invalid" } {
  return value.kind === "boxed" ? (value.content ?? { kind: "invalid" }) : value;
}

export function stringValue(value: string): GoValue {
  return { kind: "string", value };
}

export function booleanValue(value: boolean): GoValue {
  return { kind: "bool", value };
}

export function integerValue(value: number): GoValue {
  return { kind: "int", value: BigInt(value) };
}

/** An item of a list. */
export function itemOf({ backing, offset }: List, index: number): GoValue {
  return boxed(backing[offset + index] ?? null);
}

/** The items of a list. */
export function itemsOf(list: List): readonly GoValue[] {
  return Array.from({ length: list.length }, (_, index) => itemOf(list, index));
}

/** An entry of a map; undefined where there is none. */
export function entryOf(map: Value & object, key: string): GoValue | undefined {
  const value = isObject(map) ? objectGet(map, key) : undefined;
  return value === undefined ? undefined : boxed(value);
}

/** The keys of a map in order. */
export function keysOf(map: Value & object): readonly string[] {
  return isObject(map) ? objectKeys(map).filter((key) => typeof key === "string") : [];
}

/** How long a value is to Go; undefined where it has no length. */
export function lengthOf(value: Concrete): number | undefined {
  switch (value.kind) {
    case "string":
    case "json.Number":
      return encodeUtf8(value.value).length;
    case "list":
      return value.length;
    case "map":
      return isObject(value.value) ? objectSize(value.value) : 0;
    default:
      return undefined;
  }
}

/** Whether a value counts as true: what is not zero or empty. */
export function isTrue(value: GoValue): boolean {
  const concrete = unboxed(value);
  switch (concrete.kind) {
    case "invalid":
      return false;
    case "bool":
      return concrete.value;
    case "int":
    case "uint8":
      return concrete.value !== 0n;
    case "float64":
      return concrete.value !== 0;
    case "complex128":
      return concrete.real !== 0 || concrete.imaginary !== 0;
    default:
      return lengthOf(concrete) !== 0;
  }
}

const types = { list: "[]interface {}", map: "map[string]interface {}", boxed: "interface {}" } as const;

/** Go's name of a value's type. */
export function typeName(value: Exclude<GoValue, { readonly kind: "invalid" }>): string {
  const { kind } = value;
  return kind === "list" || kind === "map" || kind === "boxed" ? types[kind] : kind;
}

/** Unions, members and comparison of types, as OPA's type checker has them. `undefined` is a type not known. */
import type { Property, Type } from "./type.ts";

/** A type that may not be known. */
export type Known = Type | undefined;

export const anyType: Type = { kind: "any", of: [] };
export const nullType: Type = { kind: "null" };
export const booleanType: Type = { kind: "boolean" };
export const numberType: Type = { kind: "number" };
export const stringType: Type = { kind: "string" };

type FunctionType = Type & { readonly kind: "function" };
type AnyType = Type & { readonly kind: "any" };

const order: Readonly<Record<Type["kind"], number>> = {
  null: 0,
  boolean: 1,
  number: 2,
  string: 3,
  array: 4,
  object: 5,
  set: 6,
  any: 7,
  function: 8,
};

function keyOrder(key: unknown): number {
  if (key === null) return 0;
  if (typeof key === "boolean") return 1;
  if (typeof key === "number") return 2;
  if (typeof key === "string") return 3;
  return Array.isArray(key) ? 4 : 5;
}

/** Compares two constants that are keys. */
export function compareKeys(a: unknown, b: unknown): number {
  const difference = keyOrder(a) - keyOrder(b);
  if (difference !== 0) return difference;
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  const left = keyText(a);
  const right = keyText(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A key as text. */
export function keyText(key: unknown): string {
  if (typeof key === "string") return key;
  if (Array.isArray(key)) return `[${key.map(keyText).join(" ")}]`;
  if (key instanceof Map)
    return `map[${[...key].map(([name, value]) => `${keyText(name)}:${keyText(value)}`).join(" ")}]`;
  return key === null ? "<nil>" : String(key);
}

function compareLists(a: readonly Known[], b: readonly Known[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const result = compareTypes(a[index], b[index]);
    if (result !== 0) return result;
  }
  return a.length - b.length;
}

function compareProperties(a: readonly Property[], b: readonly Property[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const left = a[index]!;
    const right = b[index]!;
    const result = compareKeys(left.key, right.key) || compareTypes(left.value, right.value);
    if (result !== 0) return result;
  }
  return a.length - b.length;
}

/** Compares two types by an order of no meaning; 0 where they are the same. */
export function compareTypes(a: Known, b: Known): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
  if (a.kind === "array" && b.kind === "array") {
    return compareTypes(a.rest, b.rest) || compareLists(a.items, b.items);
  }
  if (a.kind === "object" && b.kind === "object") {
    if ((a.rest === undefined) !== (b.rest === undefined)) return a.rest === undefined ? -1 : 1;
    return (
      compareTypes(a.rest?.key, b.rest?.key) ||
      compareTypes(a.rest?.value, b.rest?.value) ||
      compareProperties(a.properties, b.properties)
    );
  }
  if (a.kind === "set" && b.kind === "set") return compareTypes(a.of, b.of);
  if (a.kind === "any" && b.kind === "any") return compareLists(a.of, b.of);
  if (a.kind === "function" && b.kind === "function") {
    return (
      a.args.length - b.args.length ||
      compareLists(a.args, b.args) ||
      compareTypes(a.result, b.result) ||
      compareTypes(a.variadic, b.variadic)
    );
  }
  return order[a.kind] - order[b.kind];
}

/** Whether a type is that of every value. */
export function isAnything(type: Known): boolean {
  return type?.kind === "any" && type.of.length === 0;
}

/** An object's type; its properties are sorted here. */
export function objectType(
  properties: readonly Property[],
  rest?: { readonly key: Known; readonly value: Known },
): Type & { readonly kind: "object" } {
  return {
    kind: "object",
    properties: properties.toSorted((a, b) => compareKeys(a.key, b.key)),
    ...(rest === undefined ? {} : { rest }),
  };
}

function containsAny(type: AnyType, other: Type): boolean {
  if (other.kind === "function") return false;
  return type.of.length === 0 || type.of.some((member) => compareTypes(member, other) === 0);
}

/** Whether the second type's values are all of the first, as far as OPA looks. */
export function containsType(type: Known, other: Type): boolean {
  return type?.kind === "any" ? containsAny(type, other) : compareTypes(type, other) === 0;
}

function unionOfFunctions(a: FunctionType, b: FunctionType): Known {
  if (a.args.length !== b.args.length || (a.variadic === undefined) !== (b.variadic === undefined)) return undefined;
  return {
    kind: "function",
    args: a.args.map((argument, index) => union(argument, b.args[index])),
    variadic: union(a.variadic, b.variadic),
    result: union(a.result, b.result),
  };
}

function merge(any: AnyType, other: Type): Type {
  if (other.kind !== "any") {
    if (containsAny(any, other)) return any;
    return { kind: "any", of: [...any.of, other].toSorted(compareTypes) };
  }
  if (any.of.length === 0 || other.of.length === 0) return anyType;
  const more = other.of.filter((member) => !containsAny(any, member));
  return more.length === 0 ? any : { kind: "any", of: [...any.of, ...more].toSorted(compareTypes) };
}

/** The type of what is of one type or the other. */
export function union(a: Known, b: Known): Known {
  if (a === undefined) return b;
  if (b === undefined) return a;
  if (a.kind === "function" && b.kind === "function") return unionOfFunctions(a, b);
  if (a.kind === "function" || b.kind === "function") return undefined;
  if (a.kind === "any") return merge(a, b);
  if (b.kind === "any") return merge(b, a);
  if (compareTypes(a, b) === 0) return a;
  return { kind: "any", of: [a, b].toSorted(compareTypes) };
}

/** The type of a constant key. */
export function typeOfKey(key: unknown): Type {
  if (key === null) return nullType;
  if (typeof key === "boolean") return booleanType;
  if (typeof key === "number") return numberType;
  if (typeof key === "string") return stringType;
  if (Array.isArray(key)) return { kind: "array", items: key.map(typeOfKey) };
  const entries: readonly (readonly [unknown, unknown])[] = key instanceof Map ? [...key] : [];
  return objectType(entries.map(([name, value]) => ({ key: name, value: typeOfKey(value) })));
}

/** What is known of one member. `isIndex`: whether a number is written as an array's index is, without point or exponent. */
export function selectType(type: Known, key: unknown, isIndex = true): Known {
  switch (type?.kind) {
    case "array": {
      if (!isIndex || typeof key !== "number" || !Number.isSafeInteger(key) || key < 0) return undefined;
      return key < type.items.length ? type.items[key] : type.rest;
    }
    case "object": {
      const property = type.properties.find((each) => compareKeys(each.key, key) === 0);
      if (property !== undefined) return property.value;
      return type.rest !== undefined && containsType(type.rest.key, typeOfKey(key)) ? type.rest.value : undefined;
    }
    case "set": {
      const wanted = typeOfKey(key);
      if (compareTypes(type.of, wanted) === 0) return type.of;
      return type.of?.kind === "any" && containsAny(type.of, wanted) ? wanted : undefined;
    }
    case "any":
      if (type.of.length === 0) return anyType;
      return type.of.reduce<Known>((found, member) => union(selectType(member, key, isIndex), found), undefined);
    case "null":
    case "boolean":
    case "number":
    case "string":
    case "function":
    case undefined:
      return undefined;
  }
}

/** The type of the keys that a value can be gone through by. */
export function keysOf(type: Known): Known {
  switch (type?.kind) {
    case "array":
      return numberType;
    case "object": {
      const keys = type.properties.reduce<Known>((found, { key }) => union(found, typeOfKey(key)), undefined);
      return type.rest === undefined ? keys : union(keys, type.rest.key);
    }
    case "set":
      return type.of;
    case "any":
      if (type.of.length === 0) return anyType;
      return type.of.reduce<Known>((found, member) => union(keysOf(member), found), undefined);
    case "null":
    case "boolean":
    case "number":
    case "string":
    case "function":
    case undefined:
      return undefined;
  }
}

/** The type of the members of a value. */
export function valuesOf(type: Known): Known {
  switch (type?.kind) {
    case "array":
      return union(
        type.items.reduce<Known>((found, item) => union(found, item), undefined),
        type.rest,
      );
    case "object": {
      const values = type.properties.reduce<Known>((found, { value }) => union(found, value), undefined);
      return type.rest === undefined ? values : union(values, type.rest.value);
    }
    case "set":
      return type.of;
    case "any":
      if (type.of.length === 0) return anyType;
      return type.of.reduce<Known>((found, member) => union(valuesOf(member), found), undefined);
    case "null":
    case "boolean":
    case "number":
    case "string":
    case "function":
    case undefined:
      return undefined;
  }
}

/** Whether something in a type is not known. */
export function isUnknown(type: Known): boolean {
  switch (type?.kind) {
    case undefined:
      return true;
    case "function":
      return type.args.some(isUnknown) || isUnknown(type.result);
    case "array":
      return type.items.some(isUnknown) || (type.rest !== undefined && isUnknown(type.rest));
    case "object":
      return (
        type.properties.some(({ value }) => isUnknown(value)) ||
        (type.rest !== undefined && (isUnknown(type.rest.key) || isUnknown(type.rest.value)))
      );
    case "set":
      return isUnknown(type.of);
    case "any":
    case "null":
    case "boolean":
    case "number":
    case "string":
      return false;
  }
}

/** Whether a type is that of a collection that can have no members. */
export function isEmptyCollection(type: Known): boolean {
  switch (type?.kind) {
    case "object":
      return type.properties.length === 0 && type.rest === undefined;
    case "array":
      return type.items.length === 0 && type.rest === undefined;
    case "set":
      return type.of === undefined;
    case "any":
    case "null":
    case "boolean":
    case "number":
    case "string":
    case "function":
    case undefined:
      return false;
  }
}

/** A JSON value as this project holds it: integers past 2^53 are bigints, every other number is a double. */
export type JsonValue = null | boolean | number | bigint | string | JsonArray | JsonObject;

export type JsonArray = readonly JsonValue[];

export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** The same, while it is being made or changed. */
export type MutableJson = null | boolean | number | bigint | string | MutableJson[] | MutableJsonObject;

export interface MutableJsonObject {
  [key: string]: MutableJson;
}

/** Whether a value is an object (and neither an array nor null). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is an array. */
export function isJsonArray(value: unknown): value is JsonArray {
  return Array.isArray(value);
}

/** An own property, or undefined. `__proto__` and `constructor` are keys like any other. */
export function own(value: unknown, key: string): JsonValue | undefined {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  // A value of ours holds JSON only; arrays have no string keys that anybody asks for.
  return (value as JsonObject)[key];
}

/** The value at a path of own properties, or undefined. */
export function ownPath(value: unknown, ...keys: readonly string[]): JsonValue | undefined {
  let at: unknown = value;
  for (const key of keys) {
    at = own(at, key);
    if (at === undefined) return undefined;
  }
  // Reached by own() alone, so it is JSON; without keys the caller gets back what it gave.
  return at as JsonValue | undefined;
}

/** Sets a property even where plain assignment would not (`__proto__`). */
export function setOwn<T>(target: { [key: string]: T }, key: string, value: T): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
    return;
  }
  target[key] = value;
}

/** A string property, or undefined where it is absent or of another type. */
export function ownString(value: unknown, key: string): string | undefined {
  const found = own(value, key);
  return typeof found === "string" ? found : undefined;
}

/** The kind of a value in JSON's words, an integer being told from other numbers as Kubernetes' validation does. */
export function jsonTypeOf(
  value: JsonValue,
): "null" | "boolean" | "integer" | "number" | "string" | "array" | "object" {
  if (value === null) return "null";
  switch (typeof value) {
    case "boolean":
      return "boolean";
    case "string":
      return "string";
    case "bigint":
      return "integer";
    case "number":
      return Number.isInteger(value) ? "integer" : "number";
    default:
      return Array.isArray(value) ? "array" : "object";
  }
}

/** Documents below `data`: base data and what rules make, as one. */
import { keysOf } from "./collection.ts";
import { objectEntries, RegoObject } from "./object.ts";
import { isArray, isObject, objectGet, compare } from "./order.ts";
import { plainObject } from "./to-document.ts";
import type { PlainObject, Value } from "./value.ts";

/** Puts a document under its key, where it is defined. */
export function putDefined(object: RegoObject, key: Value, value: Value | undefined): void {
  if (value !== undefined) object.set(key, value);
}

/** Base data with rules' documents merged in. Only objects merge; else base data counts. */
export function mergeDocuments(base: Value | undefined, virtual: Value): Value {
  if (base === undefined) return virtual;
  if (!isObject(base) || !isObject(virtual)) return base;
  const merged = new RegoObject(objectEntries(base));
  for (const [key, value] of objectEntries(virtual)) merged.set(key, mergeDocuments(objectGet(base, key), value));
  return merged;
}

/** The names below a path: base data's, and those of rules that base data does not have. */
export function namesBelow(base: Value | undefined, names: readonly Value[]): readonly Value[] {
  if (base === undefined) return names;
  const own: readonly Value[] = isArray(base) ? base.map((_, at) => at) : (keysOf(base) ?? []);
  if (own.length === 0) return names;
  const more = names.filter((name) => !own.some((key) => compare(key, name) === 0));
  return more.length === 0 ? own : [...own, ...more];
}

/** `data` as a whole does not show what is kept under `system`. */
export function withoutSystem(base: Value): Value {
  if (!isObject(base) || objectGet(base, "system") === undefined) return base;
  if (base instanceof RegoObject) {
    return new RegoObject(objectEntries(base).filter(([key]) => key !== "system"));
  }
  const plain: PlainObject = base;
  return plainObject(
    Object.keys(plain)
      .filter((key) => key !== "system")
      .map((key) => [key, plain[key] ?? null]),
  );
}

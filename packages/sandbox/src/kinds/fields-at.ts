import type { JsonValue } from "@portcullis/objects";
import { getOwn, isFields } from "../storage/api-object.ts";
import type { Fields } from "../storage/api-object.ts";

/** What stands at a path of own properties, or undefined. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value;
  for (const name of path) here = getOwn(here, name);
  return here;
}

/** The text at a path; empty where there is none. */
export function textAt(value: unknown, ...path: readonly string[]): string {
  const found = at(value, ...path);
  return typeof found === "string" ? found : "";
}

/** The number at a path, if there is one. */
export function numberAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === "number" ? found : undefined;
}

/** The object at a path; an empty one where there is none. */
export function fieldsAt(value: unknown, ...path: readonly string[]): Fields {
  const found = at(value, ...path);
  return isFields(found) ? found : {};
}

/** The objects in the list at a path; empty where there is no list. */
export function listAt(value: unknown, ...path: readonly string[]): readonly Fields[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isFields) : [];
}

/** The texts in the list at a path. */
export function textsAt(value: unknown, ...path: readonly string[]): readonly string[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter((item) => typeof item === "string") : [];
}

/** The texts of the map at a path (labels, selectors). */
export function mapAt(value: unknown, ...path: readonly string[]): Readonly<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const [key, item] of Object.entries(fieldsAt(value, ...path))) {
    if (typeof item === "string") result[key] = item;
  }
  return result;
}

/** Puts a value where the object has none, or an empty text, as Go's defaulting sees "not set". */
export function setDefault(target: Fields, name: string, value: unknown): void {
  const found = getOwn(target, name);
  if (found === undefined || found === null || found === "") target[name] = value;
}

/** The object of that name in `target`, made if it is not there. */
export function ownFields(target: Fields, name: string): Fields {
  const found = getOwn(target, name);
  if (isFields(found)) return found;
  const made: Fields = {};
  target[name] = made;
  return made;
}

/** Plain JSON, as what is stored always is. */
export function json(value: unknown): JsonValue {
  // Objects come from JSON bodies and from hooks that put only JSON into them; nothing else reaches the store.
  return (value ?? null) as JsonValue;
}

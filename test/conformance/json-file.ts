import { readFileSync } from "node:fs";
import { readJSON } from "@portcullis/rego/testing";
import type { PlainObject, Value } from "@portcullis/rego";

/** A JSON file with its numbers as they stand: read exactly, not through doubles. */
export function readJSONFile(path: string): Value {
  return readJSON(readFileSync(path, "utf8"));
}

/** The own property of an object that JSON gave, or undefined. */
export function field(value: Value | undefined, name: string): Value | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  // as: JSON gives plain objects, and the lines above have ruled out the rest
  const object = value as PlainObject;
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

export function stringField(value: Value, name: string): string | undefined {
  const found = field(value, name);
  return typeof found === "string" ? found : undefined;
}

export function listField(value: Value, name: string): readonly Value[] | undefined {
  const found = field(value, name);
  return Array.isArray(found) ? found : undefined;
}

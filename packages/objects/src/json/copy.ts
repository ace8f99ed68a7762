import { setOwn, type JsonValue, type MutableJson, type MutableJsonObject } from "./value.ts";

/** A copy that shares nothing with the original. */
export function copyJson(value: JsonValue): MutableJson {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copyJson);
  const copy: MutableJsonObject = {};
  for (const [key, item] of Object.entries(value)) setOwn(copy, key, copyJson(item));
  return copy;
}

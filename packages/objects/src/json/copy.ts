import {
  isJsonArray,
  setOwn,
  type JsonArray,
  type JsonObject,
  type JsonValue,
  type MutableJson,
  type MutableJsonObject,
} from "./value.ts";

type Unfilled = (readonly [from: JsonArray | JsonObject, to: MutableJson[] | MutableJsonObject])[];

/** A copy that shares nothing with the original, however deep it is nested. */
export function copyJson(value: JsonValue): MutableJson {
  const left: Unfilled = [];
  const copy = begun(value, left);
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const [from, to] = next;
    if (Array.isArray(to)) for (const item of Object.values<JsonValue>(from)) to.push(begun(item, left));
    else for (const [key, item] of Object.entries<JsonValue>(from)) setOwn(to, key, begun(item, left));
  }
  return copy;
}

/** A scalar, or an empty list or object that is to be filled. */
function begun(value: JsonValue, left: Unfilled): MutableJson {
  if (typeof value !== "object" || value === null) return value;
  const made: MutableJson[] | MutableJsonObject = isJsonArray(value) ? [] : {};
  left.push([value, made]);
  return made;
}

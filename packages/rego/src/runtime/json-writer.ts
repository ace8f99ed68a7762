/** Values to JSON. Sets become arrays in order, keys that are no strings become their JSON text. */
import { numberText } from "./number.ts";
import { objectEntries } from "./object.ts";
import { isArray, isNumber, isObject, isRegoObject, isSet } from "./order.ts";
import { compareStrings } from "./text.ts";
import type { Value } from "./value.ts";

/** The key under which JSON shows an entry. */
export function keyText(key: Value): string {
  return typeof key === "string" ? key : writeJSON(key);
}

/** A value's JSON as Go's `json.Marshal` writes it: keys sorted, no spaces, `<`, `>` and `&` escaped. */
export function writeJSON(value: Value): string {
  if (typeof value === "string") return quoteJSON(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (isNumber(value)) return numberText(value);
  if (isArray(value)) return `[${value.map(writeJSON).join(",")}]`;
  if (isSet(value)) return `[${value.values().map(writeJSON).join(",")}]`;
  if (!isObject(value)) return "null";
  return `{${stringEntries(value)
    .map(([key, item]) => `${quoteJSON(key)}:${writeJSON(item)}`)
    .join(",")}}`;
}

/** The entries by the keys that JSON shows, in their order. */
export function stringEntries(object: Value & object): readonly (readonly [string, Value])[] {
  if (!isObject(object)) return [];
  const entries = objectEntries(object).map(([key, item]): [string, Value] => [keyText(key), item]);
  return isRegoObject(object) ? entries.sort(([a], [b]) => compareStrings(a, b)) : entries;
}

/** JSON over several lines as Go's `json.MarshalIndent` writes it. */
export function writeIndentedJSON(value: Value, prefix: string, indent: string): string {
  const write = (item: Value, depth: number): string => {
    const inner = `\n${prefix}${indent.repeat(depth + 1)}`;
    const outer = `\n${prefix}${indent.repeat(depth)}`;
    if (isArray(item) || isSet(item)) {
      const items = isArray(item) ? item : item.values();
      if (items.length === 0) return "[]";
      return `[${items.map((each) => inner + write(each, depth + 1)).join(",")}${outer}]`;
    }
    if (!isObject(item)) return writeJSON(item);
    const entries = stringEntries(item);
    if (entries.length === 0) return "{}";
    return `{${entries.map(([key, each]) => `${inner}${quoteJSON(key)}: ${write(each, depth + 1)}`).join(",")}${outer}}`;
  };
  return write(value, 0);
}

const escapedSigns = /["\\<>&\u0000-\u001f\u2028\u2029\ud800-\udfff]/;
const everyEscaped = /["\\<>&\u0000-\u001f\u2028\u2029]|[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g;

const byName: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/** A string as Go's encoding/json quotes it. */
export function quoteJSON(text: string): string {
  if (!escapedSigns.test(text)) return `"${text}"`;
  const escaped = text.replaceAll(everyEscaped, (found) => {
    if (found.length === 2) return found;
    if (found >= "\ud800" && found <= "\udfff") return "\\ufffd";
    return byName.get(found) ?? `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return `"${escaped}"`;
}

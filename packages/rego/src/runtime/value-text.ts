import { objectEntries } from "./object.ts";
import { isArray, isNumber, isObject, isSet } from "./order.ts";
import { numberText } from "./number.ts";
import { quote } from "./text.ts";
import type { Value } from "./value.ts";

/** A value as Rego text, the way OPA prints it: strings quoted with Go's escapes, objects and sets in order. */
export function valueToText(value: Value): string {
  if (typeof value === "string") return quote(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (isNumber(value)) return numberText(value);
  if (isArray(value)) return `[${value.map(valueToText).join(", ")}]`;
  if (isSet(value)) return value.size === 0 ? "set()" : `{${value.values().map(valueToText).join(", ")}}`;
  if (!isObject(value)) return "";
  return `{${objectEntries(value)
    .map(([key, item]) => `${valueToText(key)}: ${valueToText(item)}`)
    .join(", ")}}`;
}

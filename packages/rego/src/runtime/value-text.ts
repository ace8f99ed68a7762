import { isNumber, isObject, isRegoObject, isSet, objectKeys } from "./order.ts";
import { numberText } from "./number.ts";
import { quote } from "./text.ts";
import type { Value } from "./value.ts";

/** A value as Rego text, the way OPA prints it: strings quoted with Go's escapes, objects and sets in order. */
export function valueToText(value: Value): string {
  if (typeof value === "string") return quote(value);
  if (typeof value !== "object") return isNumber(value) ? numberText(value) : String(value);
  if (value === null) return "null";
  if (Array.isArray(value)) return `[${listText(value)}]`;
  return otherText(value);
}

function otherText(value: Value): string {
  if (isSet(value)) return value.size === 0 ? "set()" : `{${listText(value.values())}}`;
  if (isNumber(value)) return numberText(value);
  if (!isObject(value)) return "";
  let text = "{";
  for (const key of objectKeys(value)) {
    if (text !== "{") text += ", ";
    // INVARIANT: the keys come from the object itself, and those of a plain object are strings.
    const item = (isRegoObject(value) ? value.get(key) : value[key as string]) as Value;
    text += `${valueToText(key)}: ${valueToText(item)}`;
  }
  return `${text}}`;
}

function listText(values: readonly Value[]): string {
  let text = "";
  for (let at = 0; at < values.length; at += 1) {
    // INVARIANT: the index is within the array.
    const item = valueToText(values[at] as Value);
    text = at === 0 ? item : `${text}, ${item}`;
  }
  return text;
}

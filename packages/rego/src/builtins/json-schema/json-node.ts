import { numberText } from "../../runtime/number.ts";
import type { Numeric } from "../../runtime/number.ts";
import { stringEntries, quoteJSON } from "../../runtime/json-writer.ts";
import { isArray, isNumber, isObject, isSet } from "../../runtime/order.ts";
import { compareStrings } from "../../runtime/text.ts";
import type { Value } from "../../runtime/value.ts";
import type { BuiltinContext } from "../builtin.ts";
import { fail } from "../failure.ts";

/** JSON as schemas and documents are read: numbers as they are written, the keys of objects in order. */
export type JsonNode = null | boolean | string | Numeric | readonly JsonNode[] | JsonObject;

/** An object of JSON. */
export type JsonObject = ReadonlyMap<string, JsonNode>;

/** A value as JSON: sets are arrays, keys that are no strings their JSON text. */
export function nodeOf(context: BuiltinContext, value: Value): JsonNode {
  if (value === null || typeof value === "boolean" || typeof value === "string" || isNumber(value)) return value;
  const items = isArray(value) ? value : isSet(value) ? value.values() : undefined;
  if (items !== undefined) {
    context.charge(items.length);
    return items.map((item) => nodeOf(context, item));
  }
  if (!isObject(value)) return null;
  const entries = [...stringEntries(value)].sort(([a], [b]) => compareStrings(a, b));
  context.charge(entries.length);
  return new Map(entries.map(([key, item]) => [key, nodeOf(context, item)]));
}

/** Whether this is an object. */
export function isJsonObject(node: JsonNode | undefined): node is JsonObject {
  return node instanceof Map;
}

/** Whether this is an array. */
export function isJsonArray(node: JsonNode | undefined): node is readonly JsonNode[] {
  return Array.isArray(node);
}

/** Whether this is a number. */
export function isJsonNumber(node: JsonNode | undefined): node is Numeric {
  return node !== undefined && !(node instanceof Map) && isNumber(node as Value);
}

/**
 * The text by which values are compared: Go's JSON after a way through doubles, so that 1.0 is 1 and digits past a
 * double's count for nothing.
 */
export function canonicalText(node: JsonNode): string {
  if (node === null || typeof node === "boolean") return String(node);
  if (typeof node === "string") return quoteJSON(node);
  if (isJsonNumber(node)) return doubleText(node);
  if (isJsonArray(node)) return `[${node.map(canonicalText).join(",")}]`;
  return `{${Array.from(node, ([key, item]) => `${quoteJSON(key)}:${canonicalText(item)}`).join(",")}}`;
}

function doubleText(number: Numeric): string {
  const text = numberText(number);
  const double = Number(text);
  if (!Number.isFinite(double)) fail(`json: cannot unmarshal number ${text} into Go value of type float64`);
  return Object.is(double, -0) ? "-0" : String(double);
}

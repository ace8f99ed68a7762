/** Values as templates see them: Go's, after a trip through JSON. */
import { numberText } from "../../runtime/number.ts";
import { isArray, isNumber, isObject, isSet } from "../../runtime/order.ts";
import { stringEntries } from "../../runtime/json-writer.ts";
import type { Value } from "../../runtime/value.ts";
import { formatFloat } from "../format-float.ts";

/** A value; undefined is what is not there. */
export type Datum = undefined | null | boolean | string | Composite;

type Composite =
  | { readonly kind: "int"; readonly value: bigint }
  | { readonly kind: "float"; readonly value: number }
  /** A number of the caller's: a string to Go, with a name of its own. */
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly Datum[] }
  | { readonly kind: "map"; readonly entries: ReadonlyMap<string, Datum> };

/** An integer of Go's. */
export function int(value: number | bigint): Datum {
  return { kind: "int", value: BigInt(value) };
}

/** A Rego value. */
export function datumOf(value: Value): Datum {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (isNumber(value)) return { kind: "number", text: numberText(value) };
  if (isArray(value)) return { kind: "list", items: value.map(datumOf) };
  if (isSet(value)) return { kind: "list", items: value.values().map(datumOf) };
  const entries = isObject(value) ? stringEntries(value) : [];
  return { kind: "map", entries: new Map(entries.map(([key, item]) => [key, datumOf(item)])) };
}

/** Whether `if` takes a value for true: what is not zero, empty or absent. */
export function isTrue(datum: Datum): boolean {
  if (datum === undefined || datum === null) return false;
  if (typeof datum === "boolean") return datum;
  if (typeof datum === "string") return datum !== "";
  switch (datum.kind) {
    case "int":
      return datum.value !== 0n;
    case "float":
      return datum.value !== 0;
    case "number":
      return datum.text !== "";
    case "list":
      return datum.items.length > 0;
    case "map":
      return datum.entries.size > 0;
  }
}

/** A value as Go prints it with %v. */
export function textOf(datum: Datum): string {
  if (datum === undefined) return "<no value>";
  if (datum === null) return "<nil>";
  if (typeof datum !== "object") return String(datum);
  switch (datum.kind) {
    case "int":
      return datum.value.toString();
    case "float":
      return formatFloat(datum.value, "g", -1);
    case "number":
      return datum.text;
    case "list":
      return `[${datum.items.map(textOf).join(" ")}]`;
    case "map":
      return `map[${[...datum.entries].map(([key, item]) => `${key}:${textOf(item)}`).join(" ")}]`;
  }
}

/** Go's name of a value's type. */
export function typeOf(datum: Datum): string {
  if (datum === undefined || datum === null) return "<nil>";
  if (typeof datum === "boolean") return "bool";
  if (typeof datum === "string") return "string";
  switch (datum.kind) {
    case "int":
      return "int";
    case "float":
      return "float64";
    case "number":
      return "json.Number";
    case "list":
      return "[]interface {}";
    case "map":
      return "map[string]interface {}";
  }
}

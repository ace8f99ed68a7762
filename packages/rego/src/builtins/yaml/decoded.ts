/** What Go's decoder makes of nodes, before it becomes JSON: keys of maps may be of other types than strings. */
import { define } from "../../runtime/json-reader.ts";
import { formatGeneral, type Numeric, numberText, readNumber } from "../../runtime/number.ts";
import { isNumber } from "../../runtime/order.ts";
import { compareStrings, quote } from "../../runtime/text.ts";
import type { Value } from "../../runtime/value.ts";
import { fail } from "../failure.ts";
import { formatFloat } from "../format-float.ts";

/** A double: JSON has no infinite one, but a key may be. */
export class YAMLFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** A map with the keys that can be those of an object, by what they are there, and those that cannot. */
export class YAMLMap {
  /** Whether all keys were strings. */
  readonly ofStrings: boolean;
  readonly entries: Map<string, readonly [key: Decoded, value: Decoded]> = new Map();
  readonly others: (readonly [key: Decoded, value: Decoded])[] = [];

  constructor(ofStrings: boolean) {
    this.ofStrings = ofStrings;
  }

  set(key: Decoded, value: Decoded): void {
    const name = keyOf(key);
    if (name === undefined) this.others.splice(0, key === null ? this.others.length : 0, [key, value]);
    else this.entries.set(name, [key, value]);
  }
}

/** A decoded node: a scalar, a list, or a map. */
export type Decoded = null | boolean | string | Numeric | YAMLFloat | readonly Decoded[] | YAMLMap;

/** Whether a value is a list. */
function isList(value: Decoded): value is readonly Decoded[] {
  return Array.isArray(value);
}

/** The key of an object that a key of a map becomes. */
export function keyOf(key: Decoded): string | undefined {
  if (typeof key === "string") return key;
  if (typeof key === "boolean") return String(key);
  if (key instanceof YAMLFloat) return floatKey(key.value);
  return typeof key === "number" || typeof key === "bigint" ? String(key) : undefined;
}

/** A double as a key: with as many digits as single precision needs. */
function floatKey(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? ".nan" : value < 0 ? "-.inf" : ".inf";
  const single = Math.fround(value);
  if (!Number.isFinite(single)) return value < 0 ? "-.inf" : ".inf";
  if (single === 0) return Object.is(single, -0) ? "-0" : "0";
  let shown = single.toExponential(8);
  for (let digits = 0; digits < 8; digits++) {
    const fewer = single.toExponential(digits);
    if (Math.fround(Number(fewer)) !== single) continue;
    shown = fewer;
    break;
  }
  const [mantissa = "", exponent = "0"] = shown.replace("-", single < 0 ? "" : "-").split("e");
  const digits = mantissa.replace(".", "").replace(/(?!^)0+$/, "");
  return (single < 0 ? "-" : "") + formatGeneral(digits, Number(exponent) + 1, 6);
}

/** The value that a decoded node is as JSON. */
export function toValue(decoded: Decoded): Value {
  checkKeys(decoded);
  const value = valueOf(decoded);
  return value === undefined ? failInfinite(decoded) : value;
}

/** Tells of the first double that JSON does not have. */
function failInfinite(decoded: Decoded): never {
  const visit = (each: Decoded): void => {
    if (each instanceof YAMLFloat && !Number.isFinite(each.value))
      fail(`json: unsupported value: ${goFloat(each.value)}`);
    if (isList(each)) each.forEach(visit);
    if (!(each instanceof YAMLMap)) return;
    const entries = [...each.entries].toSorted(([a], [b]) => compareStrings(a, b));
    for (const [, [, value]] of entries) visit(value);
  };
  visit(decoded);
  return fail("number too big");
}

function goFloat(value: number): string {
  return Number.isFinite(value)
    ? formatFloat(value, "g", -1)
    : Number.isNaN(value)
      ? "NaN"
      : value < 0
        ? "-Inf"
        : "+Inf";
}

function checkKeys(decoded: Decoded): void {
  if (isList(decoded)) return decoded.forEach(checkKeys);
  if (!(decoded instanceof YAMLMap)) return;
  for (const [key, value] of decoded.others) {
    const type = key === null ? "%!s(<nil>)" : typeName(key);
    fail(`unsupported map key of type: ${type}, key: ${goSyntax(key, "<nil>")}, value: ${goSyntax(value, "<nil>")}`);
  }
  for (const [, value] of decoded.entries.values()) checkKeys(value);
}

/** The value; undefined where a double in it is one that JSON does not have. */
function valueOf(decoded: Decoded): Value | undefined {
  if (decoded instanceof YAMLFloat) {
    if (!Number.isFinite(decoded.value)) return undefined;
    return Object.is(decoded.value, -0) ? -0 : readNumber(String(decoded.value));
  }
  if (isList(decoded)) {
    const items: Value[] = [];
    for (const item of decoded) {
      const value = valueOf(item);
      if (value === undefined) return undefined;
      items.push(value);
    }
    return items;
  }
  if (!(decoded instanceof YAMLMap)) return decoded;
  const object: Record<string, Value> = {};
  for (const [name, [, item]] of decoded.entries) {
    const value = valueOf(item);
    if (value === undefined) return undefined;
    define(object, name, value);
  }
  return object;
}

function typeName(key: Decoded): string {
  if (key instanceof YAMLMap) return key.ofStrings ? "map[string]interface {}" : "map[interface {}]interface {}";
  return isList(key) ? "[]interface {}" : typeof key;
}

/** A decoded node in Go's own syntax; what nothing is differs by where it stands. */
export function goSyntax(decoded: Decoded, nothing = "interface {}(nil)"): string {
  if (decoded === null) return nothing;
  if (typeof decoded === "string") return quote(decoded);
  if (decoded instanceof YAMLFloat) return goFloat(decoded.value);
  if (isList(decoded)) return `[]interface {}{${decoded.map((item) => goSyntax(item)).join(", ")}}`;
  if (!(decoded instanceof YAMLMap)) return isNumber(decoded) ? numberText(decoded) : String(decoded);
  const entries = [...decoded.entries].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  const shown = [...decoded.others, ...entries].map(([key, value]) => `${goSyntax(key)}:${goSyntax(value)}`);
  return `${typeName(decoded)}{${shown.join(", ")}}`;
}

/** The functions that templates have from Go. */
import { compareStrings, encodeUtf8, isPrintable } from "../../runtime/text.ts";
import type { Argument } from "../sprintf-verbs.ts";
import { formatAll } from "../sprintf.ts";
import { escapeUrl } from "../url.ts";
import { type Datum, int, isTrue, textOf, typeOf } from "./datum.ts";

/** Why a function has no answer. */
export class FunctionFailure {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

function fail(message: string): never {
  throw new FunctionFailure(message);
}

/** A function, and how many arguments it takes at least and at most. */
export interface TemplateFunction {
  readonly least: number;
  readonly most: number;
  readonly call: (args: readonly Datum[]) => Datum;
}

function of(least: number, most: number, call: (args: readonly Datum[]) => Datum): TemplateFunction {
  return { least, most, call };
}

/** All functions by name; `and` and `or` do not come here where an argument decides. */
export const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map([
  ["and", of(1, Infinity, (args) => args.at(-1))],
  ["or", of(1, Infinity, (args) => args.at(-1))],
  ["not", of(1, 1, ([value]) => !isTrue(value))],
  ["len", of(1, 1, ([value]) => int(lengthOf(value)))],
  ["index", of(1, Infinity, ([value, ...keys]) => keys.reduce(indexed, value ?? fail("index of untyped nil")))],
  ["slice", of(1, Infinity, slice)],
  ["print", of(0, Infinity, (args) => printed(args, false))],
  ["println", of(0, Infinity, (args) => `${printed(args, true)}\n`)],
  ["printf", of(1, Infinity, printf)],
  ["html", of(0, Infinity, (args) => escapeHtml(joined(args)))],
  ["js", of(0, Infinity, (args) => escapeJs(joined(args)))],
  ["urlquery", of(0, Infinity, (args) => escapeUrl(byteString(joined(args)), "query"))],
  ["call", of(1, Infinity, ([value]) => fail(`non-function of type ${typeOf(value)}`))],
  ["eq", of(1, Infinity, (args) => isAnyEqual(args))],
  ["ne", of(2, 2, ([a, b]) => !isAnyEqual([a, b]))],
  ["lt", of(2, 2, ([a, b]) => isLess(a, b))],
  ["le", of(2, 2, ([a, b]) => isLess(a, b) || isAnyEqual([a, b]))],
  ["gt", of(2, 2, ([a, b]) => !isLess(a, b) && !isAnyEqual([a, b]))],
  ["ge", of(2, 2, ([a, b]) => !isLess(a, b))],
]);

function stringOf(value: Datum): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "object" && value?.kind === "number" ? value.text : undefined;
}

function lengthOf(value: Datum): number {
  const text = stringOf(value);
  if (text !== undefined) return encodeUtf8(text).length;
  if (value === undefined || value === null) return fail("len of nil pointer");
  if (typeof value === "object" && value.kind === "list") return value.items.length;
  if (typeof value === "object" && value.kind === "map") return value.entries.size;
  return fail(`len of type ${typeOf(value)}`);
}

function position(index: Datum, most: number): number {
  if (index === undefined || index === null) return fail("cannot index slice/array with nil");
  if (typeof index !== "object" || index.kind !== "int") {
    return fail(`cannot index slice/array with type ${typeOf(index)}`);
  }
  if (index.value < 0n || index.value > BigInt(most)) fail(`index out of range: ${index.value}`);
  return Number(index.value);
}

function indexed(item: Datum, index: Datum): Datum {
  if (item === null || item === undefined) return fail("index of nil pointer");
  const text = stringOf(item);
  if (text !== undefined) {
    const bytes = encodeUtf8(text);
    const at = position(index, bytes.length);
    return int(bytes[at] ?? fail("reflect: string index out of range"));
  }
  if (typeof item !== "object") return fail(`can't index item of type ${typeOf(item)}`);
  if (item.kind === "list") {
    const at = position(index, item.items.length);
    return at === item.items.length ? fail("reflect: slice index out of range") : item.items[at];
  }
  if (item.kind !== "map") return fail(`can't index item of type ${typeOf(item)}`);
  if (index === null || index === undefined) return fail("value is nil; should be of type string");
  if (typeof index !== "string") return fail(`value has type ${typeOf(index)}; should be string`);
  return item.entries.get(index) ?? null;
}

function slice([item, ...indexes]: readonly Datum[]): Datum {
  if (item === undefined || item === null) return fail("slice of untyped nil");
  if (indexes.length > 3) fail(`too many slice indexes: ${indexes.length}`);
  const text = stringOf(item);
  if (text !== undefined && indexes.length === 3) fail("cannot 3-index slice a string");
  if (text === undefined && (typeof item !== "object" || item.kind !== "list")) {
    return fail(`can't slice item of type ${typeOf(item)}`);
  }
  const size = lengthOf(item);
  const [from = 0, to = size] = indexes.map((index) => position(index, size));
  if (from > to) fail(`invalid slice index: ${from} > ${to}`);
  if (text !== undefined) return text.slice(from, to);
  return typeof item === "object" && item.kind === "list" ? { kind: "list", items: item.items.slice(from, to) } : item;
}

/** Prints as Go's Sprint does: with a space between two that are no strings, or between all. */
function printed(args: readonly Datum[], spaced: boolean): string {
  let text = "";
  for (const [index, arg] of args.entries()) {
    const before = args[index - 1];
    const isBetween = index > 0 && (spaced || (typeof arg !== "string" && typeof before !== "string"));
    text += (isBetween ? " " : "") + textOf(arg ?? null);
  }
  return text;
}

function joined(args: readonly Datum[]): string {
  return printed(
    args.map((arg) => (arg === undefined || arg === null ? "<no value>" : arg)),
    false,
  );
}

function printf([format, ...args]: readonly Datum[]): Datum {
  const text = stringOf(format) ?? fail(`wrong type for value; expected string; got ${typeOf(format)}`);
  return formatAll(text, args.map(argumentOf));
}

function argumentOf(datum: Datum): Argument {
  if (typeof datum === "string") return { kind: "string", value: datum };
  if (typeof datum === "object" && datum !== null) {
    if (datum.kind === "int") return { kind: "int64", value: datum.value };
    if (datum.kind === "number") return { kind: "json.Number", value: datum.text };
    if (datum.kind === "float") return { kind: "float64", value: datum.value };
  }
  return { kind: "string", value: textOf(datum ?? null) };
}

type Basic = "bool" | "int" | "float" | "string";

function basicKind(value: Datum): Basic | undefined {
  if (typeof value === "boolean") return "bool";
  if (stringOf(value) !== undefined) return "string";
  if (typeof value !== "object" || value === null) return undefined;
  return value.kind === "int" || value.kind === "float" ? value.kind : undefined;
}

function isAnyEqual([first, ...others]: readonly Datum[]): boolean {
  if (others.length === 0) fail("missing argument for comparison");
  return others.some((other) => isEqual(first, other));
}

function isEqual(a: Datum, b: Datum): boolean {
  const [x, y] = [basicKind(a), basicKind(b)];
  const areThere = a !== undefined && a !== null && b !== undefined && b !== null;
  if (x !== y) return areThere ? incompatible(a, b) : false;
  if (x === undefined) {
    if (!areThere) return (a ?? null) === (b ?? null);
    return fail(`non-comparable types ${textOf(a)}: ${typeOf(a)}, ${typeOf(b)}: ${textOf(b)}`);
  }
  return textOf(a) === textOf(b);
}

function incompatible(a: Datum, b: Datum): never {
  return fail(`incompatible types for comparison: ${typeOf(a)} and ${typeOf(b)}`);
}

function isLess(a: Datum, b: Datum): boolean {
  const [x, y] = [basicKind(a), basicKind(b)];
  if (x === undefined || y === undefined) return fail("invalid type for comparison");
  if (x !== y) return incompatible(a, b);
  if (x === "bool") return fail("invalid type for comparison");
  if (x === "string") return compareStrings(stringOf(a) ?? "", stringOf(b) ?? "") < 0;
  const [first, second] = [numberOf(a), numberOf(b)];
  return first < second;
}

function numberOf(value: Datum): bigint | number {
  return typeof value === "object" && value !== null && (value.kind === "int" || value.kind === "float")
    ? value.value
    : 0;
}

const HTML: ReadonlyMap<string, string> = new Map([
  ["\0", "\ufffd"],
  ['"', "&#34;"],
  ["'", "&#39;"],
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
]);

function escapeHtml(text: string): string {
  return text.replaceAll(/["'&<>\0]/g, (found) => HTML.get(found) ?? found);
}

const JS: ReadonlyMap<string, string> = new Map([
  ["\\", "\\\\"],
  ["'", "\\'"],
  ['"', '\\"'],
  ["<", "\\u003C"],
  [">", "\\u003E"],
  ["&", "\\u0026"],
  ["=", "\\u003D"],
]);

function escapeJs(text: string): string {
  let escaped = "";
  for (const rune of text) {
    const code = rune.codePointAt(0) ?? 0;
    const hex = code.toString(16).toUpperCase().padStart(4, "0");
    const isPlain = code < 0x80 ? code >= 0x20 : isPrintable(code);
    escaped += JS.get(rune) ?? (isPlain ? rune : `\\u${hex}`);
  }
  return escaped;
}

function byteString(text: string): string {
  let bytes = "";
  for (const byte of encodeUtf8(text)) bytes += String.fromCharCode(byte);
  return bytes;
}

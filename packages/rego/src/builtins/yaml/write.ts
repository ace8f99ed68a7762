/** Values to YAML as Go's library lays it out: two spaces a level, keys in its own order, strings plain where they may. */
import { stringEntries } from "../../runtime/json-writer.ts";
import { type Numeric, numberText } from "../../runtime/number.ts";
import { isArray, isNumber, isObject, isSet } from "../../runtime/order.ts";
import { encodeUtf8 } from "../../runtime/text.ts";
import type { Value } from "../../runtime/value.ts";
import { resolvePlain } from "../../yaml/resolve.ts";
import { fail } from "../failure.ts";
import { formatFloat } from "../format-float.ts";

/** The document. */
export function writeYAML(value: Value): string {
  const text = node(value, 0, 2);
  return endsLine.test(text) ? text : `${text}\n`;
}

/** Line separators end a line as well: nothing else that is written ends with one. */
const endsLine = /[\n\u2028\u2029]$/;

/**
 * A value that begins in the present line. Blocks in it stand at `column`, the lines of a literal at `literal`.
 */
function node(value: Value, column: number, literal: number = column): string {
  if (isArray(value)) return sequence(value, column);
  if (isSet(value)) return sequence(value.values(), column);
  if (isObject(value)) return mapping(value, column);
  return scalar(value, literal, false);
}

function isBlock(value: Value): boolean {
  if (isArray(value)) return value.length > 0;
  if (isSet(value)) return value.size > 0;
  return isObject(value) && stringEntries(value).length > 0;
}

/** Joins lines at a column; what ends with a break has its own already. */
function joined(items: readonly string[], column: number): string {
  const indent = " ".repeat(column);
  return items.map((item, index) => (index === 0 ? item : indent + item)).reduce(append, "");
}

function append(text: string, item: string): string {
  return text === "" || endsLine.test(text) ? text + item : `${text}\n${item}`;
}

function sequence(items: readonly Value[], column: number): string {
  if (items.length === 0) return "[]";
  return joined(
    items.map((item) => `- ${node(item, column + 2)}`),
    column,
  );
}

function mapping(object: Value & object, column: number): string {
  const entries = stringEntries(object).toSorted(([a], [b]) => compareKeys(a, b));
  if (entries.length === 0) return "{}";
  return joined(
    entries.map(([key, value]) => entry(key, value, column)),
    column,
  );
}

/** How long a key may be in bytes to stand before its colon. */
const longestKey = 128;

function entry(key: string, value: Value, column: number): string {
  const inner = column + 2;
  const isSimple = !/[\n\r\u2028\u2029]/.test(key) && encodeUtf8(key).length <= longestKey;
  if (isSimple) {
    const name = `${scalar(key, inner, true)}:`;
    return isBlock(value) ? `${name}\n${" ".repeat(inner)}${node(value, inner)}` : `${name} ${node(value, inner)}`;
  }
  return `${append(`? ${scalar(key, inner, false)}`, `${" ".repeat(column)}: `)}${node(value, inner)}`;
}

function scalar(value: Value, column: number, isKey: boolean): string {
  if (typeof value === "string") return stringScalar(value, column, isKey);
  return isNumber(value) ? number(value) : String(value);
}

/** A number as YAML's reader would take its JSON: a double where it is no integer of 64 bits. */
function number(value: Numeric): string {
  const text = numberText(value);
  const { value: meaning } = resolvePlain(text);
  if (typeof meaning === "bigint") return String(meaning);
  return typeof meaning === "number" ? formatFloat(meaning, "g", -1) : text;
}

/** What JSON does not escape, and YAML does not read. */
const notRead = /[\x7f-\x84\x86-\x9f\ufffe\uffff]/;

/** What was true and false in YAML 1.1, and numbers of base 60. */
const oldWords = /^(?:[yY]|yes|Yes|YES|on|On|ON|[nN]|no|No|NO|off|Off|OFF)$/;
const base60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

function stringScalar(given: string, column: number, isKey: boolean): string {
  // A line break that JSON does not escape is folded when YAML reads it.
  if (notRead.test(given)) fail("yaml: control characters are not allowed");
  const text = given.toWellFormed().replaceAll("\u0085", " ");
  const traits = analyse(text);
  if (text.includes("\n")) {
    if (!isKey && traits.canBeBlock) return literal(text, column);
    return doubleQuoted(text);
  }
  if (!staysString(text)) return doubleQuoted(text);
  if (traits.canBePlain && text !== "") return text;
  return traits.canBeSingleQuoted ? `'${indented(text.replaceAll("'", "''"), column)}'` : doubleQuoted(text);
}

/** Line separators break a line without a new one: what follows them is indented all the same. */
function indented(text: string, column: number): string {
  return text.replaceAll(/[\u2028\u2029](?=[^\n\u2028\u2029])/g, `$&${" ".repeat(column)}`);
}

function staysString(text: string): boolean {
  if (oldWords.test(text) || base60.test(text)) return false;
  const { tag } = resolvePlain(text);
  return tag === "!!str" || text === "<<";
}

interface Traits {
  readonly canBePlain: boolean;
  readonly canBeSingleQuoted: boolean;
  readonly canBeBlock: boolean;
}

/** Characters that the library prints: none past the first 65536. */
const printed = /^[\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\t]*$/;

function analyse(text: string): Traits {
  const isSpecial = !printed.test(text);
  const hasSeparator = /[\u2028\u2029]/.test(text);
  const hasTab = text.includes("\t");
  const spaceThenBreak = / [\n\u2028\u2029]/.test(text);
  const breakThenSpace = /[\n\u2028\u2029] /.test(text);
  const hasEdge = /^[ \n]|[ \n]$/.test(text);
  const startsAsIndicator = /^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[?:-](?:[ \t\n]|$))/.test(text);
  const hasIndicator = /:(?:[ \t\n]|$)|[ \t\n]#/.test(text);
  const isAwkward = spaceThenBreak || isSpecial;
  return {
    canBePlain: !(
      isAwkward ||
      hasSeparator ||
      hasTab ||
      breakThenSpace ||
      hasEdge ||
      startsAsIndicator ||
      hasIndicator
    ),
    canBeSingleQuoted: !(isAwkward || hasTab || breakThenSpace),
    canBeBlock: text !== "" && !isAwkward && !text.endsWith(" "),
  };
}

/** A block, each line of it indented that begins with something. */
function literal(text: string, column: number): string {
  const hint = /^[ \n\u2028\u2029]/.test(text) ? "2" : "";
  const chomp = !endsLine.test(text) ? "-" : /(?:^|[\n\u2028\u2029])[\n\u2028\u2029]$/.test(text) ? "+" : "";
  const indent = " ".repeat(column);
  return `|${hint}${chomp}\n${text.replaceAll(/(^|[\n\u2028\u2029])(?=[^\n\u2028\u2029])/g, `$1${indent}`)}`;
}

const byName: ReadonlyMap<string, string> = new Map([
  ["\0", "\\0"],
  ["\x07", "\\a"],
  ["\b", "\\b"],
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\v", "\\v"],
  ["\f", "\\f"],
  ["\r", "\\r"],
  ["\x1b", "\\e"],
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\u2028", "\\L"],
  ["\u2029", "\\P"],
]);

function doubleQuoted(text: string): string {
  let quoted = '"';
  for (const rune of text) {
    const named = byName.get(rune);
    quoted += named ?? (rune !== "\ufeff" && printed.test(rune) ? rune : escaped(rune.codePointAt(0) ?? 0));
  }
  return `${quoted}"`;
}

function escaped(code: number): string {
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

const letter = /^\p{L}$/u;
const digit = /^\p{Nd}$/u;

/** The library's order of keys: runs of digits by value, letters after all else but digits. */
function compareKeys(a: string, b: string): number {
  const [first, second] = [Array.from(a), Array.from(b)];
  let afterDigit = false;
  for (let at = 0; at < Math.min(first.length, second.length); at++) {
    const [x = "", y = ""] = [first[at], second[at]];
    if (x === y) {
      afterDigit = digit.test(x);
      continue;
    }
    const [isLetter, otherIsLetter] = [letter.test(x), letter.test(y)];
    const byCode = (x.codePointAt(0) ?? 0) - (y.codePointAt(0) ?? 0);
    if (isLetter && otherIsLetter) return byCode;
    if (isLetter || otherIsLetter) return (afterDigit ? isLetter : otherIsLetter) ? -1 : 1;
    return compareDigits(first, second, at) || byCode;
  }
  return first.length - second.length;
}

function compareDigits(a: readonly string[], b: readonly string[], at: number): number {
  const lead = (a[at] === "0" || b[at] === "0") && hasDigitBefore(a, at) ? 1n : 0n;
  const [x, y] = [run(a, at, lead), run(b, at, lead)];
  if (x.value !== y.value) return x.value < y.value ? -1 : 1;
  return x.end - y.end;
}

/** Whether the run of digits that ends before a place is not all zeros. */
function hasDigitBefore(runes: readonly string[], at: number): boolean {
  for (let index = at - 1; index >= 0 && digit.test(runes[index] ?? ""); index--) {
    if (runes[index] !== "0") return true;
  }
  return false;
}

function run(runes: readonly string[], at: number, lead: bigint): { readonly value: bigint; readonly end: number } {
  let [value, end] = [lead, at];
  for (; end < runes.length && digit.test(runes[end] ?? ""); end++) {
    value = BigInt.asIntN(64, value * 10n + BigInt((runes[end]?.codePointAt(0) ?? 48) - 48));
  }
  return { value, end };
}

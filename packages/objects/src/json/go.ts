/**
 * Go's ways of printing, where its output is contract: `%q`, `%v` of a number, and `json.Marshal`.
 */
import { printValue } from "./print.ts";
import type { JsonValue } from "./value.ts";

/** A string as Go's `%q` prints it. */
export function quoteGo(text: string): string {
  if (!needsQuoting.test(text)) return `"${text}"`;
  let out = '"';
  for (const character of text) out += quoted(character);
  return `${out}"`;
}

const needsQuoting = /["\\]|[^\x20-\x7e]/;
const shortEscapes: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\x07", "\\a"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\v", "\\v"],
]);
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

function quoted(character: string): string {
  const short = shortEscapes.get(character);
  if (short !== undefined) return short;
  if (printable.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  if (code > 0xffff) return `\\U${hex(code, 8)}`;
  return `\\u${hex(code, 4)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}

/** A number as Go's `%v` prints it: an integer whole, a double as `formatGoFloat` says. */
export function formatGoNumber(value: number | bigint): string {
  if (typeof value === "bigint" || Number.isInteger(value))
    return Object.is(value, -0) ? "-0" : BigInt(value).toString();
  return formatGoFloat(value);
}

/** A double as Go's `%v` prints it: the shortest digits, with an exponent below 1e-4 and from 1e6 on. */
export function formatGoFloat(value: number): string {
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-4 && size < 1e6)) return Object.is(value, -0) ? "-0" : String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}

/** The kind of a value in the errors of Go's reader of JSON. */
export function goWordOf(value: JsonValue): string {
  if (typeof value === "boolean") return "bool";
  if (typeof value === "bigint") return "number";
  return Array.isArray(value) ? "array" : typeof value;
}

/** JSON as Go's `json.Marshal` writes a map: keys sorted by bytes, no blanks, `<`, `>` and `&` escaped. */
export function marshalGo(value: JsonValue): string {
  return printValue(value, {
    scalar: marshalScalar,
    key: marshalString,
    entries: (object) => Object.entries(object).toSorted(([left], [right]) => compareBytes(left, right)),
  });
}

function marshalString(text: string): string {
  return JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${hex(character.charCodeAt(0), 4)}`);
}

function marshalScalar(value: null | boolean | number | bigint | string): string {
  if (typeof value === "string") return marshalString(value);
  return typeof value === "number" ? marshalNumber(value) : String(value);
}

function marshalNumber(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-6 && size < 1e21)) return String(value);
  return value.toExponential();
}

const highUnits = /[\ud800-\uffff]/;

/** Orders strings as Go does, by their UTF-8 bytes (which is by code points). */
export function compareBytes(left: string, right: string): number {
  if (left === right) return 0;
  // Without surrogates, or what stands above them, in one of the two the platform's order is the same.
  if (!highUnits.test(left)) return left < right ? -1 : 1;
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const [a, b] = [left.charCodeAt(at), right.charCodeAt(at)];
    if (a === b) continue;
    // Surrogates stand for code points above all others.
    const [highA, highB] = [a >= 0xd800 && a <= 0xdfff, b >= 0xd800 && b <= 0xdfff];
    if (highA !== highB) return highA ? 1 : -1;
    return a - b;
  }
  return left.length - right.length;
}

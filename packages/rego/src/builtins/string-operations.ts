/** What Go's `strings` does where JavaScript's own methods differ. */
import { decodeUtf8, encodeUtf8 } from "../runtime/text.ts";
import type { BuiltinContext } from "./builtin.ts";

// ASCII alone: case is the same everywhere.
const ASCII = /^[\0-\x7f]*$/;

/** Lower case rune by rune: no final sigma, nothing that changes a string's length in runes. */
export function lower(text: string): string {
  return ASCII.test(text) ? text.toLowerCase() : mapRunes(text, lowerRune);
}

/** Upper case rune by rune: `ß` stays. */
export function upper(text: string): string {
  return ASCII.test(text) ? text.toUpperCase() : mapRunes(text, upperRune);
}

function mapRunes(text: string, map: (rune: string) => string): string {
  let mapped = "";
  for (const rune of text) mapped += rune >= "\ud800" && rune <= "\udfff" && rune.length === 1 ? "\ufffd" : map(rune);
  return mapped;
}

function lowerRune(rune: string): string {
  if (rune === "\u0130") return "i";
  return rune.toLowerCase();
}

function upperRune(rune: string): string {
  const whole = rune.toUpperCase();
  if (whole.length === rune.length) return whole;
  // Greek with iota subscript has one code point in upper case too; what else grows has none and stays.
  const code = rune.codePointAt(0) ?? 0;
  if (code >= 0x1f80 && code <= 0x1faf) return String.fromCodePoint(code | 8);
  if (code === 0x1fb3 || code === 0x1fc3 || code === 0x1ff3) return String.fromCodePoint(code + 9);
  return rune;
}

/** Takes the runes of a set off the ends. */
export function trimBy(text: string, cutset: string, where: "start" | "end" | "both"): string {
  const set = new Set(cutset);
  const runes = Array.from(text);
  let [start, end] = [0, runes.length];
  if (where !== "end") while (start < end && set.has(runes[start] ?? "")) start++;
  if (where !== "start") while (end > start && set.has(runes[end - 1] ?? "")) end--;
  return start === 0 && end === runes.length ? text : runes.slice(start, end).join("");
}

const SPACE = "\\t\\n\\v\\f\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const SPACE_AT_START = new RegExp(`^[${SPACE}]+`);
const IS_SPACE = new RegExp(`[${SPACE}]`);

/** Takes white space off both ends. */
export function trimSpace(text: string): string {
  let end = text.length;
  while (end > 0 && IS_SPACE.test(text.charAt(end - 1))) end--;
  return text.slice(0, end).replace(SPACE_AT_START, "");
}

/** The parts between a delimiter; an empty one parts every rune. */
export function splitText(text: string, delimiter: string): readonly string[] {
  return delimiter === "" ? Array.from(text) : text.split(delimiter);
}

/** The runes from last to first. */
export function reverseRunes(text: string): string {
  return Array.from(text).toReversed().join("");
}

/**
 * Replaces from left to right without looking at what it has replaced; of several that fit at a place the first in the
 * list is taken. An empty one fits before every byte that nothing else replaces, and at the end.
 */
export function replaceAll(
  context: BuiltinContext,
  text: string,
  pairs: readonly (readonly [old: string, replacement: string])[],
): string {
  const longest = Math.max(0, ...pairs.map(([, replacement]) => replacement.length));
  if (pairs.some(([old]) => old === "")) {
    context.charge((text.length * (longest + 1)) >> 4);
    return replaceWithEmpty(text, pairs);
  }
  context.charge(text.length >> 4);
  const [only] = pairs;
  if (only === undefined) return text;
  let size = 0;
  const charged = (replacement: string): string => {
    size += replacement.length;
    if (size > 1024) {
      context.charge(size >> 4);
      size = 0;
    }
    return replacement;
  };
  if (pairs.length === 1) return text.replaceAll(only[0], () => charged(only[1]));
  const byOld = new Map(pairs.toReversed());
  const any = new RegExp(pairs.map(([old]) => escapePattern(old)).join("|"), "g");
  return text.replaceAll(any, (found) => charged(byOld.get(found) ?? found));
}

/** A text that a JavaScript pattern matches literally. */
export function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** Works on bytes: an empty text stands between the bytes of a rune as well. */
function replaceWithEmpty(text: string, pairs: readonly (readonly [string, string])[]): string {
  const bytes = toBytes(text);
  const table = pairs.map(([old, replacement]) => [toBytes(old), toBytes(replacement)] as const);
  let replaced = "";
  let afterEmpty = false;
  for (let at = 0; at <= bytes.length;) {
    const fitting = table.find(([old]) => (old !== "" || !afterEmpty) && bytes.startsWith(old, at));
    afterEmpty = fitting?.[0] === "";
    if (fitting !== undefined) replaced += fitting[1];
    if (fitting !== undefined && fitting[0] !== "") {
      at += fitting[0].length;
    } else if (fitting === undefined) {
      replaced += bytes.charAt(at);
      at++;
    }
  }
  return decodeUtf8(Uint8Array.from(replaced, (byte) => byte.charCodeAt(0)));
}

function toBytes(text: string): string {
  let bytes = "";
  for (const byte of encodeUtf8(text)) bytes += String.fromCharCode(byte);
  return bytes;
}

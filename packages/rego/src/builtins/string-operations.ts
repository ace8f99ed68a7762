/** What Go's `strings` does where JavaScript's own methods differ. */
import { fromByteString, inRunes, isUnknownToGo, joined, toByteString } from "../runtime/text.ts";
import type { BuiltinContext } from "./builtin.ts";

// ASCII alone: case is the same everywhere.
const ascii = /^[\0-\x7f]*$/;

/** Lower case rune by rune: no final sigma, nothing that changes a string's length in runes. */
export function lower(text: string): string {
  return ascii.test(text) ? text.toLowerCase() : mapRunes(text, lowerRune);
}

/** Upper case rune by rune: `ß` stays. */
export function upper(text: string): string {
  return ascii.test(text) ? text.toUpperCase() : mapRunes(text, upperRune);
}

function mapRunes(text: string, map: (rune: string) => string): string {
  let mapped = "";
  for (const rune of text) mapped += rune.isWellFormed() ? knownToGo(rune, map(rune)) : "\ufffd";
  return mapped;
}

/** A rune in its other case, where Go knows of it. */
function knownToGo(rune: string, mapped: string): string {
  if (rune === mapped) return rune;
  return isUnknownToGo(rune.codePointAt(0) ?? 0) || isUnknownToGo(mapped.codePointAt(0) ?? 0) ? rune : mapped;
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

/** Takes the runes of a set off the ends; a byte outside UTF-8 is U+FFFD to it. */
export function trimBy(text: string, cutset: string, where: "start" | "end" | "both"): string {
  const set = new Set(inRunes(cutset));
  const runes = Array.from(text);
  let [start, end] = [0, runes.length];
  if (where !== "end") while (start < end && set.has(inRunes(runes[start] ?? ""))) start++;
  if (where !== "start") while (end > start && set.has(inRunes(runes[end - 1] ?? ""))) end--;
  return start === 0 && end === runes.length ? text : runes.slice(start, end).join("");
}

const space = "\\t\\n\\v\\f\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const spaceAtStart = new RegExp(`^[${space}]+`);
const isSpace = new RegExp(`[${space}]`);

/** Takes white space off both ends. */
export function trimSpace(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace.test(text.charAt(end - 1))) end--;
  return text.slice(0, end).replace(spaceAtStart, "");
}

/** The parts between a delimiter; an empty one parts every rune. */
export function splitText(text: string, delimiter: string): readonly string[] {
  if (delimiter === "") return Array.from(text);
  return asBytes(delimiter, text, (part, whole) => whole.split(part).map(fromByteString)) ?? text.split(delimiter);
}

/**
 * What is found in a text's bytes, where what is looked for is not UTF-8 itself: it may be within a rune then. Else
 * undefined, and the text can be looked at as it is.
 */
function asBytes<T>(part: string, text: string, find: (part: string, text: string) => T): T | undefined {
  return part.isWellFormed() ? undefined : find(toByteString(part), toByteString(text));
}

/** Whether a text has a part somewhere. */
export function holds(text: string, part: string): boolean {
  return asBytes(part, text, (bytes, whole) => whole.includes(bytes)) ?? text.includes(part);
}

/** Whether a text begins with a part. */
export function beginsWith(text: string, part: string): boolean {
  return asBytes(part, text, (bytes, whole) => whole.startsWith(bytes)) ?? text.startsWith(part);
}

/** Whether a text ends with a part. */
export function endsWith(text: string, part: string): boolean {
  return asBytes(part, text, (bytes, whole) => whole.endsWith(bytes)) ?? text.endsWith(part);
}

/** The text without a part at its beginning. */
export function withoutPrefix(text: string, part: string): string {
  if (!beginsWith(text, part)) return text;
  const rest = asBytes(part, text, (bytes, whole) => fromByteString(whole.slice(bytes.length)));
  return rest ?? text.slice(part.length);
}

/** The text without a part at its end. */
export function withoutSuffix(text: string, part: string): string {
  if (!endsWith(text, part)) return text;
  const rest = asBytes(part, text, (bytes, whole) => fromByteString(whole.slice(0, whole.length - bytes.length)));
  return rest ?? text.slice(0, text.length - part.length);
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
  if (pairs.some(([old]) => old === "" || !old.isWellFormed())) {
    context.charge((text.length * (longest + 1)) >> 4);
    return replaceInBytes(text, pairs);
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
  if (pairs.length === 1) return joined(text.replaceAll(only[0], () => charged(only[1])));
  const byOld = new Map(pairs.toReversed());
  const any = new RegExp(pairs.map(([old]) => escapePattern(old)).join("|"), "g");
  return joined(text.replaceAll(any, (found) => charged(byOld.get(found) ?? found)));
}

/** A text that a JavaScript pattern matches literally. */
export function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** Works on bytes: an empty text stands between the bytes of a rune as well. */
function replaceInBytes(text: string, pairs: readonly (readonly [string, string])[]): string {
  const bytes = toByteString(text);
  const table = pairs.map(([old, replacement]) => [toByteString(old), toByteString(replacement)] as const);
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
  return fromByteString(replaced);
}

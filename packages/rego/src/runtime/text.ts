/**
 * Strings as Go's: sequences of bytes that are mostly UTF-8. A byte b that is no part of it is held as the lone surrogate
 * U+DC00+b (DC80 to DCFF); order is that of the bytes.
 */

import { assignedSince15 } from "./unicode-data.ts";

/** Orders strings by their UTF-8 bytes. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  let index = 0;
  while (index < length && a.charCodeAt(index) === b.charCodeAt(index)) index++;
  if (index === length) return a.length < b.length ? -1 : 1;
  const [x, y] = [a.charCodeAt(index), b.charCodeAt(index)];
  if (x < 0xd800 && y < 0xd800) return x < y ? -1 : 1;
  // Step back over the first half of a pair that both share.
  const start = index > 0 && (a.charCodeAt(index - 1) & 0xfc00) === 0xd800 ? index - 1 : index;
  return compareBytes(encodeUtf8(a.slice(start)), encodeUtf8(b.slice(start)));
}

/**
 * A text that was put together of parts, in its one form: bytes outside UTF-8 that have come to stand side by side may be
 * a code point now.
 */
export function joined(text: string): string {
  return text.isWellFormed() ? text : decodeUtf8(encodeUtf8(text));
}

/** A text as Go's runes show it: a byte outside UTF-8 is U+FFFD. */
export function inRunes(text: string): string {
  return text.toWellFormed();
}

/** The bytes of a text as a string of code units below 256, for what looks below the code points. */
export function toByteString(text: string): string {
  let bytes = "";
  for (const byte of encodeUtf8(text)) bytes += String.fromCharCode(byte);
  return bytes;
}

/** The text of a string of bytes. */
export function fromByteString(bytes: string): string {
  return decodeUtf8(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
}

/** Orders byte sequences. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const [x, y] = [a[index] ?? 0, b[index] ?? 0];
    if (x !== y) return x < y ? -1 : 1;
  }
  return a.length === b.length ? 0 : a.length < b.length ? -1 : 1;
}

/** How many code points a string has; a byte outside UTF-8 counts as one. */
export function countRunes(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length - 1; index++) {
    if ((text.charCodeAt(index) & 0xfc00) === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00) {
      count--;
      index++;
    }
  }
  return count;
}

/** Whether every code point is one code unit, so that positions in runes are positions in the string. */
export function hasNoPairs(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if ((text.charCodeAt(index) & 0xfc00) === 0xd800) return false;
  }
  return true;
}

/** The bytes of a string. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let end = 0;
  for (let index = 0; index < text.length; index++) {
    let code = text.charCodeAt(index);
    if (code < 0x80) {
      bytes[end++] = code;
      continue;
    }
    if (code >= 0xd800 && code < 0xe000) {
      const next = text.charCodeAt(index + 1);
      if (code < 0xdc00 && (next & 0xfc00) === 0xdc00) {
        index++;
        code = 0x10000 + ((code & 0x3ff) << 10) + (next & 0x3ff);
      } else if (code >= 0xdc80 && code <= 0xdcff) {
        bytes[end++] = code & 0xff;
        continue;
      } else {
        code = 0xfffd;
      }
    }
    end = writeRune(bytes, end, code);
  }
  return bytes.slice(0, end);
}

function writeRune(bytes: Uint8Array, at: number, code: number): number {
  let end = at;
  if (code < 0x800) {
    bytes[end++] = 0xc0 | (code >> 6);
  } else {
    if (code < 0x10000) {
      bytes[end++] = 0xe0 | (code >> 12);
    } else {
      bytes[end++] = 0xf0 | (code >> 18);
      bytes[end++] = 0x80 | ((code >> 12) & 0x3f);
    }
    bytes[end++] = 0x80 | ((code >> 6) & 0x3f);
  }
  bytes[end++] = 0x80 | (code & 0x3f);
  return end;
}

/** The string of these bytes; a byte that is no part of UTF-8 becomes its lone surrogate. */
export function decodeUtf8(bytes: Uint8Array): string {
  let text = "";
  let units: number[] = [];
  for (let index = 0; index < bytes.length;) {
    const { code, size } = readRune(bytes, index);
    index += size;
    if (code >= 0x10000) {
      units.push(0xd800 + ((code - 0x10000) >> 10), 0xdc00 + (code & 0x3ff));
    } else {
      units.push(code);
    }
    if (units.length >= 4096) {
      text += String.fromCharCode(...units);
      units = [];
    }
  }
  return text + String.fromCharCode(...units);
}

/** The code point at a byte, or U+DC00+b and one byte where there is none. */
function readRune(bytes: Uint8Array, at: number): { code: number; size: number } {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return { code: first, size: 1 };
  const broken = { code: 0xdc00 + first, size: 1 };
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + size > bytes.length) return broken;
  let code = first & (0xff >> (size + 1));
  for (let offset = 1; offset < size; offset++) {
    const next = bytes[at + offset] ?? 0;
    if ((next & 0xc0) !== 0x80) return broken;
    code = (code << 6) | (next & 0x3f);
  }
  const least = size === 2 ? 0x80 : size === 3 ? 0x800 : 0x10000;
  if (code < least || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return broken;
  return { code, size };
}

const namedEscapes: ReadonlyMap<number, string> = new Map([
  [7, "\\a"],
  [8, "\\b"],
  [12, "\\f"],
  [10, "\\n"],
  [13, "\\r"],
  [9, "\\t"],
  [11, "\\v"],
  [34, '\\"'],
  [92, "\\\\"],
]);

const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

/** Whether Go prints a code point as it is. */
export function isPrintable(code: number): boolean {
  if (code < 0x7f) return code >= 0x20;
  return printable.test(String.fromCodePoint(code)) && !isUnknownToGo(code);
}

/** Whether a code point was assigned after the version of Unicode that Go knows: to it, it is no letter and no sign. */
export function isUnknownToGo(code: number): boolean {
  if (code < (assignedSince15[0]?.[0] ?? Infinity)) return false;
  let [low, high] = [0, assignedSince15.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((assignedSince15[middle]?.[1] ?? 0) < code) low = middle + 1;
    else high = middle;
  }
  return (assignedSince15[low]?.[0] ?? Infinity) <= code;
}

/** A string between double quotes with Go's escapes; `ascii` escapes everything past it. */
export function quote(text: string, ascii = false): string {
  if (isSimple(text)) return `"${text}"`;
  let quoted = '"';
  for (const rune of text) quoted += quoteRune(rune.codePointAt(0) ?? 0, ascii);
  return `${quoted}"`;
}

/** Whether a text is printable ASCII without quotes and backslashes: most are, and are short. */
function isSimple(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return false;
  }
  return true;
}

function quoteRune(code: number, ascii: boolean): string {
  const named = namedEscapes.get(code);
  if (named !== undefined) return named;
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code & 0xff).toString(16)}`;
  return escapeRune(code >= 0xd800 && code < 0xe000 ? 0xfffd : code, ascii);
}

/** A code point as itself where it can be printed, else as Go's \x, \u or \U. */
export function escapeRune(code: number, ascii: boolean): string {
  if (isPrintable(code) && (!ascii || code < 0x80)) return String.fromCodePoint(code);
  const hex = code.toString(16);
  if (code < 0x20 || code === 0x7f) return `\\x${hex.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

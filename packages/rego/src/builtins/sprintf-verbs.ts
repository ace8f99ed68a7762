/** One argument under one verb of Go's formats. */
import { countRunes, encodeUtf8, escapeRune, isPrintable, quote } from "../runtime/text.ts";
import { type FloatVerb, formatFloat } from "./format-float.ts";

/** What Go's formatter gets for a value, by Go's name of its type. */
export type Argument =
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "int64" | "*big.Int"; readonly value: bigint }
  | { readonly kind: "float64"; readonly value: number };

/** What stands between the percent sign and the verb. */
export interface Flags {
  readonly sharp: boolean;
  readonly zero: boolean;
  readonly plus: boolean;
  readonly minus: boolean;
  readonly space: boolean;
  /** Sharp and plus under %v, where they ask for Go's own syntax. */
  readonly sharpV: boolean;
  readonly plusV: boolean;
  readonly width: number | undefined;
  readonly precision: number | undefined;
}

/** Nothing between percent sign and verb. */
export const noFlags: Flags = {
  sharp: false,
  zero: false,
  plus: false,
  minus: false,
  space: false,
  sharpV: false,
  plusV: false,
  width: undefined,
  precision: undefined,
};

/** Go's name of an argument's type. */
export function typeOf(arg: Argument): string {
  return arg.kind;
}

/** The text of an argument under a verb. */
export function formatArgument(arg: Argument, verb: string, flags: Flags): string {
  if (verb === "T") return formatText(typeOf(arg), flags);
  switch (arg.kind) {
    case "string":
      return formatString(arg.value, verb, flags);
    case "int64":
      return formatInteger(arg, verb, flags);
    case "*big.Int":
      return formatBig(arg.value, verb, flags);
    case "float64":
      return formatDouble(arg, verb, flags);
  }
}

function badVerb(arg: Argument, verb: string, flags: Flags): string {
  return `%!${verb}(${typeOf(arg)}=${formatArgument(arg, "v", flags)})`;
}

function pad(text: string, flags: Flags, zero: boolean = flags.zero): string {
  const missing = (flags.width ?? 0) - countRunes(text);
  if (missing <= 0) return text;
  if (flags.minus) return text + " ".repeat(missing);
  return (zero ? "0" : " ").repeat(missing) + text;
}

function truncated(text: string, flags: Flags): string {
  if (flags.precision === undefined || text.length <= flags.precision) return text;
  return Array.from(text).slice(0, flags.precision).join("");
}

function formatText(text: string, flags: Flags): string {
  return pad(truncated(text, flags), flags);
}

function formatString(text: string, verb: string, flags: Flags): string {
  switch (verb) {
    case "v":
      return flags.sharpV ? formatQuoted(truncated(text, flags), flags) : formatText(text, flags);
    case "s":
      return formatText(text, flags);
    case "q":
      return formatQuoted(truncated(text, flags), flags);
    case "x":
    case "X":
      return formatBytes(text, verb, flags);
    default:
      return badVerb({ kind: "string", value: text }, verb, flags);
  }
}

function formatQuoted(text: string, flags: Flags): string {
  // Raw where no control character but tab and no back quote is in the way.
  if (flags.sharp && !/[\0-\x08\x0a-\x1f\x7f`\ufeff\ud800-\udfff]/u.test(text)) return pad(`\`${text}\``, flags);
  return pad(quote(text, flags.plus), flags);
}

function formatBytes(text: string, verb: "x" | "X", flags: Flags): string {
  const bytes = Array.from(encodeUtf8(text).slice(0, flags.precision ?? undefined), (byte) =>
    byte.toString(16).padStart(2, "0"),
  );
  const prefix = flags.sharp ? "0x" : "";
  const joined = flags.space ? bytes.map((byte) => prefix + byte).join(" ") : prefix + bytes.join("");
  const hex = bytes.length === 0 ? "" : joined;
  return pad(verb === "X" ? hex.toUpperCase() : hex, flags);
}

const bases: ReadonlyMap<string, number> = new Map([
  ["v", 10],
  ["d", 10],
  ["b", 2],
  ["o", 8],
  ["O", 8],
  ["x", 16],
  ["X", 16],
]);

function formatInteger(arg: Argument & { readonly value: bigint }, verb: string, flags: Flags): string {
  const base = bases.get(verb);
  if (base !== undefined) return formatInBase(arg.value, base, verb, flags);
  const isRune = arg.value >= 0n && arg.value <= 0x10ffffn && (arg.value & 0x1ff800n) !== 0xd800n;
  const code = isRune ? Number(arg.value) : 0xfffd;
  switch (verb) {
    case "c":
      return pad(String.fromCodePoint(code), flags);
    case "q":
      return pad(quoteRune(code, flags.plus), flags);
    case "U":
      return formatUnicode(arg.value, flags);
    default:
      return badVerb(arg, verb, flags);
  }
}

function quoteRune(code: number, ascii: boolean): string {
  if (code === 39) return "'\\''";
  if (code === 34) return "'\"'";
  const named = quote(String.fromCodePoint(code), ascii).slice(1, -1);
  return `'${named.length > 0 ? named : escapeRune(code, ascii)}'`;
}

function formatUnicode(value: bigint, flags: Flags): string {
  const bits = BigInt.asUintN(64, value);
  const hex = bits
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(4, flags.precision ?? 0), "0");
  const shown = flags.sharp && bits <= 0x10ffffn && isPrintable(Number(bits));
  return pad(`U+${hex}${shown ? ` '${String.fromCodePoint(Number(bits))}'` : ""}`, flags, false);
}

function formatInBase(value: bigint, base: number, verb: string, flags: Flags): string {
  const negative = value < 0n;
  const { width, precision } = flags;
  if (precision === 0 && value === 0n) return " ".repeat(width ?? 0);
  let least = precision ?? 0;
  if (precision === undefined && flags.zero && !flags.minus && width !== undefined) {
    least = negative || flags.plus || flags.space ? width - 1 : width;
  }
  let digits = (negative ? -value : value).toString(base).padStart(least, "0");
  if (verb === "X") digits = digits.toUpperCase();
  if (flags.sharp) digits = withPrefix(digits, base, verb);
  if (verb === "O") digits = `0o${digits}`;
  const sign = negative ? "-" : flags.plus ? "+" : flags.space ? " " : "";
  return pad(sign + digits, flags, false);
}

function withPrefix(digits: string, base: number, verb: string): string {
  if (base === 2) return `0b${digits}`;
  if (base === 8) return digits.startsWith("0") ? digits : `0${digits}`;
  if (base !== 16) return digits;
  return (verb === "X" ? "0X" : "0x") + digits;
}

/** Integers past 64 bits format themselves: no %c, %q or %U, and other words for a bad verb. */
function formatBig(value: bigint, verb: string, flags: Flags): string {
  const base = verb === "s" ? 10 : bases.get(verb);
  if (verb === "w") return `%!w(*big.Int=&{${value < 0n} [${wordsOf(value).join(" ")}]})`;
  if (base === undefined) return `%!${verb}(big.Int=${value})`;
  const negative = value < 0n;
  const sign = negative ? "-" : flags.plus || flags.plusV ? "+" : flags.space ? " " : "";
  let digits = (negative ? -value : value).toString(base);
  if (verb === "X") digits = digits.toUpperCase();
  const prefix = verb === "O" ? "0o" : flags.sharp || flags.sharpV ? bigPrefix(verb) : "";
  let zeros = Math.max(0, (flags.precision ?? 0) - digits.length);
  const missing = (flags.width ?? 0) - (sign.length + prefix.length + zeros + digits.length);
  let [left, right] = [0, 0];
  if (missing > 0) {
    if (flags.minus) right = missing;
    else if (flags.zero && flags.precision === undefined) zeros = missing;
    else left = missing;
  }
  return " ".repeat(left) + sign + prefix + "0".repeat(zeros) + digits + " ".repeat(right);
}

/** The words of 64 bits of a magnitude, the lowest first: what Go has an integer in. */
function wordsOf(value: bigint): readonly bigint[] {
  const words: bigint[] = [];
  for (let rest = value < 0n ? -value : value; rest > 0n; rest >>= 64n) words.push(BigInt.asUintN(64, rest));
  return words;
}

function bigPrefix(verb: string): string {
  return { b: "0b", o: "0", x: "0x", X: "0X" }[verb] ?? "";
}

const floatVerbs: ReadonlyMap<string, readonly [verb: FloatVerb, precision: number]> = new Map([
  ["v", ["g", -1]],
  ["b", ["b", -1]],
  ["g", ["g", -1]],
  ["G", ["G", -1]],
  ["x", ["x", -1]],
  ["X", ["X", -1]],
  ["f", ["f", 6]],
  ["F", ["f", 6]],
  ["e", ["e", 6]],
  ["E", ["E", 6]],
]);

function formatDouble(arg: Argument & { readonly value: number }, verb: string, flags: Flags): string {
  const form = floatVerbs.get(verb);
  if (form === undefined) return badVerb(arg, verb, flags);
  const [floatVerb, standard] = form;
  const precision = flags.precision ?? standard;
  let text = formatFloat(arg.value, floatVerb, precision);
  if (!text.startsWith("-")) text = (flags.space && !flags.plus ? " " : "+") + text;
  if (flags.sharp && floatVerb !== "b") text = withPoint(text, floatVerb, precision);
  if (!flags.plus && text.startsWith("+")) return pad(text.slice(1), flags);
  if (flags.zero && !flags.minus && flags.width !== undefined && flags.width > text.length) {
    return text.charAt(0) + "0".repeat(flags.width - text.length) + text.slice(1);
  }
  return pad(text, flags);
}

/** Under the sharp flag a float always has a point, and %g keeps its trailing zeros. */
function withPoint(text: string, verb: FloatVerb, precision: number): string {
  const counts = verb === "g" || verb === "G" || verb === "x";
  const end = text.search(verb === "x" || verb === "X" ? /[pP]/ : /[eEpP]/);
  const body = end < 0 ? text : text.slice(0, end);
  const tail = end < 0 ? "" : text.slice(end);
  const significant = body.slice(1).replaceAll(".", "").replace(/^0+/, "");
  let missing = (counts ? (precision === -1 ? 6 : precision) : 0) - significant.length;
  if (body.includes(".")) return body + "0".repeat(Math.max(0, missing)) + tail;
  if (body.length === 2 && body.endsWith("0")) missing--;
  return `${body}.${"0".repeat(Math.max(0, missing))}${tail}`;
}

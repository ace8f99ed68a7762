import { isJsonObject, setOwn, type JsonValue } from "./value.ts";

/** What reading a text gave: the value, or why there is none. */
export type JsonReading =
  | { readonly ok: true; readonly value: JsonValue }
  | {
      readonly ok: false;
      readonly message: string;
      /** The number that no double comes near, where that is what is wrong. */
      readonly number?: string;
    };

/**
 * Reads JSON as Go's readers do: `1.0` is 1, an integer that a double cannot hold is a bigint, half of a surrogate pair
 * is U+FFFD, and a number beyond all doubles is an error.
 *
 * The platform's parser is used without a reviver unless the text may hold one of these; that way a usual review costs
 * what `JSON.parse` costs.
 */
export function readJson(text: string): JsonReading {
  try {
    const isUsual = !hasLongDigits(text) && !unusual.test(text);
    const value: unknown = isUsual ? JSON.parse(text) : JSON.parse(text, asGoReads);
    // JSON.parse makes nothing but JSON, and the reviver replaces JSON by JSON.
    return { ok: true, value: value as JsonValue };
  } catch (error) {
    if (error instanceof NumberBeyond) return { ok: false, message: error.message, number: error.text };
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

/** An exponent of three digits, or the escape of a surrogate. */
const unusual = /[0-9][eE]\+?[0-9]{3}|\\u[dD][89a-fA-F]/;

/** Leaves the platform's parser by exception, and this file as a value. */
class NumberBeyond extends Error {
  readonly text: string;

  constructor(text: string) {
    super(`json: cannot unmarshal number ${text} into Go value of type float64`);
    this.text = text;
  }
}

/** Whether so many digits stand in a row. Only every sixteenth letter is looked at: such a row cannot lie between two. */
function hasLongDigits(text: string): boolean {
  for (let at = mostExactDigits; at < text.length; at += mostExactDigits + 1) {
    if (!isDigit(text, at)) continue;
    let [first, last] = [at, at];
    while (isDigit(text, first - 1)) first -= 1;
    while (isDigit(text, last + 1)) last += 1;
    if (last - first >= mostExactDigits) return true;
  }
  return false;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

/** Integers of so many digits are all exact in a double. */
const mostExactDigits = 15;
const integerText = /^-?\d+$/;

function asGoReads(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (isJsonObject(value)) return Object.keys(value).every(isWellFormed) ? value : withWellFormedKeys(value);
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  if (!Number.isFinite(value)) throw new NumberBeyond(source ?? String(value));
  return source !== undefined && integerText.test(source) ? BigInt(source) : value;
}

function isWellFormed(text: string): boolean {
  return text.isWellFormed();
}

/** Keys that are the same when they are well-formed: the last one stands, as where a key is written twice. */
function withWellFormedKeys(object: { readonly [key: string]: JsonValue }): { [key: string]: JsonValue } {
  const made: { [key: string]: JsonValue } = {};
  for (const [key, value] of Object.entries(object)) setOwn(made, key.toWellFormed(), value);
  return made;
}

import type { JsonValue } from "./value.ts";

/** What reading a text gave: the value, or why there is none. */
export type JsonReading =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly message: string };

/**
 * Reads JSON as Gatekeeper's reviews see it: `1.0` is 1, and an integer that a double cannot hold is a bigint.
 *
 * The platform's parser is used without a reviver unless the text holds so many digits in a row that an integer might
 * not be exact; that way a usual review costs what `JSON.parse` costs.
 */
export function readJson(text: string): JsonReading {
  try {
    const value: unknown = hasLongDigits(text) ? JSON.parse(text, exactInteger) : JSON.parse(text);
    // JSON.parse makes nothing but JSON, and the reviver replaces numbers by bigints alone.
    return { ok: true, value: value as JsonValue };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
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

function exactInteger(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && integerText.test(source) ? BigInt(source) : value;
}

import { NumberBeyond, readExactly } from "./read-exactly.ts";
import type { JsonValue } from "./value.ts";

/** What reading a text gave: the value, or why there is none. */
export type JsonReading =
  | {
      readonly ok: true;
      readonly value: JsonValue;
      /** Whether every number has few digits and no exponent, so that all the world prints it alike; false if not sure. */
      readonly hasPlainNumbers: boolean;
    }
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
 * The platform's parser is all unless the text may hold one of these; that way a usual review costs what `JSON.parse`
 * costs.
 */
export function readJson(text: string): JsonReading {
  try {
    // JSON.parse makes nothing but JSON.
    const value = JSON.parse(text) as JsonValue;
    const hasPlainNumbers = !longNumber.test(text);
    const isUsual =
      (hasPlainNumbers || areExact(text)) && !hasSurrogate(text) && !(confusesKeys && hasEscapedKey(text));
    return { ok: true, value: isUsual ? value : readExactly(text), hasPlainNumbers };
  } catch (error) {
    if (error instanceof NumberBeyond) return { ok: false, message: error.message, number: error.text };
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Whether the platform takes a key with an escape for another of the same length that holds a backslash, and was read
 * before. Node 26.10 does, 26.12 does not. There what has such keys is read by ourselves.
 */
const confusesKeys: boolean = [String.raw`{"probe":0,"\\":0}`, String.raw`{"probe":0,"\n":0}`].some(
  (text, at) => !Object.hasOwn(JSON.parse(text) as object, at === 0 ? "\\" : "\n"),
);

/**
 * A number of six digits and more, its point counted as one, or with an exponent. Only what can stand behind a number may
 * follow, which is not so within nearly all texts. One pass over the text is what a usual review pays for all this.
 */
const longNumber = /[0-9](?:[0-9.]{5,6}|[eE][-+]?[0-9]+)(?:[,}\]\s]|$)/;

/** Whether all integers are exact in doubles, and no number is beyond them. */
function areExact(text: string): boolean {
  return !hasLongDigits(text) && !/[0-9][eE]\+?[0-9]{3}/.test(text);
}

/** Whether there is the escape of a surrogate. */
function hasSurrogate(text: string): boolean {
  return text.includes("\\u") && /\\u[dD][89a-fA-F]/.test(text);
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

/** Whether a key is written with an escape. Only texts that hold an escape are looked at, each once. */
function hasEscapedKey(text: string): boolean {
  for (let at = text.indexOf("\\"); at !== -1; at = text.indexOf("\\", at)) {
    while (at < text.length && text.charCodeAt(at) !== quote) at += text.charCodeAt(at) === backslash ? 2 : 1;
    do at += 1;
    while (isBlank(text.charCodeAt(at)));
    if (text.charCodeAt(at) === colon) return true;
  }
  return false;
}

const [quote, backslash, colon] = [0x22, 0x5c, 0x3a];

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

/** Integers of so many digits are all exact in a double. */
const mostExactDigits = 15;

import { setOwn, type JsonValue, type MutableJson, type MutableJsonObject } from "./value.ts";

/** A number that no double comes near. */
export class NumberBeyond extends Error {
  readonly text: string;

  constructor(text: string) {
    super(`json: cannot unmarshal number ${text} into Go value of type float64`);
    this.text = text;
  }
}

/** A list or an object that is being filled, and the key that its next value stands at. */
interface Open {
  readonly value: MutableJson[] | MutableJsonObject;
  key: string | undefined;
}

const blanksAndMarks = /[\s,:]*/y;
const scalar = /[^\s,\]}]+/y;
const integer = /^-?\d+$/;

/**
 * Reads a text that is JSON, exactly: integers that no double holds are bigints, and half of a surrogate pair is U+FFFD,
 * in keys as well. What stands in one another is counted on a list, since a text may be nested deeper than calls may be;
 * the platform's parser goes as deep, but not with a function that looks at each value.
 */
export function readExactly(text: string): JsonValue {
  const open: Open[] = [];
  let whole: MutableJson = null;
  const put = (value: MutableJson): void => {
    const into = open.at(-1);
    if (into === undefined) whole = value;
    else if (Array.isArray(into.value)) into.value.push(value);
    else if (into.key !== undefined) {
      setOwn(into.value, into.key, value);
      into.key = undefined;
    }
  };
  for (let at = skip(text, 0); at < text.length; at = skip(text, at)) {
    const letter = text[at];
    if (letter === "{" || letter === "[") {
      const value = letter === "[" ? [] : {};
      put(value);
      open.push({ value, key: undefined });
      at += 1;
    } else if (letter === "}" || letter === "]") {
      open.pop();
      at += 1;
    } else if (letter === '"') {
      const end = endOfString(text, at) + 1;
      const read = readString(text, at, end);
      const into = open.at(-1);
      if (into === undefined || Array.isArray(into.value) || into.key !== undefined) put(read);
      else into.key = read;
      at = end;
    } else {
      scalar.lastIndex = at;
      const word = scalar.exec(text)?.[0] ?? "";
      put(readWord(word));
      at += word.length;
    }
  }
  return whole;
}

function skip(text: string, at: number): number {
  blanksAndMarks.lastIndex = at;
  return at + (blanksAndMarks.exec(text)?.[0].length ?? 0);
}

function readString(text: string, start: number, end: number): string {
  const inside = text.slice(start + 1, end - 1);
  return inside.includes("\\") ? String(JSON.parse(text.slice(start, end))).toWellFormed() : inside;
}

function readWord(word: string): MutableJson {
  if (word === "null") return null;
  if (word === "true" || word === "false") return word === "true";
  const number = Number(word);
  if (Number.isSafeInteger(number)) return number;
  if (!Number.isFinite(number)) throw new NumberBeyond(word);
  return integer.test(word) ? BigInt(word) : number;
}

/** Where the string ends that begins there. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text[end - 1 - escapes] === "\\") escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}

/** JSON text to values, exactly: numbers keep all their digits and how they were written. Errors are worded as Go's. */
import { readNumber } from "./number.ts";
import { encodeUtf8, escapeRune } from "./text.ts";
import type { Value } from "./value.ts";

/** A value, or why the text has none. */
export type JsonResult = { readonly value: Value } | { readonly error: string };

/**
 * Where the exact reader must look: numbers that a double may not hold or print alike, and escapes, which may pair badly
 * and which Node 26.10 confuses in keys with backslashes that it read before.
 */
const needsCare = /[0-9][.eE]|[0-9]{16}|-0|\\|[\ud800-\udfff]/;

const deepest = 10_000;

/** Reads one JSON value. */
export function readJSON(text: string): JsonResult {
  if (!needsCare.test(text) && !mayBeTooDeep(text)) {
    try {
      // What JSON.parse makes is a value: plain objects, arrays and primitives.
      return { value: JSON.parse(text) as Value };
    } catch {
      // The exact reader says what is wrong.
    }
  }
  return read(() => new Reader(text).document());
}

/** Reads the JSON value that a text begins with. What follows it is not looked at. */
export function readFirstJSON(text: string): JsonResult {
  return read(() => new Reader(text).first());
}

/** Whether a text has brackets enough to nest deeper than Go reads. */
function mayBeTooDeep(text: string): boolean {
  if (text.length <= deepest) return false;
  let open = 0;
  for (let at = text.search(/[[{]/); at >= 0 && open <= deepest; at++) {
    const code = text.charCodeAt(at);
    if (code === 91 || code === 123) open++;
    else if (code === 93 || code === 125) open--;
    else if (Number.isNaN(code)) return false;
  }
  return open > deepest;
}

/** Whether a text is JSON as Go's `json.Valid` sees it. */
export function isValidJSON(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

class Malformed extends Error {}

function read(document: () => Value): JsonResult {
  try {
    return { value: document() };
  } catch (error) {
    if (error instanceof Malformed) return { error: error.message };
    throw error;
  }
}

/** Sets an entry of an object being made, `__proto__` like any other key. */
export function define(object: Record<string, Value>, key: string, value: Value): void {
  if (key === "__proto__") {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    object[key] = value;
  }
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

class Reader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  first(): Value {
    this.#space();
    if (this.#at >= this.#text.length) throw new Malformed("EOF");
    return this.#value();
  }

  document(): Value {
    const value = this.first();
    this.#space();
    if (this.#at < this.#text.length) this.#trailing();
    return value;
  }

  /** Words what follows the value as Go's decoder does, which reads one more token; a lone null escapes it. */
  #trailing(): void {
    const begin = this.#at;
    const start = this.#text.charAt(begin);
    let shown = start;
    if (start !== "[" && start !== "{") {
      const value = this.#value();
      if (value === null) return;
      if (typeof value === "boolean") shown = `%!s(bool=${value})`;
      else shown = typeof value === "string" ? value : this.#text.slice(begin, this.#at);
    }
    throw new Malformed(`error: invalid character '${shown}' after top-level value`);
  }

  #space(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.#at++;
    }
  }

  /** Ends reading at the present character, or at the end of the text. */
  #fail(context: string): never {
    if (this.#at >= this.#text.length) throw new Malformed("unexpected EOF");
    const byte = encodeUtf8(this.#text.slice(this.#at, this.#at + 2))[0] ?? 0;
    const shown = byte === 39 ? "\\'" : byte === 34 ? '"' : quotedByte(byte);
    throw new Malformed(`invalid character '${shown}' ${context}`);
  }

  #value(): Value {
    this.#space();
    const start = this.#text.charAt(this.#at);
    switch (start) {
      case "{":
        return this.#nested(() => this.#object());
      case "[":
        return this.#nested(() => this.#array());
      case '"':
        return this.#string();
      case "t":
        return this.#literal("true", true);
      case "f":
        return this.#literal("false", false);
      case "n":
        return this.#literal("null", null);
      default:
        if (start === "-" || (start >= "0" && start <= "9")) return this.#number();
        return this.#fail("looking for beginning of value");
    }
  }

  #nested(inner: () => Value): Value {
    this.#at++;
    if (++this.#depth > deepest) throw new Malformed("exceeded max depth");
    const value = inner();
    this.#depth--;
    return value;
  }

  #object(): Value {
    const object: Record<string, Value> = {};
    this.#space();
    if (this.#take("}")) return object;
    for (;;) {
      this.#space();
      if (this.#text.charAt(this.#at) !== '"') this.#fail("looking for beginning of object key string");
      const key = this.#string();
      this.#space();
      if (!this.#take(":")) this.#fail("after object key");
      define(object, key, this.#value());
      this.#space();
      if (this.#take("}")) return object;
      if (!this.#take(",")) this.#fail("after object key:value pair");
    }
  }

  #array(): Value {
    const array: Value[] = [];
    this.#space();
    if (this.#take("]")) return array;
    for (;;) {
      array.push(this.#value());
      this.#space();
      if (this.#take("]")) return array;
      if (!this.#take(",")) this.#fail("after array element");
    }
  }

  #take(character: string): boolean {
    if (this.#text.charAt(this.#at) !== character) return false;
    this.#at++;
    return true;
  }

  #literal<T extends Value>(word: string, value: T): T {
    for (let index = 0; index < word.length; index++) {
      const letter = word.charAt(index);
      if (!this.#take(letter)) this.#fail(`in literal ${word} (expecting '${letter}')`);
    }
    return value;
  }

  #number(): Value {
    const start = this.#at;
    this.#take("-");
    if (!this.#take("0") && !this.#digits()) this.#fail("in numeric literal");
    if (this.#take(".") && !this.#digits()) this.#fail("after decimal point in numeric literal");
    if (this.#take("e") || this.#take("E")) {
      if (!this.#take("+")) this.#take("-");
      if (!this.#digits()) this.#fail("in exponent of numeric literal");
    }
    const text = this.#text.slice(start, this.#at);
    const number = readNumber(text);
    if (number !== undefined) return number;
    // Go gives up on the number itself where its exponent leaves 32 bits.
    const exponent = Math.abs(Number(/[eE](.*)$/.exec(text)?.[1] ?? "0"));
    throw new Malformed(`invalid number: ${exponent > 0x7fff_fff0 ? "invalid float" : "number too big"}`);
  }

  #digits(): boolean {
    const start = this.#at;
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (!(code >= 48 && code <= 57)) return this.#at > start;
      this.#at++;
    }
  }

  #string(): string {
    this.#at++;
    let content = "";
    for (;;) {
      const start = this.#at;
      let code = this.#text.charCodeAt(this.#at);
      while (code >= 32 && code !== 34 && code !== 92 && (code & 0xf800) !== 0xd800) {
        code = this.#text.charCodeAt(++this.#at);
      }
      content += this.#text.slice(start, this.#at);
      if (this.#take('"')) return content;
      if (this.#take("\\")) content += this.#escape();
      else if ((code & 0xf800) === 0xd800) content += this.#pair();
      else this.#fail("in string literal");
    }
  }

  /** A character past U+FFFF; a byte that is not UTF-8 becomes the replacement character. */
  #pair(): string {
    const code = this.#text.codePointAt(this.#at) ?? 0xfffd;
    this.#at += code > 0xffff ? 2 : 1;
    return code > 0xffff ? String.fromCodePoint(code) : "\ufffd";
  }

  #escape(): string {
    const letter = this.#text.charAt(this.#at);
    const plain = escapes.get(letter);
    if (plain !== undefined) {
      this.#at++;
      return plain;
    }
    if (letter !== "u") this.#fail("in string escape code");
    this.#at++;
    const first = this.#hex();
    if ((first & 0xf800) !== 0xd800) return String.fromCharCode(first);
    if (first < 0xdc00 && /^\\u[dD][c-fC-F]/.test(this.#text.slice(this.#at, this.#at + 4))) {
      this.#at += 2;
      return String.fromCharCode(first, this.#hex());
    }
    return "\ufffd";
  }

  #hex(): number {
    const start = this.#at;
    while (this.#at < start + 4) {
      if (!/^[0-9a-fA-F]$/.test(this.#text.charAt(this.#at))) this.#fail("in \\u hexadecimal character escape");
      this.#at++;
    }
    return Number.parseInt(this.#text.slice(start, this.#at), 16);
  }
}

function quotedByte(byte: number): string {
  const named = new Map([
    [7, "\\a"],
    [8, "\\b"],
    [9, "\\t"],
    [10, "\\n"],
    [11, "\\v"],
    [12, "\\f"],
    [13, "\\r"],
    [92, "\\\\"],
  ]);
  return named.get(byte) ?? escapeRune(byte, false);
}

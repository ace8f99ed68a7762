/** A place in a YAML text that moves forward, counting lines and columns as YAML does. */
import { encodeUtf8 } from "../runtime/text.ts";
import { faultAt, YAMLFault } from "./node.ts";

/** A place that was passed. */
export interface Mark {
  /** From nought. */
  readonly line: number;
  /** In code points, from nought. */
  readonly column: number;
  /** In code points from the beginning. */
  readonly index: number;
}

/** How much of a text Go's library reads at once; what cannot be YAML at all is met when it is read. */
const chunk = 512;

/** Where the part begins that has a character in it which cannot be read, and what is wrong with that. */
interface Unreadable {
  readonly from: number;
  readonly problem: string;
}

/** Control characters, what is no character, and bytes outside UTF-8. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const forbidden = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]/u;

function unreadable(text: string): Unreadable {
  const bad = forbidden.exec(text)?.index;
  if (bad === undefined) return { from: Infinity, problem: "" };
  let bytes = 0;
  let from = 0;
  for (let at = 0; at < bad; at += 1) {
    const unit = text.charCodeAt(at);
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3;
    if (bytes < chunk) continue;
    bytes -= chunk;
    from = at + 1;
  }
  return { from, problem: problemOf(text, bad) };
}

function problemOf(text: string, at: number): string {
  const unit = text.charCodeAt(at);
  if (unit < 0xd800 || unit > 0xdfff) return "control characters are not allowed";
  const bytes = encodeUtf8(text.slice(at));
  const first = bytes[0] ?? 0;
  const length = (first & 0xe0) === 0xc0 ? 2 : (first & 0xf0) === 0xe0 ? 3 : (first & 0xf8) === 0xf0 ? 4 : 0;
  if (length === 0) return "invalid leading UTF-8 octet";
  if (bytes.length < length) return "incomplete UTF-8 octet sequence";
  for (const byte of bytes.slice(1, length)) if ((byte & 0xc0) !== 0x80) return "invalid trailing UTF-8 octet";
  const isSurrogate = first === 0xed && (bytes[1] ?? 0) >= 0xa0;
  return isSurrogate || first >= 0xf4 ? "invalid Unicode character" : "invalid length of a UTF-8 sequence";
}

/** A text and a place in it. */
export class Cursor {
  readonly #text: string;
  readonly #unreadable: Unreadable;
  #offset = 0;
  #line = 0;
  #column = 0;
  #index = 0;
  #atLineStart = false;

  constructor(text: string) {
    // A mark of the order of bytes is no part of the text.
    this.#text = text.startsWith("\ufeff") ? text.slice(1) : text;
    this.#unreadable = unreadable(this.#text);
    this.#checkReadable();
  }

  get mark(): Mark {
    return { line: this.#line, column: this.#column, index: this.#index };
  }

  get line(): number {
    return this.#line;
  }

  get column(): number {
    return this.#column;
  }

  /** Whether a line was ended, and nothing but blanks has followed. */
  get atLineStart(): boolean {
    return this.#atLineStart;
  }

  get index(): number {
    return this.#index;
  }

  /** The character at some distance from here; empty behind the end. */
  at(distance = 0): string {
    return this.#text.charAt(this.#offset + distance);
  }

  /** Whether the text goes on like this. */
  startsWith(prefix: string): boolean {
    return this.#text.startsWith(prefix, this.#offset);
  }

  /** What a sticky pattern matches here. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#offset;
    return pattern.exec(this.#text)?.[0];
  }

  /** Moves on by one character, which is no line break, and answers it. */
  take(): string {
    const code = this.#text.codePointAt(this.#offset);
    if (code === undefined) return "";
    const character = String.fromCodePoint(code);
    this.#offset += character.length;
    this.#column += 1;
    this.#index += 1;
    if (!isBlank(character)) this.#atLineStart = false;
    this.#checkReadable();
    return character;
  }

  skip(count: number): void {
    for (let times = 0; times < count; times += 1) this.take();
  }

  /** Moves behind a line break; answers what it stands for in a text. */
  takeBreak(): string {
    const character = this.at();
    const width = character === "\r" && this.at(1) === "\n" ? 2 : 1;
    this.#offset += width;
    this.#index += width;
    this.#column = 0;
    this.#line += 1;
    this.#atLineStart = true;
    this.#checkReadable();
    return character === "\u2028" || character === "\u2029" ? character : "\n";
  }

  /** The end of a text stands in a line of its own. */
  endLine(): void {
    if (this.#column === 0) return;
    this.#column = 0;
    this.#line += 1;
  }

  /** Moves to the end of the line. */
  takeLine(): void {
    while (!isBreakOrEnd(this.at())) this.take();
  }

  /** A fault of the text; `from` is where that began which it is a part of. */
  fault(problem: string, from: Mark = this.mark): YAMLFault {
    // The line of a scanner's fault counts from nought in the library, and one is added unless it is nought.
    const line = from.line === 0 ? this.#line : from.line;
    return faultAt(line === 0 ? 0 : line + 1, problem);
  }

  /** The library looks four characters ahead. */
  #checkReadable(): void {
    if (this.#offset + 4 > this.#unreadable.from) throw new YAMLFault(this.#unreadable.problem);
  }
}

export function isBlank(character: string): boolean {
  return character === " " || character === "\t";
}

/** Whether a character ends a line; the end of the text is none. */
export function isBreak(character: string): boolean {
  switch (character) {
    case "\n":
    case "\r":
    case "\u0085":
    case "\u2028":
    case "\u2029":
      return true;
    default:
      return false;
  }
}

/** Whether a character ends a line, or the text ends. */
export function isBreakOrEnd(character: string): boolean {
  return character === "" || isBreak(character);
}

/** Whether a word ends before a character. */
export function isSpace(character: string): boolean {
  return isBlank(character) || isBreakOrEnd(character);
}

/** Whether a line of its own parts documents here: `---` or `...`. */
export function isDocumentIndicator(cursor: Cursor): boolean {
  return cursor.column === 0 && (cursor.startsWith("---") || cursor.startsWith("...")) && isSpace(cursor.at(3));
}

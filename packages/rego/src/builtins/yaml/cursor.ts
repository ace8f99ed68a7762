/** A place in a text, and what YAML asks of the characters there. */
import { fail } from "../failure.ts";

/** A place: line and column are counted from 0, a character outside the first plane is one. */
export interface Mark {
  readonly at: number;
  readonly line: number;
  readonly column: number;
}

/** Ends the reading of tokens in Go's words. What is wrong began at `from`; Go does not name the first line. */
export function failScan(from: Mark, to: Mark, problem: string): never {
  const line = from.line === 0 ? to.line : from.line;
  fail(`yaml: ${line === 0 ? "" : `line ${line + 1}: `}${problem}`);
}

/** Ends the reading of nodes in Go's words, which count the lines otherwise here. */
export function failParse(from: Mark | undefined, to: Mark, problem: string): never {
  const line = from === undefined || from.line === 0 ? to.line : from.line;
  fail(`yaml: ${line === 0 ? "" : `line ${line}: `}${problem}`);
}

/** Where the scanner is. */
export class Cursor {
  readonly #text: string;
  #at = 0;
  #line = 0;
  #column = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get mark(): Mark {
    return { at: this.#at, line: this.#line, column: this.#column };
  }

  get at(): number {
    return this.#at;
  }

  get line(): number {
    return this.#line;
  }

  get column(): number {
    return this.#column;
  }

  /** The character so many further; empty past the end. */
  char(offset = 0): string {
    return this.#text.charAt(this.#at + offset);
  }

  /** Whether one of these characters is there. */
  isAnyOf(characters: string, offset = 0): boolean {
    const character = this.char(offset);
    return character !== "" && characters.includes(character);
  }

  startsWith(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  isEnd(offset = 0): boolean {
    return this.#at + offset >= this.#text.length;
  }

  isBlank(offset = 0): boolean {
    return this.isAnyOf(" \t", offset);
  }

  isBreak(offset = 0): boolean {
    return this.isAnyOf("\n\r\x85\u2028\u2029", offset);
  }

  /** Whether a word ends there. */
  isBlankOrEnd(offset = 0): boolean {
    return this.isEnd(offset) || this.isBlank(offset) || this.isBreak(offset);
  }

  /** Whether a line of a document's marks (`---`, `...`) is there. */
  isDocumentMark(): boolean {
    return this.#column === 0 && (this.startsWith("---") || this.startsWith("...")) && this.isBlankOrEnd(3);
  }

  /** Takes a character that breaks no line. */
  take(): string {
    const character = this.char();
    this.#at++;
    if ((character.charCodeAt(0) & 0xfc00) !== 0xdc00) this.#column++;
    return character;
  }

  /** Takes characters as long as they pass. */
  takeWhile(passes: (cursor: Cursor) => boolean): string {
    const start = this.#at;
    while (!this.isEnd() && passes(this)) this.take();
    return this.#text.slice(start, this.#at);
  }

  /** Takes a line break, and answers what it is in a text. */
  takeBreak(): string {
    const character = this.char();
    this.#at += this.startsWith("\r\n") ? 2 : 1;
    this.#line++;
    this.#column = 0;
    return character === "\u2028" || character === "\u2029" ? character : "\n";
  }

  /** At the end of the text a line begins that has nothing. */
  endLine(): void {
    if (this.#column === 0) return;
    this.#column = 0;
    this.#line++;
  }

  /** Leaves out a byte-order mark, which has no width. */
  skipMark(): void {
    this.#at++;
  }
}

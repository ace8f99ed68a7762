import { encodeUtf8, isPrintable, quote } from "../../runtime/text.ts";

/** What a token of a template is. */
export type TokenKind =
  | "error"
  | "boolean"
  | "character"
  | "characterConstant"
  | "complex"
  | "assign"
  | "declare"
  | "eof"
  | "field"
  | "identifier"
  | "leftDelimiter"
  | "leftParenthesis"
  | "number"
  | "pipe"
  | "rawString"
  | "rightDelimiter"
  | "rightParenthesis"
  | "space"
  | "string"
  | "text"
  | "variable"
  | Keyword;

/** A word that means something by itself; the cursor counts as one. */
export type Keyword =
  | "block"
  | "break"
  | "continue"
  | "dot"
  | "define"
  | "else"
  | "end"
  | "if"
  | "nil"
  | "range"
  | "template"
  | "with";

const keywords: ReadonlyMap<string, Keyword> = new Map(
  (["block", "break", "continue", "define", "else", "end", "if", "nil", "range", "template", "with"] as const).map(
    (word) => [word, word],
  ),
);

export interface Token {
  readonly kind: TokenKind;
  readonly at: number;
  readonly text: string;
  /** The line that it begins in. */
  readonly line: number;
}

/** A token as messages show it. */
export function tokenText({ kind, text }: Token): string {
  if (kind === "eof") return "EOF";
  if (kind === "error") return text;
  if (kind === "dot" || keywords.has(kind)) return `<${text}>`;
  const characters = Array.from(text);
  const isLong = characters.length > 10 || encodeUtf8(text).length > 10;
  return isLong ? `${quote(characters.slice(0, 10).join(""))}...` : quote(text);
}

const spaces = /^[ \t\r\n]$/;

function isSpace(character: string): boolean {
  return spaces.test(character);
}

function isAlphanumeric(character: string): boolean {
  return /^[\p{L}\p{Nd}_]$/u.test(character);
}

/** A character by number and, where it has one, by its face. */
function named(character: string): string {
  const code = character.codePointAt(0) ?? 0xfffd;
  const shown = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
  const number = `U+${shown.toString(16).toUpperCase().padStart(4, "0")}`;
  return isPrintable(shown) ? `${number} '${String.fromCodePoint(shown)}'` : number;
}

/** Splits a template into tokens, one at a time, as Go's lexer does. After an error there is nothing more. */
export class Lexer {
  #text: string;
  /** Where the token begins, and what is read of it. */
  #start = 0;
  #at = 0;
  #startLine = 1;
  #depth = 0;
  #isInside = false;

  constructor(text: string) {
    this.#text = text;
  }

  next(): Token {
    return this.#isInside ? this.#inside() : this.#outside();
  }

  #token(kind: TokenKind): Token {
    const text = this.#text.slice(this.#start, this.#at);
    const token = { kind, at: this.#start, text, line: this.#startLine };
    this.#skip();
    return token;
  }

  /** Passes over what is read. */
  #skip(): void {
    for (let at = this.#start; at < this.#at; at++) if (this.#text.charCodeAt(at) === 10) this.#startLine++;
    this.#start = this.#at;
  }

  #error(message: string): Token {
    const token: Token = { kind: "error", at: this.#start, text: message, line: this.#startLine };
    this.#text = "";
    this.#start = 0;
    this.#at = 0;
    return token;
  }

  #peek(): string {
    const code = this.#text.codePointAt(this.#at);
    return code === undefined ? "" : String.fromCodePoint(code);
  }

  #read(): string {
    const character = this.#peek();
    this.#at += character.length;
    return character;
  }

  #startsWith(text: string, offset = 0): boolean {
    return this.#text.startsWith(text, this.#at + offset);
  }

  #hasLeftTrim(): boolean {
    return this.#startsWith("-") && isSpace(this.#text.charAt(this.#at + 1));
  }

  /** The length of a right delimiter here, with its trim marker; zero where there is none. */
  #rightDelimiter(): number {
    if (isSpace(this.#text.charAt(this.#at)) && this.#startsWith("-}}", 1)) return 4;
    return this.#startsWith("}}") ? 2 : 0;
  }

  #outside(): Token {
    for (;;) {
      const found = this.#text.indexOf("{{", this.#at);
      if (found < 0) {
        this.#at = this.#text.length;
        return this.#token(this.#at > this.#start ? "text" : "eof");
      }
      if (found > this.#at) {
        const text = this.#textBefore(found);
        if (text.text !== "") return text;
      }
      const token = this.#leftDelimiter();
      if (token !== undefined) return token;
    }
  }

  #textBefore(found: number): Token {
    this.#at = found + 2;
    let end = found;
    if (this.#hasLeftTrim()) while (end > this.#start && isSpace(this.#text.charAt(end - 1))) end--;
    this.#at = end;
    const token = this.#token("text");
    this.#at = found;
    this.#skip();
    return token;
  }

  /** An action's beginning; nothing where it is a comment, which is passed over. */
  #leftDelimiter(): Token | undefined {
    this.#at += 2;
    const trim = this.#hasLeftTrim() ? 2 : 0;
    if (this.#startsWith("/*", trim)) {
      this.#at += trim;
      this.#skip();
      return this.#comment();
    }
    const token = this.#token("leftDelimiter");
    this.#isInside = true;
    this.#at += trim;
    this.#skip();
    this.#depth = 0;
    return token;
  }

  #comment(): Token | undefined {
    const end = this.#text.indexOf("*/", this.#at + 2);
    if (end < 0) return this.#error("unclosed comment");
    this.#at = end + 2;
    const delimiter = this.#rightDelimiter();
    if (delimiter === 0) return this.#error("comment ends before closing delimiter");
    this.#at += delimiter;
    if (delimiter === 4) this.#spaces();
    this.#skip();
    return undefined;
  }

  #spaces(): void {
    while (isSpace(this.#text.charAt(this.#at))) this.#at++;
  }

  #endAction(delimiter: number): Token {
    this.#at += delimiter - 2;
    this.#skip();
    this.#at += 2;
    const token = this.#token("rightDelimiter");
    if (delimiter === 4) {
      this.#spaces();
      this.#skip();
    }
    this.#isInside = false;
    return token;
  }

  #inside(): Token {
    const delimiter = this.#rightDelimiter();
    if (delimiter > 0) return this.#depth === 0 ? this.#endAction(delimiter) : this.#error("unclosed left paren");
    const character = this.#read();
    switch (character) {
      case "":
        return this.#error("unclosed action");
      case "=":
        return this.#token("assign");
      case ":":
        return this.#read() === "=" ? this.#token("declare") : this.#error("expected :=");
      case "|":
        return this.#token("pipe");
      case '"':
        return this.#quoted('"', "string", "unterminated quoted string");
      case "'":
        return this.#quoted("'", "characterConstant", "unterminated character constant");
      case "`":
        return this.#rawString();
      case "$":
        return this.#fieldOrVariable("variable");
      case "(":
        this.#depth++;
        return this.#token("leftParenthesis");
      case ")":
        return --this.#depth < 0 ? this.#error("unexpected right paren") : this.#token("rightParenthesis");
      default:
        return this.#other(character);
    }
  }

  #other(character: string): Token {
    if (isSpace(character)) return this.#space();
    if (character === "." && this.#at < this.#text.length && !/^[0-9]$/.test(this.#text.charAt(this.#at))) {
      return this.#fieldOrVariable("field");
    }
    if (/^[+\-.0-9]$/.test(character)) {
      this.#at--;
      return this.#number();
    }
    if (isAlphanumeric(character)) return this.#word();
    if (character >= "!" && character <= "~") return this.#token("character");
    return this.#error(`unrecognized character in action: ${named(character)}`);
  }

  /** Spaces; the last may belong to a right delimiter with a trim marker. */
  #space(): Token {
    this.#spaces();
    if (this.#startsWith("-}}")) {
      this.#at--;
      if (this.#at === this.#start) return this.#endAction(4);
    }
    return this.#token("space");
  }

  #word(): Token {
    while (isAlphanumeric(this.#peek())) this.#read();
    if (!this.#isTerminated()) return this.#error(`bad character ${named(this.#peek())}`);
    const word = this.#text.slice(this.#start, this.#at);
    if (word === "true" || word === "false") return this.#token("boolean");
    return this.#token(keywords.get(word) ?? "identifier");
  }

  #fieldOrVariable(kind: "field" | "variable"): Token {
    if (this.#isTerminated()) return this.#token(kind === "variable" ? "variable" : "dot");
    while (isAlphanumeric(this.#peek())) this.#read();
    return this.#isTerminated() ? this.#token(kind) : this.#error(`bad character ${named(this.#peek())}`);
  }

  /** Whether a name may end here. */
  #isTerminated(): boolean {
    const character = this.#peek();
    return character === "" || /^[ \t\r\n.,|:()]$/.test(character) || this.#startsWith("}}");
  }

  #quoted(mark: string, kind: "string" | "characterConstant", unterminated: string): Token {
    for (;;) {
      let character = this.#read();
      if (character === mark) return this.#token(kind);
      if (character === "\\") {
        character = this.#read();
        if (character !== "" && character !== "\n") continue;
      }
      if (character === "" || character === "\n") return this.#error(unterminated);
    }
  }

  #rawString(): Token {
    const end = this.#text.indexOf("`", this.#at);
    if (end < 0) return this.#error("unterminated raw quoted string");
    this.#at = end + 1;
    return this.#token("rawString");
  }

  #number(): Token {
    let isNumber = this.#scanNumber();
    const isComplex = isNumber && /^[+-]$/.test(this.#peek());
    if (isComplex) isNumber = this.#scanNumber() && this.#text.charAt(this.#at - 1) === "i";
    if (isNumber) return this.#token(isComplex ? "complex" : "number");
    return this.#error(`bad number syntax: ${quote(this.#text.slice(this.#start, this.#at))}`);
  }

  #scanNumber(): boolean {
    this.#accept(/^[+-]$/);
    let digits = /^[0-9_]$/;
    let exponent: RegExp | undefined = /^[eE]$/;
    if (this.#accept(/^0$/)) {
      if (this.#accept(/^[xX]$/)) [digits, exponent] = [/^[0-9a-fA-F_]$/, /^[pP]$/];
      else if (this.#accept(/^[oO]$/)) [digits, exponent] = [/^[0-7_]$/, undefined];
      else if (this.#accept(/^[bB]$/)) [digits, exponent] = [/^[01_]$/, undefined];
    }
    this.#acceptRun(digits);
    if (this.#accept(/^\.$/)) this.#acceptRun(digits);
    if (exponent !== undefined && this.#accept(exponent)) {
      this.#accept(/^[+-]$/);
      this.#acceptRun(/^[0-9_]$/);
    }
    this.#accept(/^i$/);
    if (!isAlphanumeric(this.#peek())) return true;
    this.#read();
    return false;
  }

  #accept(characters: RegExp): boolean {
    if (!characters.test(this.#text.charAt(this.#at))) return false;
    this.#at++;
    return true;
  }

  #acceptRun(characters: RegExp): void {
    while (this.#accept(characters));
  }
}

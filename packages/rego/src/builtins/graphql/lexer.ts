import { GraphqlError } from "./graphql-error.ts";
import type { Place } from "./document.ts";

export type TokenKind =
  | "<Invalid>"
  | "<EOF>"
  | "!"
  | "$"
  | "&"
  | "("
  | ")"
  | "..."
  | ":"
  | "="
  | "@"
  | "["
  | "]"
  | "{"
  | "}"
  | "|"
  | "Name"
  | "Int"
  | "Float"
  | "String"
  | "BlockString"
  | "Comment";

export interface Token {
  readonly kind: TokenKind;
  readonly value: string;
  readonly place: Place;
  /** Why it is invalid: raised when the token is consumed, since a parser that only looks at it words it differently. */
  readonly error?: GraphqlError;
}

const punctuators = "!$&():=@[]{}|";

/** Reads tokens from a GraphQL text, one at a time. Columns count code points, as gqlparser's do. */
export class Lexer {
  readonly #characters: readonly string[];
  #at = 0;
  #start = 0;
  #line = 1;
  #lineStart = 0;

  constructor(text: string) {
    this.#characters = Array.from(text);
  }

  /** The next token; at the end, `<EOF>` for ever. */
  read(): Token {
    this.#skipSpace();
    this.#start = this.#at;
    const character = this.#characters[this.#at];
    if (character === undefined) return this.#token("<EOF>", "");
    if (punctuators.includes(character)) {
      this.#at += 1;
      // as: the test above makes it one of the punctuators
      return this.#token(character as TokenKind, "");
    }
    if (character === "." && this.#peek(1) === "." && this.#peek(2) === ".") {
      this.#at += 3;
      return this.#token("...", "");
    }
    if (character === "#") return this.#comment();
    if (/[A-Za-z_]/.test(character)) return this.#name();
    if (character === "-" || isDigit(character)) return this.#number();
    if (character === '"') return this.#peek(1) === '"' && this.#peek(2) === '"' ? this.#blockString() : this.#string();
    return this.#unexpected(character);
  }

  #peek(ahead: number): string | undefined {
    return this.#characters[this.#at + ahead];
  }

  #text(): string {
    return this.#characters.slice(this.#start, this.#at).join("");
  }

  #token(kind: TokenKind, value: string): Token {
    return { kind, value, place: { line: this.#line, column: this.#start - this.#lineStart + 1 } };
  }

  #invalid(message: string): Token {
    const place = { line: this.#line, column: this.#at - this.#lineStart + 1 };
    return { kind: "<Invalid>", value: "", place, error: new GraphqlError(message, place) };
  }

  #unexpected(character: string): Token {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20) return this.#invalid(`Cannot contain the invalid character "\\u${hex4(code)}"`);
    if (character === "'") {
      return this.#invalid(`Unexpected single quote character ('), did you mean to use a double quote (")?`);
    }
    // Only the first byte of the character's UTF-8 is looked at, and shown as if it were a code point.
    return this.#invalid(`Cannot parse the unexpected character "${String.fromCodePoint(firstByte(code))}".`);
  }

  #skipSpace(): void {
    for (;;) {
      const character = this.#characters[this.#at];
      if (character === "\n") this.#newLine();
      else if (character === "\r") {
        // The line is counted from after the carriage return, even where a newline follows.
        this.#newLine();
        if (this.#characters[this.#at] === "\n") this.#at += 1;
      } else if (character === "\t" || character === " " || character === "," || character === "\ufeff") this.#at += 1;
      else return;
    }
  }

  #newLine(): void {
    this.#at += 1;
    this.#line += 1;
    this.#lineStart = this.#at;
  }

  #comment(): Token {
    for (;;) {
      const character = this.#characters[this.#at];
      if (character === undefined || (character < " " && character !== "\t")) break;
      this.#at += 1;
    }
    return this.#token("Comment", this.#text());
  }

  #name(): Token {
    while (/^[0-9A-Za-z_]$/.test(this.#characters[this.#at] ?? "")) this.#at += 1;
    return this.#token("Name", this.#text());
  }

  #number(): Token {
    if (this.#peek(0) === "-") this.#at += 1;
    if (this.#peek(0) === "0") {
      this.#at += 1;
      if (isDigit(this.#peek(0))) {
        return this.#invalid(`Invalid number, unexpected digit after 0: ${this.#describeNext()}.`);
      }
    } else if (!this.#digits()) return this.#digitExpected();
    let float = false;
    if (this.#peek(0) === ".") {
      float = true;
      this.#at += 1;
      if (!this.#digits()) return this.#digitExpected();
    }
    if (this.#peek(0) === "e" || this.#peek(0) === "E") {
      float = true;
      this.#at += 1;
      if (this.#peek(0) === "-" || this.#peek(0) === "+") this.#at += 1;
      if (!this.#digits()) return this.#digitExpected();
    }
    return this.#token(float ? "Float" : "Int", this.#text());
  }

  #digits(): boolean {
    const before = this.#at;
    while (isDigit(this.#peek(0))) this.#at += 1;
    return this.#at > before;
  }

  #digitExpected(): Token {
    return this.#invalid(`Invalid number, expected digit but got: ${this.#describeNext()}.`);
  }

  #describeNext(): string {
    const next = this.#peek(0);
    return next === undefined ? "<EOF>" : `"${String.fromCodePoint(firstByte(next.codePointAt(0) ?? 0))}"`;
  }

  #string(): Token {
    this.#at += 1;
    this.#start = this.#at;
    let value = "";
    for (;;) {
      const character = this.#characters[this.#at];
      if (character === undefined || character === "\n" || character === "\r")
        return this.#invalid("Unterminated string.");
      if (character < " " && character !== "\t") {
        return this.#invalid(`Invalid character within String: "\\u${hex4(character.charCodeAt(0))}".`);
      }
      if (character === '"') {
        const token = this.#token("String", value);
        this.#at += 1;
        return token;
      }
      if (character === "\\") {
        const escaped = this.#escape();
        if (typeof escaped !== "string") return escaped;
        value += escaped;
      } else {
        value += character;
        this.#at += 1;
      }
    }
  }

  /** Reads one escape sequence: what it stands for, or the invalid token. */
  #escape(): string | Token {
    const simple: Readonly<Record<string, string>> = {
      '"': '"',
      "/": "/",
      "\\": "\\",
      b: "\b",
      f: "\f",
      n: "\n",
      r: "\r",
      t: "\t",
    };
    const escape = this.#peek(1);
    if (escape === undefined) {
      this.#at += 1;
      return this.#invalid("Invalid character escape sequence.");
    }
    if (escape === "u") {
      const rest = this.#characters.slice(this.#at + 1);
      const digits = rest.slice(1, 5).join("");
      if (rest.length < 6 || !/^[0-9A-Fa-f]{4}$/.test(digits)) {
        this.#at += 1;
        return this.#invalid(
          `Invalid character escape sequence: \\${rest.slice(0, rest.length < 6 ? rest.length : 5).join("")}.`,
        );
      }
      this.#at += 6;
      const code = Number.parseInt(digits, 16);
      return code >= 0xd800 && code <= 0xdfff ? "\ufffd" : String.fromCharCode(code);
    }
    if (!Object.hasOwn(simple, escape)) {
      this.#at += 1;
      return this.#invalid(`Invalid character escape sequence: \\${escape}.`);
    }
    this.#at += 2;
    return simple[escape] ?? "";
  }

  #blockString(): Token {
    this.#at += 3;
    this.#start = this.#at;
    let raw = "";
    for (;;) {
      const character = this.#characters[this.#at];
      if (character === undefined) return this.#invalid("Unterminated string.");
      if (character === '"') {
        let quotes = 1;
        while (this.#peek(quotes) === '"') quotes += 1;
        if (quotes >= 3) {
          const token = this.#token("BlockString", blockText(raw + '"'.repeat(quotes - 3)));
          this.#at += quotes;
          return token;
        }
      }
      if (character < " " && character !== "\t" && character !== "\n" && character !== "\r") {
        return this.#invalid(`Invalid character within String: "\\u${hex4(character.charCodeAt(0))}".`);
      }
      if (character === "\\" && this.#peek(1) === '"' && this.#peek(2) === '"' && this.#peek(3) === '"') {
        raw += '"""';
        this.#at += 4;
      } else if (character === "\r") {
        if (this.#peek(1) === "\n") this.#at += 1;
        raw += "\n";
        this.#newLine();
      } else if (character === "\n") {
        raw += "\n";
        this.#newLine();
      } else {
        raw += character;
        this.#at += 1;
      }
    }
  }
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= "0" && character <= "9";
}

function hex4(code: number): string {
  return code.toString(16).padStart(4, "0");
}

function firstByte(code: number): number {
  if (code < 0x80) return code;
  if (code < 0x800) return 0xc0 | (code >> 6);
  if (code < 0x10000) return 0xe0 | (code >> 12);
  return 0xf0 | (code >> 18);
}

/** The text of a block string: the indent that all lines share goes, and so do blank lines at both ends. */
function blockText(raw: string): string {
  const lines = raw.split("\n");
  const indentOf = (line: string): number => /[^ \t]/.exec(line)?.index ?? Number.POSITIVE_INFINITY;
  const common = Math.min(...lines.map(indentOf));
  const trimmed = lines.map((line, index) => {
    if (index === 0 || !Number.isFinite(common)) return line;
    return line.length < common ? "" : line.slice(common);
  });
  const filled = trimmed.map((line) => Number.isFinite(indentOf(line)));
  return trimmed.slice(Math.max(filled.indexOf(true), 0), filled.lastIndexOf(true) + 1).join("\n");
}

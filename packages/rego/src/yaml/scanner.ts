/**
 * YAML text to tokens, as far ahead of the parser as Go's library is: of two faults, one of the tokens and one of their
 * order, the one is told that it would meet first.
 *
 * Whether a text is a key shows only at the colon behind it; so places where a key may have begun are remembered, one
 * for each level of brackets, and the token that says "key" is put in front of it afterwards.
 */
import { Cursor, isBreak, isDocumentIndicator, isSpace, type Mark } from "./cursor.ts";
import type { YAMLFault } from "./node.ts";
import { scanAlias, scanDirective, scanTag } from "./scan-property.ts";
import { scanBlock, scanPlain, scanQuoted } from "./scan-scalar.ts";
import type { Token, TokenKind } from "./token.ts";

/** A place where a key may have begun. */
interface PossibleKey {
  readonly possible: boolean;
  /** Nothing but a key can be there. */
  readonly required: boolean;
  /** The token in front of which it is. */
  readonly token: number;
  readonly mark: Mark;
}

/** How deep collections may be in one another. */
const deepest = 10_000;
/** How long a key without `?` may be. */
const longestKey = 1024;
/** How far comments are looked for. */
const reach = 512;

const flowIndicators: ReadonlyMap<string, TokenKind> = new Map([
  ["[", "flowSequence"],
  ["{", "flowMapping"],
  ["]", "flowSequenceEnd"],
  ["}", "flowMappingEnd"],
  [",", "flowEntry"],
]);

/** The tokens of one text. */
export class Scanner {
  readonly #cursor: Cursor;
  readonly #queue: Token[] = [];
  #taken = 0;
  #started = false;
  #ready = false;
  #flowLevel = 0;
  #indent = -1;
  readonly #indents: number[] = [];
  #keyAllowed = true;
  readonly #keys: PossibleKey[] = [];
  /** The levels of possible keys by their tokens, as far as the library still knows them. */
  readonly #keyLevels = new Map<number, number>();

  constructor(text: string) {
    this.#cursor = new Cursor(text);
  }

  /** The next token, which stays the next. */
  peek(): Token {
    if (!this.#ready) this.#fill();
    this.#ready = true;
    return this.#queue[0]!;
  }

  /** The next token. */
  next(): Token {
    const token = this.peek();
    this.#queue.shift();
    this.#taken += 1;
    this.#ready = false;
    return token;
  }

  /** Reads until there are two tokens behind the next one, and it is known whether that is a key. */
  #fill(): void {
    for (;;) {
      if (this.#queue.length > 2) {
        const level = this.#keyLevels.get(this.#taken);
        if (level === undefined || !this.#isStillPossible(level)) return;
      }
      this.#fetch();
    }
  }

  #push(kind: TokenKind, mark: Mark = this.#cursor.mark, more: Partial<Token> = {}): void {
    this.#queue.push({ ...more, kind, mark });
  }

  #fetch(): void {
    const cursor = this.#cursor;
    if (!this.#started) {
      this.#started = true;
      this.#keys.push({ possible: false, required: false, token: 0, mark: cursor.mark });
      this.#push("streamStart");
      return;
    }
    const before = cursor.mark;
    this.#skipToToken();
    this.#unroll(cursor.column, before);
    const character = cursor.at();
    if (character === "") this.#streamEnd();
    else if (cursor.column === 0 && character === "%") this.#directive();
    else if (isDocumentIndicator(cursor)) this.#documentIndicator(character === "-" ? "documentStart" : "documentEnd");
    else {
      this.#fetchContent(character);
      // What follows a dash in its line belongs to what comes next.
      if (this.#queue.at(-1)?.kind !== "blockEntry") this.#skipLineComment();
    }
  }

  #fetchContent(character: string): void {
    const cursor = this.#cursor;
    const standsAlone = isSpace(cursor.at(1));
    const inFlow = this.#flowLevel > 0;
    const flow = flowIndicators.get(character);
    if (flow !== undefined) return this.#flowIndicator(flow);
    switch (character) {
      case "-":
        if (standsAlone) return this.#blockEntry();
        break;
      case "?":
        if (inFlow || standsAlone) return this.#key();
        break;
      case ":":
        if (inFlow || standsAlone) return this.#value();
        break;
      case "*":
      case "&":
      case "!":
        return this.#property(character);
      case "|":
      case ">":
        if (!inFlow) return this.#block();
        throw this.#noToken();
      case "'":
      case '"':
        return this.#scalar(() => ({ text: scanQuoted(cursor, character), plain: false, endsLine: false }));
      case "%":
      case "@":
      case "`":
      case "\t":
        throw this.#noToken();
      default:
        break;
    }
    this.#scalar(() => ({ ...scanPlain(cursor, inFlow, this.#indent + 1), plain: true }));
  }

  #noToken(): YAMLFault {
    return this.#cursor.fault("found character that cannot start any token");
  }

  /** A key that was possible is none any more behind its line, or too far behind its beginning. */
  #isStillPossible(level: number): boolean {
    const key = this.#keys[level];
    if (key?.possible !== true) return false;
    const { line, index } = this.#cursor;
    if (key.mark.line >= line && key.mark.index + longestKey >= index) return true;
    if (key.required) throw this.#cursor.fault("could not find expected ':'", key.mark);
    this.#keys[level] = { ...key, possible: false };
    return false;
  }

  /** Remembers that a key may begin here. */
  #saveKey(): void {
    if (!this.#keyAllowed) return;
    const { mark, column } = this.#cursor;
    const required = this.#flowLevel === 0 && this.#indent === column;
    this.#removeKey();
    const level = this.#keys.length - 1;
    const token = this.#taken + this.#queue.length;
    this.#keys[level] = { possible: true, required, token, mark };
    this.#keyLevels.set(token, level);
  }

  #removeKey(): void {
    const level = this.#keys.length - 1;
    const key = this.#keys[level];
    if (key?.possible !== true) return;
    if (key.required) throw this.#cursor.fault("could not find expected ':'", key.mark);
    this.#forget(level, key);
  }

  #forget(level: number, key: PossibleKey): void {
    this.#keys[level] = { ...key, possible: false };
    this.#keyLevels.delete(key.token);
  }

  /** Opens a block where the text goes in; `at` is where in the queue that is said. */
  #roll(column: number, kind: TokenKind, mark: Mark, at: number): void {
    if (this.#flowLevel > 0 || this.#indent >= column) return;
    this.#indents.push(this.#indent);
    this.#indent = column;
    if (this.#indents.length > deepest) {
      throw this.#cursor.fault(`exceeded max depth of ${deepest}`, this.#keys.at(-1)?.mark);
    }
    this.#insert(at, { kind, mark });
  }

  /** Puts a token where it belongs; one that comes too late, since the parser is past that place, at the end. */
  #insert(at: number, token: Token): void {
    this.#queue.splice(at < 0 ? this.#queue.length : at, 0, token);
  }

  /** Closes the blocks that end where the text goes out. */
  #unroll(column: number, mark: Mark): void {
    if (this.#flowLevel > 0) return;
    while (this.#indent > column) {
      this.#push("blockEnd", mark);
      this.#indent = this.#indents.pop() ?? -1;
    }
  }

  #streamEnd(): void {
    this.#cursor.endLine();
    this.#unroll(-1, this.#cursor.mark);
    this.#removeKey();
    this.#keyAllowed = false;
    this.#push("streamEnd");
  }

  #directive(): void {
    this.#unroll(-1, this.#cursor.mark);
    this.#removeKey();
    this.#keyAllowed = false;
    this.#queue.push(scanDirective(this.#cursor));
  }

  #documentIndicator(kind: TokenKind): void {
    const { mark } = this.#cursor;
    this.#unroll(-1, mark);
    this.#removeKey();
    this.#keyAllowed = false;
    this.#cursor.skip(3);
    this.#push(kind, mark);
  }

  #flowIndicator(kind: TokenKind): void {
    const { mark } = this.#cursor;
    switch (kind) {
      case "flowSequence":
      case "flowMapping":
        this.#saveKey();
        this.#keys.push({ possible: false, required: false, token: this.#taken + this.#queue.length, mark });
        this.#flowLevel += 1;
        if (this.#flowLevel > deepest) throw this.#cursor.fault(`exceeded max depth of ${deepest}`, mark);
        this.#keyAllowed = true;
        break;
      case "flowEntry":
        this.#removeKey();
        this.#keyAllowed = true;
        break;
      default:
        this.#removeKey();
        if (this.#flowLevel > 0) {
          this.#flowLevel -= 1;
          // Of brackets with no key in them this is their own token: the library forgets that they may be one.
          this.#keyLevels.delete(this.#keys.pop()?.token ?? 0);
        }
        this.#keyAllowed = false;
        break;
    }
    this.#cursor.take();
    this.#push(kind, mark);
  }

  #blockEntry(): void {
    const { mark, column } = this.#cursor;
    // In brackets it is the parser that complains.
    if (this.#flowLevel === 0) {
      if (!this.#keyAllowed) {
        throw this.#cursor.fault("block sequence entries are not allowed in this context");
      }
      this.#roll(column, "blockSequence", mark, this.#queue.length);
    }
    this.#removeKey();
    this.#keyAllowed = true;
    this.#cursor.take();
    this.#push("blockEntry", mark);
  }

  #key(): void {
    const { mark, column } = this.#cursor;
    if (this.#flowLevel === 0) {
      if (!this.#keyAllowed) throw this.#cursor.fault("mapping keys are not allowed in this context");
      this.#roll(column, "blockMapping", mark, this.#queue.length);
    }
    this.#removeKey();
    this.#keyAllowed = this.#flowLevel === 0;
    this.#cursor.take();
    this.#push("key", mark);
  }

  #value(): void {
    const { mark, column } = this.#cursor;
    const level = this.#keys.length - 1;
    const key = this.#keys[level];
    if (key !== undefined && this.#isStillPossible(level)) {
      const at = key.token - this.#taken;
      this.#insert(at, { kind: "key", mark: key.mark });
      this.#roll(key.mark.column, "blockMapping", key.mark, at);
      this.#forget(level, key);
      this.#keyAllowed = false;
    } else {
      if (this.#flowLevel === 0) {
        if (!this.#keyAllowed) throw this.#cursor.fault("mapping values are not allowed in this context");
        this.#roll(column, "blockMapping", mark, this.#queue.length);
      }
      this.#keyAllowed = this.#flowLevel === 0;
    }
    this.#cursor.take();
    this.#push("value", mark);
  }

  #property(indicator: "*" | "&" | "!"): void {
    this.#saveKey();
    this.#keyAllowed = false;
    this.#queue.push(indicator === "!" ? scanTag(this.#cursor) : scanAlias(this.#cursor, indicator));
  }

  #block(): void {
    this.#removeKey();
    this.#keyAllowed = true;
    const { mark } = this.#cursor;
    this.#push("scalar", mark, { text: scanBlock(this.#cursor, this.#indent), plain: false });
  }

  #scalar(scan: () => { readonly text: string; readonly plain: boolean; readonly endsLine: boolean }): void {
    this.#saveKey();
    this.#keyAllowed = false;
    const { mark } = this.#cursor;
    const { text, plain, endsLine } = scan();
    if (endsLine) this.#keyAllowed = true;
    this.#push("scalar", mark, { text, plain });
  }

  /** Skips what is no token. Tabs are white space where no key may begin. */
  #skipToToken(): void {
    const cursor = this.#cursor;
    for (;;) {
      // A second mark of the order of bytes is passed over, but none further down.
      if (cursor.index === 0 && cursor.at() === "\ufeff") cursor.take();
      while (cursor.at() === " " || ((this.#flowLevel > 0 || !this.#keyAllowed) && cursor.at() === "\t")) cursor.take();
      if (cursor.at() === "#") this.#skipComments();
      if (!isBreak(cursor.at())) return;
      cursor.takeBreak();
      if (this.#flowLevel === 0) this.#keyAllowed = true;
    }
  }

  /** A comment, and those that stand below it, whatever they are indented with. */
  #skipComments(): void {
    const cursor = this.#cursor;
    let gap: string | undefined = "#";
    while (gap !== undefined && gap.length <= reach) {
      while (cursor.at() !== "#") {
        if (isBreak(cursor.at())) cursor.takeBreak();
        else cursor.take();
      }
      cursor.takeLine();
      // The library looks byte by byte here, and takes no line break for one that is longer.
      gap = cursor.match(/[ \t\r\n]*#/y);
    }
  }

  #skipLineComment(): void {
    const cursor = this.#cursor;
    if (cursor.atLineStart) return;
    const gap = cursor.match(/[ \t]*#/y);
    if (gap !== undefined && gap.length <= reach) cursor.takeLine();
  }
}

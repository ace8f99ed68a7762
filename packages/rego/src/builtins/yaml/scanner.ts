/**
 * The tokens of a text of YAML, as Go's library finds them: YAML 1.1, with what is wrong said in its words. A key is known
 * for one by the colon behind it, so that tokens are put in before what has been found already.
 */
import { fail } from "../failure.ts";
import { Cursor, failScan, type Mark } from "./cursor.ts";
import { scanBlock, scanPlain, scanQuoted } from "./scan-scalar.ts";
import { scanDirective, scanName, scanTag } from "./scan-tag.ts";
import type { Token } from "./token.ts";

/** Where a key without a question mark may have begun. */
interface PossibleKey {
  /** The number of its first token. */
  readonly token: number;
  readonly mark: Mark;
  /** Whether there must be a key here: nothing else may stand at this indentation. */
  readonly required: boolean;
}

/** Tokens that are looked at before the first of them is given out, which decides what mistake is met first. */
const LOOKAHEAD = 3;

/** A key without a question mark is no longer than this, and on one line. */
const LONGEST_KEY = 1024;

const DEEPEST = 10_000;

const TOO_DEEP = `exceeded max depth of ${DEEPEST}`;

/** Reads tokens one after the other. */
export class Scanner {
  readonly #cursor: Cursor;
  #tokens: Token[] = [];
  #given = 0;
  #indent = -1;
  readonly #indents: number[] = [];
  /** For each level of flow collections. */
  readonly #keys: (PossibleKey | undefined)[] = [undefined];
  /** The number of the token that the last key of each level began with, or that began the level. */
  readonly #firstTokens: number[] = [0];
  readonly #keyOfToken: Map<number, PossibleKey> = new Map();
  #keyAllowed = true;
  #isReady = false;

  constructor(text: string) {
    this.#cursor = new Cursor(text);
    this.#push("stream start", this.#cursor.mark);
  }

  /** The next token, which stays. */
  peek(): Token {
    while (!this.#isReady) {
      if (this.#tokens.length >= LOOKAHEAD && !this.#mayBeKey()) this.#isReady = true;
      else this.#fetch();
    }
    return this.#tokens[0] ?? fail("yaml: did not find expected <stream-start>");
  }

  /** The next token, which is gone then. */
  take(): Token {
    const token = this.peek();
    this.#tokens.shift();
    this.#given++;
    this.#isReady = false;
    return token;
  }

  get #flowLevel(): number {
    return this.#keys.length - 1;
  }

  #mayBeKey(): boolean {
    const key = this.#keyOfToken.get(this.#given);
    return key !== undefined && this.#isStillPossible(key);
  }

  #isStillPossible(key: PossibleKey): boolean {
    const cursor = this.#cursor;
    if (key.mark.line === cursor.line && key.mark.at + LONGEST_KEY >= cursor.at) return true;
    if (key.required) failScan(key.mark, cursor.mark, "could not find expected ':'");
    this.#forget(key);
    return false;
  }

  #forget(key: PossibleKey): void {
    this.#keyOfToken.delete(key.token);
    const level = this.#keys.lastIndexOf(key);
    if (level >= 0) this.#keys[level] = undefined;
  }

  /** What begins here may be a key. */
  #saveKey(): void {
    if (!this.#keyAllowed) return;
    const { mark } = this.#cursor;
    const required = this.#flowLevel === 0 && this.#indent === mark.column;
    this.#removeKey();
    const key = { token: this.#given + this.#tokens.length, mark, required };
    this.#keys[this.#flowLevel] = key;
    this.#firstTokens[this.#flowLevel] = key.token;
    this.#keyOfToken.set(key.token, key);
  }

  #removeKey(): void {
    const key = this.#keys.at(-1);
    if (key === undefined) return;
    if (key.required) failScan(key.mark, this.#cursor.mark, "could not find expected ':'");
    this.#forget(key);
  }

  #push(
    kind: Exclude<Token["kind"], "version" | "tag directive" | "alias" | "anchor" | "tag" | "scalar">,
    start: Mark,
  ): void {
    this.#tokens.push({ kind, start, end: this.#cursor.mark });
  }

  /** Begins a block at a column where it is further in than the one around it. */
  #roll(kind: "block sequence start" | "block mapping start", mark: Mark, before = this.#tokens.length): void {
    if (this.#flowLevel > 0 || this.#indent >= mark.column) return;
    this.#indents.push(this.#indent);
    this.#indent = mark.column;
    if (this.#indents.length > DEEPEST) failScan(mark, this.#cursor.mark, TOO_DEEP);
    this.#tokens.splice(before, 0, { kind, start: mark, end: mark });
  }

  /** Ends the blocks that are further in than a column. */
  #unroll(column: number, mark: Mark): void {
    if (this.#flowLevel > 0) return;
    while (this.#indent > column) {
      this.#tokens.push({ kind: "block end", start: mark, end: mark });
      this.#indent = this.#indents.pop() ?? -1;
    }
  }

  #fetch(): void {
    const cursor = this.#cursor;
    const before = cursor.mark;
    this.#skipToToken();
    this.#unroll(cursor.column, before);
    if (cursor.isEnd()) return this.#fetchEnd();
    if (cursor.column === 0 && cursor.char() === "%") return this.#fetchDirective();
    if (cursor.isDocumentMark()) return this.#fetchDocumentMark();
    this.#fetchContent();
  }

  /** White space, line breaks and comments. A tab does not indent: it is skipped only where no key may begin. */
  #skipToToken(): void {
    const cursor = this.#cursor;
    for (;;) {
      if (cursor.column === 0 && cursor.char() === "\ufeff") cursor.skipMark();
      cursor.takeWhile((at) => at.char() === " " || (at.char() === "\t" && (this.#flowLevel > 0 || !this.#keyAllowed)));
      if (cursor.char() === "#") cursor.takeWhile((at) => !at.isBreak());
      if (!cursor.isBreak()) return;
      cursor.takeBreak();
      if (this.#flowLevel === 0) this.#keyAllowed = true;
    }
  }

  #fetchEnd(): void {
    this.#cursor.endLine();
    const { mark } = this.#cursor;
    this.#unroll(-1, mark);
    this.#removeKey();
    this.#keyAllowed = false;
    this.#push("stream end", mark);
  }

  #fetchDirective(): void {
    const start = this.#cursor.mark;
    this.#unroll(-1, start);
    this.#removeKey();
    this.#keyAllowed = false;
    this.#tokens.push({ ...scanDirective(this.#cursor), start, end: this.#cursor.mark });
  }

  #fetchDocumentMark(): void {
    const start = this.#cursor.mark;
    this.#unroll(-1, start);
    this.#removeKey();
    this.#keyAllowed = false;
    const isStart = this.#cursor.char() === "-";
    for (const _ of "---") this.#cursor.take();
    this.#push(isStart ? "document start" : "document end", start);
  }

  #fetchContent(): void {
    const cursor = this.#cursor;
    const inFlow = this.#flowLevel > 0;
    switch (cursor.char()) {
      case "[":
        return this.#fetchFlowStart("flow sequence start");
      case "{":
        return this.#fetchFlowStart("flow mapping start");
      case "]":
        return this.#fetchFlowEnd("flow sequence end");
      case "}":
        return this.#fetchFlowEnd("flow mapping end");
      case ",":
        this.#removeKey();
        this.#keyAllowed = true;
        return this.#fetchIndicator("flow entry");
      case "-":
        if (cursor.isBlankOrEnd(1)) return this.#fetchBlockEntry();
        break;
      case "?":
        if (inFlow || cursor.isBlankOrEnd(1)) return this.#fetchKey();
        break;
      case ":":
        if (inFlow || cursor.isBlankOrEnd(1)) return this.#fetchValue();
        break;
      case "*":
        return this.#fetchName("alias");
      case "&":
        return this.#fetchName("anchor");
      case "!":
        return this.#fetchTag();
      case "|":
      case ">":
        if (!inFlow) return this.#fetchBlockScalar();
        break;
      case "'":
      case '"':
        return this.#fetchFlowScalar(false);
    }
    if (this.#beginsPlain()) return this.#fetchFlowScalar(true);
    return failScan(cursor.mark, cursor.mark, "found character that cannot start any token");
  }

  #beginsPlain(): boolean {
    const cursor = this.#cursor;
    if (cursor.char() === "-") return !cursor.isBlank(1);
    if (cursor.isAnyOf("?:")) return this.#flowLevel === 0 && !cursor.isBlankOrEnd(1);
    return !cursor.isBlankOrEnd() && !cursor.isAnyOf(",[]{}#&*!|>'\"%@`");
  }

  /** A token of one character. */
  #fetchIndicator(kind: "flow entry" | "block entry" | "key" | "value" | FlowStart | FlowEnd): void {
    const start = this.#cursor.mark;
    this.#cursor.take();
    this.#push(kind, start);
  }

  #fetchFlowStart(kind: FlowStart): void {
    this.#saveKey();
    this.#keys.push(undefined);
    this.#firstTokens.push(this.#given + this.#tokens.length);
    const { mark } = this.#cursor;
    if (this.#flowLevel > DEEPEST) failScan(mark, mark, TOO_DEEP);
    this.#keyAllowed = true;
    this.#fetchIndicator(kind);
  }

  #fetchFlowEnd(kind: FlowEnd): void {
    this.#removeKey();
    if (this.#flowLevel > 0) {
      this.#keys.pop();
      // Go forgets here that an empty collection may be a key itself, and does not look for its colon any further.
      this.#keyOfToken.delete(this.#firstTokens.pop() ?? -1);
    }
    this.#keyAllowed = false;
    this.#fetchIndicator(kind);
  }

  #fetchBlockEntry(): void {
    const { mark } = this.#cursor;
    if (this.#flowLevel === 0) {
      if (!this.#keyAllowed) failScan(mark, mark, "block sequence entries are not allowed in this context");
      this.#roll("block sequence start", mark);
    }
    this.#removeKey();
    this.#keyAllowed = true;
    this.#fetchIndicator("block entry");
  }

  #fetchKey(): void {
    const { mark } = this.#cursor;
    if (this.#flowLevel === 0) {
      if (!this.#keyAllowed) failScan(mark, mark, "mapping keys are not allowed in this context");
      this.#roll("block mapping start", mark);
    }
    this.#removeKey();
    this.#keyAllowed = this.#flowLevel === 0;
    this.#fetchIndicator("key");
  }

  #fetchValue(): void {
    const { mark } = this.#cursor;
    const key = this.#keys.at(-1);
    if (key !== undefined && this.#isStillPossible(key)) {
      const before = key.token - this.#given;
      this.#tokens.splice(before, 0, { kind: "key", start: key.mark, end: key.mark });
      this.#roll("block mapping start", key.mark, before);
      this.#forget(key);
      this.#keyAllowed = false;
    } else {
      if (this.#flowLevel === 0) {
        if (!this.#keyAllowed) failScan(mark, mark, "mapping values are not allowed in this context");
        this.#roll("block mapping start", mark);
      }
      this.#keyAllowed = this.#flowLevel === 0;
    }
    this.#fetchIndicator("value");
  }

  #fetchName(kind: "alias" | "anchor"): void {
    this.#saveKey();
    this.#keyAllowed = false;
    const start = this.#cursor.mark;
    this.#tokens.push({ kind, name: scanName(this.#cursor), start, end: this.#cursor.mark });
  }

  #fetchTag(): void {
    this.#saveKey();
    this.#keyAllowed = false;
    const start = this.#cursor.mark;
    this.#tokens.push({ kind: "tag", ...scanTag(this.#cursor), start, end: this.#cursor.mark });
  }

  #fetchBlockScalar(): void {
    this.#removeKey();
    this.#keyAllowed = true;
    const start = this.#cursor.mark;
    const { value, end } = scanBlock(this.#cursor, this.#indent);
    this.#tokens.push({ kind: "scalar", value, plain: false, start, end });
  }

  #fetchFlowScalar(plain: boolean): void {
    this.#saveKey();
    this.#keyAllowed = false;
    const cursor = this.#cursor;
    const start = cursor.mark;
    const scanned = plain ? scanPlain(cursor, this.#indent + 1, this.#flowLevel > 0) : scanQuoted(cursor);
    if (scanned.endsLine) this.#keyAllowed = true;
    this.#tokens.push({ kind: "scalar", value: scanned.value, plain, start, end: scanned.end });
  }
}

type FlowStart = "flow sequence start" | "flow mapping start";
type FlowEnd = "flow sequence end" | "flow mapping end";

/** Scalars in all their styles. */
import { type Cursor, isBlank, isBreak, isBreakOrEnd, isDocumentIndicator, isSpace, type Mark } from "./cursor.ts";

const escapes: ReadonlyMap<string, string> = new Map([
  ["0", "\0"],
  ["a", "\x07"],
  ["b", "\b"],
  ["t", "\t"],
  ["\t", "\t"],
  ["n", "\n"],
  ["v", "\v"],
  ["f", "\f"],
  ["r", "\r"],
  ["e", "\x1b"],
  [" ", " "],
  ['"', '"'],
  ["'", "'"],
  ["\\", "\\"],
  ["N", "\u0085"],
  ["_", "\u00a0"],
  ["L", "\u2028"],
  ["P", "\u2029"],
]);

const codeLengths: ReadonlyMap<string, number> = new Map([
  ["x", 2],
  ["u", 4],
  ["U", 8],
]);

/** The white space between the words of a scalar: blanks within a line, or line breaks. */
class Gap {
  #blanks = "";
  #first = "";
  #rest = "";
  broken = false;

  get isEmpty(): boolean {
    return !this.broken && this.#blanks === "";
  }

  /** Takes what white space there is; `check` sees each blank that begins a line. */
  take(cursor: Cursor, check: () => void = () => {}): void {
    for (;;) {
      if (isBlank(cursor.at())) {
        if (this.broken) {
          check();
          cursor.take();
        } else {
          this.#blanks += cursor.take();
        }
      } else if (isBreak(cursor.at())) {
        this.addBreak(cursor.takeBreak());
      } else {
        return;
      }
    }
  }

  addBreak(text: string): void {
    if (this.broken) this.#rest += text;
    else {
      this.#blanks = "";
      this.#first = text;
      this.broken = true;
    }
  }

  /** A break that stands for nothing. */
  escapeBreak(): void {
    this.broken = true;
  }

  /** What the gap comes to: one break is a space, more of them are one less. */
  close(): string {
    const folded = this.#first === "\n" ? this.#rest || " " : this.#first + this.#rest;
    const text = this.broken ? folded : this.#blanks;
    this.#blanks = "";
    this.#first = "";
    this.#rest = "";
    this.broken = false;
    return text;
  }
}

/** `'…'` or `"…"`. */
export function scanQuoted(cursor: Cursor, quote: "'" | '"'): string {
  const from = cursor.mark;
  let text = "";
  cursor.take();
  for (;;) {
    if (isDocumentIndicator(cursor)) throw cursor.fault("found unexpected document indicator", from);
    if (cursor.at() === "") throw cursor.fault("found unexpected end of stream", from);
    const gap = new Gap();
    while (!isSpace(cursor.at())) {
      if (cursor.at() === quote) {
        if (quote === '"' || cursor.at(1) !== "'") break;
        cursor.skip(2);
        text += "'";
      } else if (quote === '"' && cursor.at() === "\\") {
        if (isBreak(cursor.at(1))) {
          cursor.take();
          cursor.takeBreak();
          gap.escapeBreak();
          break;
        }
        text += scanEscape(cursor, from);
      } else {
        text += cursor.take();
      }
    }
    if (cursor.at() === quote) {
      cursor.take();
      return text;
    }
    gap.take(cursor);
    text += gap.close();
  }
}

function scanEscape(cursor: Cursor, from: Mark): string {
  const letter = cursor.at(1);
  const simple = escapes.get(letter);
  if (simple !== undefined) {
    cursor.skip(2);
    return simple;
  }
  const length = codeLengths.get(letter);
  if (length === undefined) throw cursor.fault("found unknown escape character", from);
  cursor.skip(2);
  let digits = "";
  for (let at = 0; at < length; at += 1) digits += cursor.at(at);
  if (!/^[0-9a-fA-F]+$/.test(digits) || digits.length < length) {
    throw cursor.fault("did not find expected hexdecimal number", from);
  }
  const code = Number.parseInt(digits, 16);
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
    throw cursor.fault("found invalid Unicode character escape code", from);
  }
  cursor.skip(length);
  return String.fromCodePoint(code);
}

/** A scalar without quotes, and whether a line ended behind it. */
export function scanPlain(
  cursor: Cursor,
  inFlow: boolean,
  indent: number,
): { readonly text: string; readonly endsLine: boolean } {
  const from = cursor.mark;
  const gap = new Gap();
  let text = "";
  for (;;) {
    if (isDocumentIndicator(cursor) || cursor.at() === "#") break;
    while (!isSpace(cursor.at()) && !endsPlain(cursor, inFlow)) {
      if (!gap.isEmpty) text += gap.close();
      text += cursor.take();
    }
    if (!isBlank(cursor.at()) && !isBreak(cursor.at())) break;
    gap.take(cursor, () => {
      if (cursor.column < indent && cursor.at() === "\t") {
        throw cursor.fault("found a tab character that violates indentation", from);
      }
    });
    if (!inFlow && cursor.column < indent) break;
  }
  return { text, endsLine: gap.broken };
}

function endsPlain(cursor: Cursor, inFlow: boolean): boolean {
  switch (cursor.at()) {
    case ":":
      return isSpace(cursor.at(1));
    case ",":
    case "?":
    case "[":
    case "]":
    case "{":
    case "}":
      return inFlow;
    default:
      return false;
  }
}

/** `|` or `>` with the lines below it; `around` is how far the block is indented that it is a part of. */
export function scanBlock(cursor: Cursor, around: number): string {
  const from = cursor.mark;
  const literal = cursor.take() === "|";
  const { chomping, increment } = scanBlockHeader(cursor, from);
  while (isBlank(cursor.at())) cursor.take();
  if (cursor.at() === "#") cursor.takeLine();
  if (!isBreakOrEnd(cursor.at())) throw cursor.fault("did not find expected comment or line break", from);
  if (isBreak(cursor.at())) cursor.takeBreak();
  const lines = new BlockLines(cursor, from, around, increment);
  let text = "";
  let ending = "";
  let afterBlank = false;
  let breaks = lines.breaks();
  while (cursor.column === lines.indent && cursor.at() !== "") {
    const blank = isBlank(cursor.at());
    // A single break between two lines of text is a space where lines are folded.
    if (!literal && !afterBlank && !blank && ending === "\n") text += breaks === "" ? " " : breaks;
    else text += ending + breaks;
    afterBlank = blank;
    while (!isBreakOrEnd(cursor.at())) text += cursor.take();
    ending = isBreak(cursor.at()) ? cursor.takeBreak() : "";
    breaks = lines.breaks();
  }
  if (chomping !== "-") text += ending;
  return chomping === "+" ? text + breaks : text;
}

function scanBlockHeader(cursor: Cursor, from: Mark): { readonly chomping: string; readonly increment: number } {
  let chomping = "";
  let increment = 0;
  const sign = (): void => {
    if (chomping === "" && (cursor.at() === "+" || cursor.at() === "-")) chomping = cursor.take();
  };
  sign();
  if (/^[0-9]$/.test(cursor.at())) {
    if (cursor.at() === "0") throw cursor.fault("found an indentation indicator equal to 0", from);
    increment = Number(cursor.take());
    sign();
  }
  return { chomping, increment };
}

/** The indentation of a block scalar's lines: given, or that of the first line that is not empty. */
class BlockLines {
  readonly #cursor: Cursor;
  readonly #from: Mark;
  readonly #around: number;
  indent: number;

  constructor(cursor: Cursor, from: Mark, around: number, increment: number) {
    this.#cursor = cursor;
    this.#from = from;
    this.#around = around;
    this.indent = increment === 0 ? 0 : Math.max(around, 0) + increment;
  }

  /** Takes empty lines and the indentation of the line behind them; answers the breaks. */
  breaks(): string {
    const cursor = this.#cursor;
    let breaks = "";
    let widest = 0;
    for (;;) {
      const isBefore = (): boolean => this.indent === 0 || cursor.column < this.indent;
      while (isBefore() && cursor.at() === " ") cursor.take();
      widest = Math.max(widest, cursor.column);
      if (isBefore() && cursor.at() === "\t") {
        throw cursor.fault("found a tab character where an indentation space is expected", this.#from);
      }
      if (!isBreak(cursor.at())) break;
      breaks += cursor.takeBreak();
    }
    if (this.indent === 0) this.indent = Math.max(widest, this.#around + 1, 1);
    return breaks;
  }
}

/** Scalars: plain, quoted, and in blocks. */
import { type Cursor, failScan, type Mark } from "./cursor.ts";

/** A scalar's text, where it ended, and whether a line break followed it. */
export interface ScannedScalar {
  readonly value: string;
  readonly end: Mark;
  readonly endsLine: boolean;
}

/** White space between the words of a scalar: blanks on one line, or line breaks. */
class Gap {
  #blanks = "";
  #first = "";
  #further = "";
  isLine = false;

  get isEmpty(): boolean {
    return !this.isLine && this.#blanks === "";
  }

  /** Takes what of it is at the cursor. */
  take(cursor: Cursor): void {
    if (cursor.isBlank()) {
      const blank = cursor.take();
      if (!this.isLine) this.#blanks += blank;
    } else if (this.isLine) {
      this.#further += cursor.takeBreak();
    } else {
      this.#blanks = "";
      this.#first = cursor.takeBreak();
      this.isLine = true;
    }
  }

  /** What it is in the scalar: one break folds to a space, of several the first is left out. */
  fold(): string {
    const folded = !this.isLine
      ? this.#blanks
      : this.#first === "\n"
        ? this.#further === ""
          ? " "
          : this.#further
        : this.#first + this.#further;
    this.#blanks = this.#first = this.#further = "";
    this.isLine = false;
    return folded;
  }
}

/** A plain scalar; in a flow the brackets and commas end it too. */
export function scanPlain(cursor: Cursor, indent: number, inFlow: boolean): ScannedScalar {
  const start = cursor.mark;
  const gap = new Gap();
  let [value, end] = ["", start];
  while (!cursor.isDocumentMark() && cursor.char() !== "#") {
    while (!cursor.isBlankOrEnd() && !endsPlain(cursor, inFlow)) {
      if (!gap.isEmpty) value += gap.fold();
      value += cursor.take();
      end = cursor.mark;
    }
    if (!cursor.isBlank() && !cursor.isBreak()) break;
    while (cursor.isBlank() || cursor.isBreak()) {
      if (gap.isLine && cursor.column < indent && cursor.char() === "\t") {
        failScan(start, cursor.mark, "found a tab character that violates indentation");
      }
      gap.take(cursor);
    }
    if (!inFlow && cursor.column < indent) break;
  }
  return { value, end, endsLine: gap.isLine };
}

function endsPlain(cursor: Cursor, inFlow: boolean): boolean {
  return (cursor.char() === ":" && cursor.isBlankOrEnd(1)) || (inFlow && cursor.isAnyOf(",?[]{}"));
}

/** A quoted scalar, at its opening quote. */
export function scanQuoted(cursor: Cursor): ScannedScalar {
  const start = cursor.mark;
  const quote = cursor.take();
  const gap = new Gap();
  let value = "";
  for (;;) {
    if (cursor.isDocumentMark()) failScan(start, cursor.mark, "found unexpected document indicator");
    if (cursor.isEnd()) failScan(start, cursor.mark, "found unexpected end of stream");
    while (!cursor.isBlankOrEnd()) {
      if (cursor.char() === quote) {
        if (quote === '"' || cursor.char(1) !== "'") break;
        cursor.take();
        value += cursor.take();
      } else if (quote === '"' && cursor.char() === "\\") {
        cursor.take();
        if (cursor.isBreak()) {
          // The break is left out, and the blanks that begin the next line.
          cursor.takeBreak();
          gap.isLine = true;
          break;
        }
        value += scanEscape(cursor, start);
      } else {
        value += cursor.take();
      }
    }
    if (cursor.char() === quote) break;
    while (cursor.isBlank() || cursor.isBreak()) gap.take(cursor);
    value += gap.fold();
  }
  cursor.take();
  return { value, end: cursor.mark, endsLine: false };
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
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
  ["N", "\x85"],
  ["_", "\xa0"],
  ["L", "\u2028"],
  ["P", "\u2029"],
]);

const CODE_LENGTHS: ReadonlyMap<string, number> = new Map([
  ["x", 2],
  ["u", 4],
  ["U", 8],
]);

/** What follows a backslash. */
function scanEscape(cursor: Cursor, start: Mark): string {
  const named = ESCAPES.get(cursor.char());
  const length = CODE_LENGTHS.get(cursor.char());
  if (named === undefined && length === undefined) failScan(start, cursor.mark, "found unknown escape character");
  cursor.take();
  if (named !== undefined) return named;
  let digits = "";
  for (let offset = 0; offset < (length ?? 0); offset++) {
    const digit = cursor.char(offset);
    if (!/^[0-9a-fA-F]$/.test(digit)) failScan(start, cursor.mark, "did not find expected hexdecimal number");
    digits += digit;
  }
  const code = Number.parseInt(digits, 16);
  if ((code >= 0xd800 && code < 0xe000) || code > 0x10ffff) {
    failScan(start, cursor.mark, "found invalid Unicode character escape code");
  }
  for (const _ of digits) cursor.take();
  return String.fromCodePoint(code);
}

/** A block scalar, at its `|` or `>`, within a block of an indentation. */
export function scanBlock(cursor: Cursor, parentIndent: number): ScannedScalar {
  const start = cursor.mark;
  const isLiteral = cursor.take() === "|";
  const { chomping, increment } = scanBlockHeader(cursor, start);
  const breaks = new BlockBreaks(cursor, start, parentIndent, increment);
  let [value, broken, trailing] = ["", "", breaks.take()];
  let end = breaks.end;
  let isLeadingBlank = false;
  while (cursor.column === breaks.indent && !cursor.isEnd()) {
    const isBlank = cursor.isBlank();
    const folds = !isLiteral && !isLeadingBlank && !isBlank && broken === "\n";
    if (!folds) value += broken;
    else if (trailing === "") value += " ";
    value += trailing;
    isLeadingBlank = isBlank;
    value += cursor.takeWhile((at) => !at.isBreak());
    broken = cursor.isEnd() ? "" : cursor.takeBreak();
    trailing = breaks.take();
    end = breaks.end;
  }
  if (chomping !== "-") value += broken;
  if (chomping === "+") value += trailing;
  return { value, end, endsLine: true };
}

/** How much a block scalar is indented at least, and what becomes of its last line breaks. */
function scanBlockHeader(cursor: Cursor, start: Mark): { readonly chomping: string; readonly increment: number } {
  let [chomping, increment] = ["", 0];
  const takeChomping = (): void => {
    if (cursor.isAnyOf("+-")) chomping = cursor.take();
  };
  takeChomping();
  if (/^[0-9]$/.test(cursor.char())) {
    if (cursor.char() === "0") failScan(start, cursor.mark, "found an indentation indicator equal to 0");
    increment = Number(cursor.take());
    if (chomping === "") takeChomping();
  }
  cursor.takeWhile((at) => at.isBlank());
  if (cursor.char() === "#") cursor.takeWhile((at) => !at.isBreak());
  if (!cursor.isEnd() && !cursor.isBreak()) {
    failScan(start, cursor.mark, "did not find expected comment or line break");
  }
  if (cursor.isBreak()) cursor.takeBreak();
  return { chomping, increment };
}

/** The empty lines of a block scalar; the first of its lines that has something says how far it is indented. */
class BlockBreaks {
  readonly #cursor: Cursor;
  readonly #start: Mark;
  readonly #parentIndent: number;
  indent: number;
  end: Mark;

  constructor(cursor: Cursor, start: Mark, parentIndent: number, increment: number) {
    this.#cursor = cursor;
    this.#start = start;
    this.#parentIndent = parentIndent;
    this.indent = increment === 0 ? 0 : Math.max(parentIndent, 0) + increment;
    this.end = cursor.mark;
  }

  take(): string {
    const cursor = this.#cursor;
    this.end = cursor.mark;
    let [breaks, widest] = ["", 0];
    for (;;) {
      cursor.takeWhile((at) => this.#isWithin(at.column) && at.char() === " ");
      widest = Math.max(widest, cursor.column);
      if (this.#isWithin(cursor.column) && cursor.char() === "\t") {
        failScan(this.#start, cursor.mark, "found a tab character where an indentation space is expected");
      }
      if (!cursor.isBreak()) break;
      breaks += cursor.takeBreak();
      this.end = cursor.mark;
    }
    if (this.indent === 0) this.indent = Math.max(widest, this.#parentIndent + 1, 1);
    return breaks;
  }

  #isWithin(column: number): boolean {
    return this.indent === 0 || column < this.indent;
  }
}

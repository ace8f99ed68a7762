/**
 * The lexer reads one token at a time, at the parser's request, because what a word is depends on the imports read so
 * far, and because after the `}` of a template string's expression the text goes on as text.
 *
 * It keeps no state beyond where the current token ends, so going back is setting a few numbers. Errors are found
 * with the token that they stand in (or that they follow directly: OPA's scanner reads one character ahead), which
 * makes reading a token again give the same errors again.
 */
import { token, type Token } from "./token.ts";

/** What the lexer reads and writes; the parser's state includes it. */
export interface Cursor {
  readonly text: string;
  /** Offsets of characters that may not stand in a policy at all; empty but for broken texts. */
  readonly illegalOffsets: readonly number[];
  /** Words that are keywords now. */
  keywords: ReadonlyMap<string, Token>;
  token: Token;
  /** Where the current token starts and ends; reading goes on at its end. */
  start: number;
  end: number;
}

const tab = 0x09;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const quote = 0x22;
const backtick = 0x60;
const backslash = 0x5c;
const leftBrace = 0x7b;
const equals = 0x3d;
const byteOrderMark = 0xfeff;

/** The errors of one token, in the order in which OPA finds them; undefined where there are none. */
export type TokenErrors = string[] | undefined;

/** Finds the characters that OPA's scanner refuses anywhere: NUL, halves of surrogate pairs, a byte-order mark inside. */
export function findIllegalOffsets(text: string): readonly number[] {
  const offsets: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit !== 0 && unit < 0xd800) continue;
    if (unit === 0 || (unit === byteOrderMark && at > 0)) offsets.push(at);
    else if (unit >= 0xd800 && unit <= 0xdfff) {
      const next = text.charCodeAt(at + 1);
      if (unit <= 0xdbff && next >= 0xdc00 && next <= 0xdfff) at += 1;
      else offsets.push(at);
    }
  }
  return offsets;
}

/** Where the first token may start: behind a byte-order mark, if the text begins with one. */
export function firstOffset(text: string): number {
  return text.charCodeAt(0) === byteOrderMark ? 1 : 0;
}

/** Reads the next token into the cursor. Whitespace is a token of one character. */
export function scanToken(cursor: Cursor): TokenErrors {
  const { text } = cursor;
  const start = cursor.end;
  cursor.start = start;
  if (start >= text.length) {
    cursor.token = token.endOfFile;
    cursor.end = text.length;
    return withIllegalCharacters(cursor, undefined);
  }
  const unit = text.charCodeAt(start);
  let errors: TokenErrors;
  if (unit === space || unit === lineFeed || unit === tab || unit === carriageReturn) {
    cursor.token = token.whitespace;
    cursor.end = start + 1;
  } else if (isLetter(unit)) {
    scanIdentifier(cursor);
  } else if (isDecimal(unit)) {
    errors = scanNumber(cursor);
  } else {
    errors = scanSymbol(cursor, unit);
  }
  if (cursor.illegalOffsets.length > 0) return withIllegalCharacters(cursor, errors);
  return errors;
}

/** Reads on in a template string behind the `}` of an expression. The token starts behind the brace. */
export function scanTemplateRest(cursor: Cursor, raw: boolean): TokenErrors {
  cursor.start = cursor.end;
  const errors = raw ? scanRawTemplate(cursor, cursor.end) : scanTemplate(cursor, cursor.end);
  return withIllegalCharacters(cursor, errors);
}

function withIllegalCharacters(cursor: Cursor, errors: TokenErrors): TokenErrors {
  if (cursor.illegalOffsets.length === 0) return errors;
  const found: string[] = [];
  // OPA's scanner has read one character ahead of the token before, so that the first character is its business;
  // the first token of all has nobody before it.
  const first = cursor.start === firstOffset(cursor.text) ? cursor.start : cursor.start + 1;
  for (const offset of cursor.illegalOffsets) {
    if (offset < first || offset > cursor.end) continue;
    const unit = cursor.text.charCodeAt(offset);
    if (unit === 0) found.push("illegal null character");
    else if (unit === byteOrderMark) found.push("illegal byte-order mark");
    else found.push("illegal utf-8 character");
  }
  if (found.length === 0) return errors;
  return errors === undefined ? found : [...found, ...errors];
}

function scanIdentifier(cursor: Cursor): void {
  const { text } = cursor;
  let at = cursor.start + 1;
  while (at < text.length && isIdentifierPart(text, at)) at += widthAt(text, at);
  cursor.end = at;
  cursor.token = token.identifier;
  // OPA takes the first byte of a letter outside ASCII that follows for a part of the name, which then is no keyword.
  if (text.charCodeAt(at) >= 0x80) return;
  const keyword = cursor.keywords.get(text.slice(cursor.start, at));
  if (keyword !== undefined) cursor.token = keyword;
}

function scanNumber(cursor: Cursor): TokenErrors {
  const { text } = cursor;
  let errors: TokenErrors;
  let at = skipDecimals(text, cursor.start);
  if (text.charCodeAt(at) === 0x2e) {
    const fraction = at + 1;
    at = skipDecimals(text, fraction);
    if (at === fraction) errors = ["expected fraction"];
  }
  if ((text.charCodeAt(at) | 0x20) === 0x65) {
    at += 1;
    const sign = text.charCodeAt(at);
    if (sign === 0x2b || sign === 0x2d) at += 1;
    const exponent = at;
    at = skipDecimals(text, exponent);
    if (at === exponent) (errors ??= []).push("expected exponent");
  }
  // `0a2b` is one bad number and not a number and a name.
  if (at < text.length && isLetter(text.charCodeAt(at))) {
    (errors ??= []).push("illegal number format");
    while (at < text.length && isIdentifierPart(text, at)) at += widthAt(text, at);
  }
  cursor.end = at;
  cursor.token = token.number;
  return errors;
}

function skipDecimals(text: string, from: number): number {
  let at = from;
  while (isDecimal(text.charCodeAt(at))) at += 1;
  return at;
}

/** Kinds of the symbols that are one character long and begin no longer one. */
const singleSymbols: ReadonlyMap<number, Token> = new Map<number, Token>([
  [0x5b, token.leftBracket],
  [0x5d, token.rightBracket],
  [leftBrace, token.leftBrace],
  [0x7d, token.rightBrace],
  [0x28, token.leftParenthesis],
  [0x29, token.rightParenthesis],
  [0x2c, token.comma],
  [0x2b, token.plus],
  [0x2d, token.minus],
  [0x2a, token.multiply],
  [0x2f, token.divide],
  [0x25, token.remainder],
  [0x26, token.ampersand],
  [0x7c, token.bar],
  [0x3b, token.semicolon],
  [0x2e, token.dot],
]);

function scanSymbol(cursor: Cursor, unit: number): TokenErrors {
  const { text, start } = cursor;
  cursor.end = start + 1;
  const single = singleSymbols.get(unit);
  if (single !== undefined) {
    cursor.token = single;
    return undefined;
  }
  switch (unit) {
    case 0x23:
      return scanComment(cursor);
    case quote:
      return scanString(cursor);
    case backtick:
      return scanRawString(cursor);
    case 0x3a:
      return withEquals(cursor, token.assign, token.colon);
    case equals:
      return withEquals(cursor, token.equal, token.unify);
    case 0x3e:
      return withEquals(cursor, token.greaterOrEqual, token.greater);
    case 0x3c:
      return withEquals(cursor, token.lessOrEqual, token.less);
    case 0x21:
      withEquals(cursor, token.notEqual, token.illegal);
      return cursor.token === token.illegal ? ["illegal ! character"] : undefined;
    case 0x24:
      if (text.charCodeAt(start + 1) === quote) return scanTemplate(cursor, start + 2);
      if (text.charCodeAt(start + 1) === backtick) return scanRawTemplate(cursor, start + 2);
      cursor.token = token.illegal;
      return ["illegal $ character"];
    case 0xa0:
      cursor.token = token.illegal;
      return ["illegal non-breaking space character, use a regular space instead"];
    default:
      cursor.token = token.illegal;
      cursor.end = start + widthAt(text, start);
      return undefined;
  }
}

function withEquals(cursor: Cursor, longer: Token, shorter: Token): TokenErrors {
  if (cursor.text.charCodeAt(cursor.end) === equals) {
    cursor.end += 1;
    cursor.token = longer;
  } else {
    cursor.token = shorter;
  }
  return undefined;
}

function scanComment(cursor: Cursor): TokenErrors {
  const newline = cursor.text.indexOf("\n", cursor.end);
  cursor.end = newline === -1 ? cursor.text.length : newline;
  cursor.token = token.comment;
  return undefined;
}

function scanString(cursor: Cursor): TokenErrors {
  const { text } = cursor;
  let errors: TokenErrors;
  let at = cursor.end;
  cursor.token = token.string;
  for (;;) {
    const unit = text.charCodeAt(at);
    if (at >= text.length || unit === lineFeed) {
      (errors ??= []).push("non-terminated string");
      break;
    }
    at += 1;
    if (unit === quote) break;
    if (unit === backslash) {
      const after = skipEscape(text, at);
      if (after === at) (errors ??= []).push("illegal escape sequence");
      at = after;
    }
  }
  cursor.end = at;
  return errors;
}

/** The offset behind an escape's letter (and three of the four digits of `\u`, unchecked as in OPA), or `at` if it is none. */
function skipEscape(text: string, at: number): number {
  switch (text.charCodeAt(at)) {
    case backslash:
    case quote:
    case 0x2f: // slash
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return at + 1;
    case 0x75: {
      let after = at;
      for (let count = 0; count < 4 && after < text.length; count += 1) after += widthAt(text, after);
      return after;
    }
    default:
      return at;
  }
}

function scanRawString(cursor: Cursor): TokenErrors {
  const close = cursor.text.indexOf("`", cursor.end);
  cursor.token = token.string;
  cursor.end = close === -1 ? cursor.text.length : close + 1;
  return close === -1 ? ["non-terminated string"] : undefined;
}

function scanTemplate(cursor: Cursor, from: number): TokenErrors {
  const { text } = cursor;
  let errors: TokenErrors;
  let at = from;
  cursor.token = token.templatePart;
  for (;;) {
    const unit = text.charCodeAt(at);
    if (at >= text.length || unit === lineFeed) {
      (errors ??= []).push("non-terminated string");
      break;
    }
    at += 1;
    if (unit === leftBrace) break;
    if (unit === quote) {
      cursor.token = token.templateEnd;
      break;
    }
    if (unit === backslash) {
      const after = text.charCodeAt(at) === leftBrace ? at + 1 : skipEscape(text, at);
      if (after === at) (errors ??= []).push("illegal escape sequence");
      at = after;
    }
  }
  cursor.end = at;
  return errors;
}

function scanRawTemplate(cursor: Cursor, from: number): TokenErrors {
  const { text } = cursor;
  let at = from;
  cursor.token = token.rawTemplatePart;
  for (;;) {
    if (at >= text.length) {
      cursor.end = at;
      return ["non-terminated string"];
    }
    const unit = text.charCodeAt(at);
    at += 1;
    if (unit === leftBrace) break;
    if (unit === backtick) {
      cursor.token = token.rawTemplateEnd;
      break;
    }
    if (unit === backslash && text.charCodeAt(at) === leftBrace) at += 1;
  }
  cursor.end = at;
  return undefined;
}

function isLetter(unit: number): boolean {
  const lower = unit | 0x20;
  return (lower >= 0x61 && lower <= 0x7a && unit < 0x80) || unit === 0x5f;
}

function isDecimal(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

function isIdentifierPart(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  if (unit < 0x80) return isLetter(unit) || isDecimal(unit);
  return /^\p{Nd}/u.test(String.fromCodePoint(text.codePointAt(at) ?? 0));
}

function widthAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  if (unit < 0xd800 || unit > 0xdbff) return 1;
  const next = text.charCodeAt(at + 1);
  return next >= 0xdc00 && next <= 0xdfff ? 2 : 1;
}

/** Anchors, aliases, tags and directives. */
import { type Cursor, isBlank, isBreak, isBreakOrEnd, isSpace, type Mark } from "./cursor.ts";
import type { Token } from "./token.ts";

const word = /[0-9A-Za-z_-]*/y;

/** `*name` or `&name`. */
export function scanAlias(cursor: Cursor, indicator: "*" | "&"): Token {
  const { mark } = cursor;
  cursor.take();
  const text = takeWord(cursor);
  if (text === "" || !(isSpace(cursor.at()) || /^[?:,\]}%@`]$/.test(cursor.at()))) {
    throw cursor.fault("did not find expected alphabetic or numeric character", mark);
  }
  return { kind: indicator === "*" ? "alias" : "anchor", mark, text };
}

/** `!<uri>`, `!suffix`, `!!suffix` or `!handle!suffix`. */
export function scanTag(cursor: Cursor): Token {
  const { mark } = cursor;
  let text = "";
  let suffix: string;
  if (cursor.at(1) === "<") {
    cursor.skip(2);
    suffix = takeURI(cursor, mark);
    if (cursor.at() !== ">") throw cursor.fault("did not find the expected '>'", mark);
    cursor.take();
  } else {
    const handle = takeHandle(cursor, mark, false);
    if (handle.length > 1 && handle.endsWith("!")) {
      text = handle;
      suffix = takeURI(cursor, mark);
    } else {
      text = "!";
      suffix = takeURI(cursor, mark, handle);
      if (suffix === "") [text, suffix] = ["", "!"];
    }
  }
  if (!isSpace(cursor.at())) throw cursor.fault("did not find expected whitespace or line break", mark);
  return { kind: "tag", mark, text, suffix };
}

/** `%YAML 1.1` or `%TAG !x! prefix`. */
export function scanDirective(cursor: Cursor): Token {
  const { mark } = cursor;
  cursor.take();
  const name = takeWord(cursor);
  if (name === "") throw cursor.fault("could not find expected directive name", mark);
  if (!isSpace(cursor.at())) throw cursor.fault("found unexpected non-alphabetical character", mark);
  let token: Token;
  if (name === "YAML") token = { kind: "version", mark, text: takeVersion(cursor, mark) };
  else if (name === "TAG") token = { kind: "tagDirective", mark, ...takeTagDirective(cursor, mark) };
  else throw cursor.fault("found unknown directive name", mark);
  skipBlanks(cursor);
  if (cursor.at() === "#") cursor.takeLine();
  if (!isBreakOrEnd(cursor.at())) throw cursor.fault("did not find expected comment or line break", mark);
  if (isBreak(cursor.at())) cursor.takeBreak();
  return token;
}

function takeWord(cursor: Cursor): string {
  const text = cursor.match(word) ?? "";
  cursor.skip(text.length);
  return text;
}

function skipBlanks(cursor: Cursor): void {
  while (isBlank(cursor.at())) cursor.take();
}

function takeVersion(cursor: Cursor, from: Mark): string {
  skipBlanks(cursor);
  const major = takeNumber(cursor, from);
  if (cursor.at() !== ".") throw cursor.fault("did not find expected digit or '.' character", from);
  cursor.take();
  return `${major}.${takeNumber(cursor, from)}`;
}

function takeNumber(cursor: Cursor, from: Mark): number {
  let digits = "";
  while (/^[0-9]$/.test(cursor.at())) {
    if (digits.length === 2) throw cursor.fault("found extremely long version number", from);
    digits += cursor.take();
  }
  if (digits === "") throw cursor.fault("did not find expected version number", from);
  return Number(digits);
}

function takeTagDirective(cursor: Cursor, from: Mark): Pick<Token, "text" | "suffix"> {
  skipBlanks(cursor);
  const text = takeHandle(cursor, from, true);
  if (!isBlank(cursor.at())) throw cursor.fault("did not find expected whitespace", from);
  skipBlanks(cursor);
  const suffix = takeURI(cursor, from);
  if (!isSpace(cursor.at())) throw cursor.fault("did not find expected whitespace or line break", from);
  return { text, suffix };
}

function takeHandle(cursor: Cursor, from: Mark, whole: boolean): string {
  if (cursor.at() !== "!") throw cursor.fault("did not find expected '!'", from);
  const text = cursor.take() + takeWord(cursor);
  if (cursor.at() === "!") return text + cursor.take();
  if (whole && text !== "!") throw cursor.fault("did not find expected '!'", from);
  return text;
}

/** A URI; `head` is a handle that has turned out to be its beginning. */
function takeURI(cursor: Cursor, from: Mark, head = ""): string {
  let text = head.slice(1);
  let found = head !== "";
  while (/^[-0-9A-Za-z_;/?:@&=+$,.!~*'()[\]%]$/.test(cursor.at())) {
    text += cursor.at() === "%" ? takeOctets(cursor, from) : cursor.take();
    found = true;
  }
  if (!found) throw cursor.fault("did not find expected tag URI", from);
  return text;
}

/** One character written as `%xx` octets of UTF-8. */
function takeOctets(cursor: Cursor, from: Mark): string {
  let escapes = "";
  let left = 0;
  do {
    const escape = cursor.match(/%[0-9a-fA-F]{2}/y);
    if (escape === undefined) throw cursor.fault("did not find URI escaped octet", from);
    const octet = Number.parseInt(escape.slice(1), 16);
    if (left === 0) {
      left = utf8Length(octet);
      if (left === 0) throw cursor.fault("found an incorrect leading UTF-8 octet", from);
    } else if ((octet & 0xc0) !== 0x80) {
      throw cursor.fault("found an incorrect trailing UTF-8 octet", from);
    }
    escapes += escape;
    cursor.skip(3);
    left -= 1;
  } while (left > 0);
  try {
    return decodeURIComponent(escapes);
  } catch {
    // Octets that are well formed one by one and stand for no character.
    return "\ufffd";
  }
}

function utf8Length(octet: number): number {
  if (octet < 0x80) return 1;
  if (octet < 0xc0) return 0;
  if (octet < 0xe0) return 2;
  if (octet < 0xf0) return 3;
  return octet < 0xf8 ? 4 : 0;
}

/** Tags, anchors, and the directives before a document. */
import { fromByteString } from "../../runtime/text.ts";
import { type Cursor, failScan, type Mark } from "./cursor.ts";

function isWordCharacter(cursor: Cursor): boolean {
  return /^[0-9A-Za-z_-]$/.test(cursor.char());
}

/** The name of an anchor or alias, at its `&` or `*`. */
export function scanName(cursor: Cursor): string {
  const start = cursor.mark;
  cursor.take();
  const name = cursor.takeWhile(isWordCharacter);
  if (name === "" || !(cursor.isBlankOrEnd() || cursor.isAnyOf("?:,]}%@`"))) {
    failScan(start, cursor.mark, "did not find expected alphabetic or numeric character");
  }
  return name;
}

/** A tag, at its `!`: the handle says which directive to look at, and is empty where the suffix is all of it. */
export function scanTag(cursor: Cursor): { readonly handle: string; readonly suffix: string } {
  const start = cursor.mark;
  let [handle, suffix] = ["", ""];
  if (cursor.char(1) === "<") {
    cursor.take();
    cursor.take();
    suffix = scanUri(cursor, start, "");
    if (cursor.char() !== ">") failScan(start, cursor.mark, "did not find the expected '>'");
    cursor.take();
  } else {
    handle = scanHandle(cursor, start, false);
    if (handle.length > 1 && handle.endsWith("!")) {
      suffix = scanUri(cursor, start, "");
    } else {
      suffix = scanUri(cursor, start, handle);
      // `!` by itself is a tag that says nothing.
      [handle, suffix] = suffix === "" ? ["", "!"] : ["!", suffix];
    }
  }
  if (!cursor.isBlankOrEnd()) failScan(start, cursor.mark, "did not find expected whitespace or line break");
  return { handle, suffix };
}

function scanHandle(cursor: Cursor, start: Mark, isDirective: boolean): string {
  if (cursor.char() !== "!") failScan(start, cursor.mark, "did not find expected '!'");
  let handle = cursor.take() + cursor.takeWhile(isWordCharacter);
  if (cursor.char() === "!") handle += cursor.take();
  else if (isDirective && handle !== "!") failScan(start, cursor.mark, "did not find expected '!'");
  return handle;
}

/** The rest of a tag after what has been read of it already. */
function scanUri(cursor: Cursor, start: Mark, head: string): string {
  let uri = head.slice(1);
  let isThere = head !== "";
  while (isWordCharacter(cursor) || cursor.isAnyOf(";/?:@&=+$,.!~*'()[]%")) {
    uri += cursor.char() === "%" ? scanOctets(cursor, start) : cursor.take();
    isThere = true;
  }
  if (!isThere) failScan(start, cursor.mark, "did not find expected tag URI");
  return uri;
}

/** The octets of one character, each as a percent sign and two digits. */
function scanOctets(cursor: Cursor, start: Mark): string {
  let bytes = "";
  for (let missing = -1; missing !== 0; missing--) {
    const digits = cursor.char(1) + cursor.char(2);
    if (cursor.char() !== "%" || !/^[0-9a-fA-F]{2}$/.test(digits)) {
      failScan(start, cursor.mark, "did not find URI escaped octet");
    }
    const octet = Number.parseInt(digits, 16);
    if (missing < 0) {
      missing =
        octet < 0x80 ? 1 : (octet & 0xe0) === 0xc0 ? 2 : (octet & 0xf0) === 0xe0 ? 3 : octet >> 3 === 30 ? 4 : 0;
      if (missing === 0) failScan(start, cursor.mark, "found an incorrect leading UTF-8 octet");
    } else if ((octet & 0xc0) !== 0x80) {
      failScan(start, cursor.mark, "found an incorrect trailing UTF-8 octet");
    }
    bytes += String.fromCharCode(octet);
    for (const _ of "%00") cursor.take();
  }
  return fromByteString(bytes);
}

/** A directive, at its percent sign. */
export type Directive =
  | { readonly kind: "version"; readonly major: number; readonly minor: number }
  | { readonly kind: "tag directive"; readonly handle: string; readonly prefix: string };

/** Reads a directive with all of its line. */
export function scanDirective(cursor: Cursor): Directive {
  const start = cursor.mark;
  cursor.take();
  const name = cursor.takeWhile(isWordCharacter);
  if (name === "") failScan(start, cursor.mark, "could not find expected directive name");
  if (!cursor.isBlankOrEnd()) failScan(start, cursor.mark, "found unexpected non-alphabetical character");
  if (name !== "YAML" && name !== "TAG") failScan(start, cursor.mark, "found unknown directive name");
  skipBlanks(cursor);
  const directive = name === "YAML" ? scanVersion(cursor, start) : scanTagDirective(cursor, start);
  skipBlanks(cursor);
  if (cursor.char() === "#") cursor.takeWhile((at) => !at.isBreak());
  if (!cursor.isEnd() && !cursor.isBreak()) {
    failScan(start, cursor.mark, "did not find expected comment or line break");
  }
  if (cursor.isBreak()) cursor.takeBreak();
  return directive;
}

function skipBlanks(cursor: Cursor): void {
  cursor.takeWhile((at) => at.isBlank());
}

function scanVersion(cursor: Cursor, start: Mark): Directive {
  const major = scanVersionNumber(cursor, start);
  if (cursor.char() !== ".") failScan(start, cursor.mark, "did not find expected digit or '.' character");
  cursor.take();
  return { kind: "version", major, minor: scanVersionNumber(cursor, start) };
}

function scanVersionNumber(cursor: Cursor, start: Mark): number {
  const digits = cursor.takeWhile((at) => /^[0-9]$/.test(at.char()));
  if (digits.length > 2) failScan(start, cursor.mark, "found extremely long version number");
  if (digits === "") failScan(start, cursor.mark, "did not find expected version number");
  return Number(digits);
}

function scanTagDirective(cursor: Cursor, start: Mark): Directive {
  const handle = scanHandle(cursor, start, true);
  if (!cursor.isBlank()) failScan(start, cursor.mark, "did not find expected whitespace");
  skipBlanks(cursor);
  const prefix = scanUri(cursor, start, "");
  if (!cursor.isBlankOrEnd()) failScan(start, cursor.mark, "did not find expected whitespace or line break");
  return { kind: "tag directive", handle, prefix };
}

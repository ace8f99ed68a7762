import { decodeUtf8, encodeUtf8 } from "../../runtime/text.ts";
import { TemplateError } from "./template-error.ts";

const byName: ReadonlyMap<string, number> = new Map([
  ["a", 7],
  ["b", 8],
  ["f", 12],
  ["n", 10],
  ["r", 13],
  ["t", 9],
  ["v", 11],
  ["\\", 92],
]);

/** How many digits come after the letter of a numeric escape. */
const digitForms: ReadonlyMap<string, number> = new Map([
  ["x", 2],
  ["u", 4],
  ["U", 8],
]);

/** A literal's text: between back quotes as it stands, between double quotes with Go's escapes. */
export function unquote(literal: string): string {
  const content = literal.slice(1, -1);
  if (literal.startsWith("`")) return content.replaceAll("\r", "");
  if (!content.includes("\\")) return content;
  const bytes: number[] = [];
  for (let at = 0; at < content.length;) {
    const { code, isByte, length } = unquoteCharacter(content, at, '"');
    if (isByte) bytes.push(code);
    else bytes.push(...encodeUtf8(String.fromCodePoint(code)));
    at += length;
  }
  return decodeUtf8(Uint8Array.from(bytes));
}

/** The code of a character literal. */
export function unquoteRune(literal: string): number {
  const { code, length } = unquoteCharacter(literal, 1, "'");
  if (literal.slice(1 + length) !== "'") throw new TemplateError(`malformed character constant: ${literal}`);
  return code;
}

interface Unquoted {
  readonly code: number;
  /** Whether the escape means a byte, which need not be a character. */
  readonly isByte: boolean;
  /** How much of the literal it takes. */
  readonly length: number;
}

function unquoteCharacter(text: string, at: number, mark: string): Unquoted {
  const first = text.codePointAt(at);
  if (first === undefined || text.charAt(at) === mark) throw new TemplateError("invalid syntax");
  if (text.charAt(at) !== "\\") return { code: first, isByte: false, length: first > 0xffff ? 2 : 1 };
  const letter = text.charAt(at + 1);
  const named = letter === mark ? mark.charCodeAt(0) : byName.get(letter);
  if (named !== undefined) return { code: named, isByte: false, length: 2 };
  const count = digitForms.get(letter);
  const digits = count === undefined ? text.slice(at + 1, at + 4) : text.slice(at + 2, at + 2 + count);
  const isWellFormed =
    count === undefined ? /^[0-7]{3}$/.test(digits) : digits.length === count && /^[0-9a-fA-F]+$/.test(digits);
  const code = isWellFormed ? Number.parseInt(digits, count === undefined ? 8 : 16) : -1;
  const isByte = count === undefined || count === 2;
  const isCharacter = code <= 0x10ffff && (code & 0x1ff800) !== 0xd800;
  if (code < 0 || (isByte ? code > 0xff : !isCharacter)) throw new TemplateError("invalid syntax");
  return { code, isByte, length: (count ?? 2) + 2 };
}

import { decodeUtf8, encodeUtf8 } from "./runtime/text.ts";

/** The line that an error of the grammar is shown with, and where in it the error is, in bytes. */
export interface Excerpt {
  readonly line: string;
  readonly index: number;
}

/** What OPA takes for space where it looks at single bytes. */
const spaces: ReadonlySet<number | undefined> = new Set([9, 10, 11, 12, 13, 32, 0x85, 0xa0]);

/** The line of the last thing written at an offset of a text or before it. */
export function excerptOf(text: string, offset: number): Excerpt {
  const bytes = encodeUtf8(text);
  let at = Math.max(0, Math.min(encodeUtf8(text.slice(0, offset)).length, bytes.length - 1));
  while (at > 0 && spaces.has(bytes[at])) at--;
  let begin = at;
  while (begin > 0 && !isNewline(bytes[begin])) begin--;
  if (isNewline(bytes[begin])) begin++;
  let end = at;
  while (end < bytes.length && !isNewline(bytes[end])) end++;
  begin = Math.min(begin, end);
  return { line: decodeUtf8(bytes.slice(begin, end)), index: at - begin };
}

function isNewline(byte: number | undefined): boolean {
  return byte === 10 || byte === 13;
}

/** The line without the tabs that it begins with, and a mark below the place. */
export function markedLines({ line, index }: Excerpt): readonly [line: string, mark: string] {
  const shown = line.replace(/^\t+/, "");
  return [shown, `${" ".repeat(Math.max(0, index - (line.length - shown.length)))}^`];
}

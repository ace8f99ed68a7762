/** Rows and texts of nodes as the formatter asks for them: it keeps the line breaks that the author chose. */
import type { Comment, Term } from "./ast.ts";
import type { Source, Span } from "../source.ts";

/** A place in the text that is being formatted, and the text that stands there. */
export interface Place {
  readonly row: number;
  readonly start: number;
  readonly text: string;
}

/** Finds rows of offsets. */
export interface Rows {
  readonly rowOf: (offset: number) => number;
}

/** A row that nothing stands in. */
export const noRow = -1;

/** The rows of a text. */
export function rowsOf(source: Source): Rows {
  const starts = [0];
  for (let at = source.text.indexOf("\n"); at !== -1; at = source.text.indexOf("\n", at + 1)) starts.push(at + 1);
  return {
    rowOf: (offset) => {
      let low = 0;
      let high = starts.length;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if ((starts[middle] ?? 0) <= offset) low = middle;
        else high = middle;
      }
      return low + 1;
    },
  };
}

/** The place of a node. */
export function placeOf(
  rows: Rows,
  node: { readonly span: Span } & Partial<Pick<Term, "textStart" | "unplaced">>,
): Place {
  const { span } = node;
  // What was left out has its place at the top, where nothing is.
  if (node.unplaced === true) return { row: 1, start: 0, text: "true" };
  const text = span.source.text.slice(node.textStart ?? span.start, span.end);
  return { row: rows.rowOf(span.start), start: span.start, text };
}

/** The row in which a place's text ends. */
export function endRow({ row, text }: Place): number {
  return row + countNewlines(text);
}

/** How many line breaks a text has. */
export function countNewlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

/** The row of the bracket that closes the first one in a place's text; none where there is no such bracket. */
export function closingRow(
  place: Place,
  open: string,
  close: string,
  skip?: readonly [open: string, close: string],
): number {
  const { text, row } = place;
  const from = skip === undefined ? { at: 0, newlines: 0 } : closing(text, 0, skip[0], skip[1]);
  const found = closing(text, from.at, open, close);
  return found.at >= text.length ? noRow : row + from.newlines + found.newlines;
}

function closing(
  text: string,
  from: number,
  open: string,
  close: string,
): { readonly at: number; readonly newlines: number } {
  let at = text.indexOf(open, from);
  if (at === -1) return { at: text.length, newlines: 0 };
  let depth = 1;
  let newlines = 0;
  while (depth > 0) {
    at += 1;
    if (at >= text.length) break;
    const character = text.charAt(at);
    if (character === open) depth += 1;
    else if (character === close) depth -= 1;
    else if (character === "\n") newlines += 1;
  }
  return { at, newlines };
}

/** Whether a comment begins a METADATA block. */
export function isMetadata({ span, text }: Comment): boolean {
  const atLineStart = span.start === 0 || span.source.text.charAt(span.start - 1) === "\n";
  return atLineStart && text.trim().startsWith("METADATA");
}

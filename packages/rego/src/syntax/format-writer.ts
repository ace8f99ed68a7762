/**
 * What the formatter has written so far, and the comments that it still has to place.
 *
 * A comment belongs to the row it stands in: those of rows before a node are written above it, the one of its own row
 * at the end of the line. Where that fails (two comments for one line) the node around is written as its author wrote
 * it; the failure travels as an exception to the next term, which knows how to do that.
 */
import type { Comment, Term } from "./ast.ts";
import { countNewlines, isMetadata, rowsOf, type Place, type Rows } from "./layout.ts";
import type { Source } from "../source.ts";

/** A comment that is to be written, and its row. */
export interface PendingComment {
  readonly comment: Comment;
  readonly row: number;
  /** With its `#`, and without space at its end. */
  readonly text: string;
}

/** How the text is to be written, found by looking over the module. */
export interface FormatStyle {
  /** Write `contains` for the elements of sets. */
  readonly contains: boolean;
  /** Write `if` before bodies. */
  readonly ifs: boolean;
  /** Write the names of all rules with dots, since some rule's needs them. */
  readonly refHeads: boolean;
  readonly rego1: boolean;
  /** Names that are written in brackets where they are parts of references, and were so before. */
  readonly keywords: ReadonlySet<string>;
  /** Whether they are written in brackets though they were not. */
  readonly bracketKeywords: boolean;
}

/** An operator whose number of operands is wrong, so that it cannot be written between them. */
export interface OperandFault {
  readonly offset: number;
  readonly operator: string;
  readonly operands: readonly Term[];
}

/** The formatter's state. */
export interface Writer {
  readonly rows: Rows;
  readonly style: FormatStyle;
  readonly faults: OperandFault[];
  output: string;
  level: number;
  inline: boolean;
  /** The comment for the end of the line that is being written. */
  lineComment: PendingComment | undefined;
  delayLineComment: boolean;
  comments: readonly PendingComment[];
  /** Whether a comment in the last row of text kept as it is still has to be written. */
  commentOnFinalLine: boolean;
  /** A node that is to be written in parentheses, once. */
  parenthesise: object | undefined;
}

/** Two comments want the end of one line. */
export class UnexpectedComment extends Error {}

/** A writer that has written nothing. */
export function createWriter(source: Source, comments: readonly Comment[], style: FormatStyle): Writer {
  const rows = rowsOf(source);
  return {
    rows,
    style,
    faults: [],
    output: "",
    level: 0,
    inline: false,
    lineComment: undefined,
    delayLineComment: false,
    comments: comments.map((comment) => ({
      comment,
      row: rows.rowOf(comment.span.start),
      text: `#${comment.text}`.trimEnd(),
    })),
    commentOnFinalLine: false,
    parenthesise: undefined,
  };
}

/** Appends text as it is. */
export function write(writer: Writer, text: string): void {
  writer.output += text;
}

/** Begins a line with its indentation. */
export function startLine(writer: Writer): void {
  writer.inline = true;
  write(writer, "\t".repeat(writer.level));
}

/** Ends a line, with the comment that waits for its end. */
export function endLine(writer: Writer): void {
  writer.inline = false;
  if (writer.lineComment !== undefined && !writer.delayLineComment) {
    write(writer, ` ${writer.lineComment.text}`);
    writer.lineComment = undefined;
  }
  writer.delayLineComment = false;
  write(writer, "\n");
}

/** An empty line, after the end of the current one. */
export function blankLine(writer: Writer): void {
  if (writer.inline) endLine(writer);
  write(writer, "\n");
}

/** A line of its own. */
export function writeLine(writer: Writer, text: string): void {
  if (!writer.inline) startLine(writer);
  write(writer, text);
  endLine(writer);
}

/** Lines one below the other, with the blank lines that stood between them. */
export function writeComments(writer: Writer, comments: readonly PendingComment[]): void {
  let inMetadata = false;
  for (const [position, pending] of comments.entries()) {
    const before = comments[position - 1];
    if (before !== undefined) {
      const distance = distanceOf(before, pending);
      if (distance > 1) {
        blankLine(writer);
        inMetadata = false;
      } else if (distance === 1 && inMetadata && isMetadata(pending.comment)) {
        blankLine(writer);
      }
    }
    if (isMetadata(pending.comment)) inMetadata = true;
    writeLine(writer, pending.text);
  }
}

/** Rows between two comments, or columns in one row. */
function distanceOf(before: PendingComment, after: PendingComment): number {
  return after.row - before.row || after.comment.span.start - before.comment.span.start;
}

/** The comments before a row, the one in it, and the rest. */
export function partitionComments(
  writer: Writer,
  row: number,
): {
  readonly before: readonly PendingComment[];
  readonly at: PendingComment | undefined;
  readonly after: readonly PendingComment[];
} {
  const { comments } = writer;
  if (comments.length === 0) return { before: [], at: undefined, after: comments };
  return {
    before: comments.filter((comment) => comment.row < row),
    at: comments.findLast((comment) => comment.row === row),
    after: comments.filter((comment) => comment.row > row),
  };
}

/** Writes the comments that stand above a row, and keeps the one in it for the end of the line. */
export function insertComments(writer: Writer, row: number): void {
  const { before, at, after } = partitionComments(writer, row);
  writeComments(writer, before);
  const last = before.at(-1);
  if (last !== undefined && row - last.row > 1) blankLine(writer);
  writer.comments = after;
  if (at === undefined) return;
  if (writer.lineComment === undefined) {
    writer.lineComment = at;
    return;
  }
  writer.lineComment = undefined;
  throw new UnexpectedComment();
}

/** Runs a part that, when a comment gets in its way, leaves no comments to be written. */
export function dropCommentsOnFailure(writer: Writer, part: () => void): void {
  try {
    part();
  } catch (error) {
    if (error instanceof UnexpectedComment) writer.comments = [];
    throw error;
  }
}

/** Runs a part, and says whether a comment got in its way. */
export function survivesComments(part: () => void): boolean {
  try {
    part();
    return true;
  } catch (error) {
    if (error instanceof UnexpectedComment) return false;
    throw error;
  }
}

/** Writes a text as its author wrote it; the comments in it are written with it. */
export function writeUnformatted(writer: Writer, place: Place): void {
  const lastRow = place.row + countNewlines(place.text);
  write(writer, place.text);
  const kept: PendingComment[] = [];
  for (const comment of writer.comments) {
    if (writer.commentOnFinalLine && comment.row === lastRow) {
      const { span } = comment.comment;
      write(writer, ` ${span.source.text.slice(span.start, span.end)}`);
    } else if (comment.row >= lastRow) {
      kept.push(comment);
    }
  }
  writer.comments = kept;
}

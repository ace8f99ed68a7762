/** Lists and comprehensions, laid out: what stood in one row stays in one row. */
import type { Body, Expression, Term } from "./ast.ts";
import {
  dropCommentsOnFailure,
  endLine,
  insertComments,
  startLine,
  UnexpectedComment,
  write,
  type Writer,
} from "./format-writer.ts";
import { isUnion } from "./infix.ts";
import { closingRow, noRow, placeOf, type Place } from "./layout.ts";
import { mentionsGenerated } from "./mentions.ts";

/** The parts of the formatter that call one another in circles. */
export interface FormatGrammar {
  readonly expression: (writer: Writer, expression: Expression) => void;
  readonly body: (writer: Writer, body: Body) => void;
  /** A term, in parentheses if it is an infix call and they are asked for. */
  readonly term: (writer: Writer, parenthesised: boolean, term: Term, place: Place) => void;
}

/** An element of a list, by the term that it begins with. */
export interface Element {
  readonly first: Term;
}

/** Elements with commas between, in rows as they stood. `close` is the row of the closing bracket, or none. */
export function writeIterable<E extends Element>(
  writer: Writer,
  elements: readonly E[],
  place: Place,
  close: number,
  writeElement: (element: E) => void,
): void {
  const lines = groupByRow(writer, elements, place.row);
  let breaksFirst = false;
  if (lines.length === 1) {
    if (writer.comments.some(({ row }) => row > place.row && row < close)) throw new UnexpectedComment();
    breaksFirst = newlinePrecedes(writer, lines[0]?.[0], place);
  }
  dropCommentsOnFailure(writer, () => {
    const isMultiline = lines.length > 1 || breaksFirst;
    if (isMultiline) {
      writer.delayLineComment = true;
      endLine(writer);
      writer.level += 1;
      startLine(writer);
    }
    for (const [position, line] of lines.entries()) {
      if (position > 0) {
        write(writer, ",");
        endLine(writer);
        startLine(writer);
      }
      for (const [column, element] of line.entries()) {
        if (column > 0) write(writer, ", ");
        writeElement(element);
      }
    }
    if (!isMultiline) return;
    write(writer, ",");
    endLine(writer);
    insertComments(writer, close);
    writer.level -= 1;
    startLine(writer);
  });
}

function newlinePrecedes(writer: Writer, element: Element | undefined, place: Place): boolean {
  if (element === undefined) return false;
  const cut = place.text.indexOf(placeOf(writer.rows, element.first).text);
  return cut > 0 && place.text.slice(0, cut).indexOf("\n") > 0;
}

/** Elements by the rows they begin in, each row that begins behind the one before. */
function groupByRow<E extends Element>(writer: Writer, elements: readonly E[], row: number): readonly (readonly E[])[] {
  // The places of generated variables say nothing.
  if (elements.some(({ first }) => mentionsGenerated(first))) return [elements];
  const sorted = elements.toSorted(({ first: left }, { first: right }) => left.span.start - right.span.start);
  return splitRows(
    sorted,
    sorted.map(({ first }) => placeOf(writer.rows, first).row),
    row,
  );
}

function splitRows<E>(items: readonly E[], rows: readonly number[], first: number): readonly (readonly E[])[] {
  const lines: E[][] = [];
  let current: E[] = [];
  let last = first;
  for (const [position, item] of items.entries()) {
    const row = rows[position] ?? noRow;
    if (row > last && position > 0) {
      lines.push(current);
      current = [];
    }
    last = row;
    current.push(item);
  }
  lines.push(current);
  return lines;
}

/** What stands between the brackets of a comprehension. */
export function writeComprehension(
  writer: Writer,
  grammar: FormatGrammar,
  open: string,
  close: string,
  term: Term,
  body: Body,
  place: Place,
  termPlace: Place = placeOf(writer.rows, term),
): void {
  if (termPlace.row > place.row) {
    endLine(writer);
    startLine(writer);
  }
  const parenthesised = term.kind === "call" && (isUnion(term) || termPlace.text.startsWith("("));
  grammar.term(writer, parenthesised, term, termPlace);
  write(writer, " |");
  writeBracedBody(writer, grammar, open, close, body, termPlace.row, place);
}

/** A body between brackets: in one row if it was, else a line for each expression. */
export function writeBracedBody(
  writer: Writer,
  grammar: FormatGrammar,
  open: string,
  close: string,
  body: Body,
  row: number,
  place: Place,
): void {
  const rows = body.map((expression) => writer.rows.rowOf(expression.span.start));
  const isGenerated = body.some(mentionsGenerated);
  const lines = isGenerated ? [body] : splitRows(body, rows, row);
  const closing = closingRow(place, open, close);
  if ((rows[0] ?? row) > row || lines.length > 1) {
    endLine(writer);
    writer.level += 1;
    try {
      grammar.body(writer, body);
      dropCommentsOnFailure(writer, () => insertComments(writer, closing));
    } finally {
      writer.level -= 1;
      startLine(writer);
    }
    return;
  }
  write(writer, " ");
  for (const [position, expression] of body.entries()) {
    if (position > 0) write(writer, "; ");
    grammar.expression(writer, expression);
  }
  dropCommentsOnFailure(writer, () => insertComments(writer, closing));
}

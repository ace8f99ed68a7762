/** Expressions and bodies, laid out. */
import type { Body, CallExpression, Every, Expression, NotBody, Term, With } from "./ast.ts";
import { writeBracedBody, type FormatGrammar } from "./format-collection.ts";
import { writeLogical } from "./format-logical.ts";
import { refuseArity, writeCallPlain, writeMembership, writeTerm, writeTermParenthesised } from "./format-term.ts";
import {
  blankLine,
  dropCommentsOnFailure,
  endLine,
  insertComments,
  startLine,
  survivesComments,
  write,
  type Writer,
} from "./format-writer.ts";
import { isUnionExpression, leadsWithBrace, symbolOf } from "./infix.ts";
import { countNewlines, placeOf, type Place } from "./layout.ts";

const grammar: FormatGrammar = { expression: writeExpression, body: writeBody, term: writeTermAt };

function writeTermAt(writer: Writer, parenthesised: boolean, term: Term, place: Place): void {
  writeTermParenthesised(writer, grammar, parenthesised, term, place);
}

/** A term on its own, as in a rule's head. */
export function writeHeadTerm(writer: Writer, term: Term, place?: Place): void {
  writeTerm(writer, grammar, term, place);
}

/** The grammar's circle, for the parts that stand above expressions. */
export { grammar as formatGrammar };

/** The expressions of a body, each on a line of its own; blank lines between them stay. */
export function writeBody(writer: Writer, body: Body): void {
  const [first] = body;
  if (first === undefined) return;
  insertComments(writer, placeOf(writer.rows, first).row);
  for (const [position, expression] of body.entries()) {
    const before = body[position - 1];
    if (before !== undefined) {
      const lastRow = writer.rows.rowOf(before.span.start) + countNewlines(placeOf(writer.rows, before).text);
      if (writer.rows.rowOf(expression.span.start) > lastRow + 1) blankLine(writer);
    }
    startLine(writer);
    survivesComments(() => writeExpression(writer, expression));
    endLine(writer);
  }
}

/** An expression with its modifiers. */
export function writeExpression(writer: Writer, expression: Expression): void {
  const wrapped = writer.parenthesise === expression;
  if (wrapped) writer.parenthesise = undefined;
  const place = placeOf(writer.rows, expression);
  insertComments(writer, place.row);
  if (!writer.inline) startLine(writer);
  if (expression.negated) write(writer, "not ");
  if (wrapped) write(writer, "(");
  writeUnmodified(writer, expression, place);
  if (wrapped) write(writer, ")");
  if (expression.with.length > 0) writeModifiers(writer, expression, place);
}

function writeUnmodified(writer: Writer, expression: Expression, place: Place): void {
  switch (expression.kind) {
    case "term":
      writeTerm(writer, grammar, expression.term);
      break;
    case "call":
      writeCallExpression(writer, expression);
      break;
    case "some":
    case "someIn":
      dropCommentsOnFailure(writer, () => writeSome(writer, expression, place));
      break;
    case "every":
      dropCommentsOnFailure(writer, () => writeEvery(writer, expression, place));
      break;
    case "not":
      dropCommentsOnFailure(writer, () => writeNot(writer, expression, place));
      break;
    case "and":
    case "or":
      dropCommentsOnFailure(writer, () => writeLogical(writer, grammar, expression));
      break;
  }
}

function writeCallExpression(writer: Writer, expression: CallExpression): void {
  const { operator, args } = expression;
  const symbol = symbolOf(operator);
  const place = placeOf(writer.rows, operator);
  const [left, right, result, ...others] = args;
  if (symbol === undefined) {
    writeCallPlain(writer, grammar, operator, args);
  } else if (symbol === "in") {
    writeMembership(writer, grammar, false, operator, args, place);
  } else if (left === undefined || right === undefined || others.length > 0) {
    refuseArity(writer, operator, args, place);
    writeCallPlain(writer, grammar, operator, args);
  } else {
    dropCommentsOnFailure(writer, () => {
      if (result !== undefined) {
        writeTerm(writer, grammar, result);
        write(writer, " = ");
      }
      writeTerm(writer, grammar, left);
      write(writer, ` ${symbol} `);
      if (result !== undefined) writeTerm(writer, grammar, right);
    });
    if (result === undefined) writeTerm(writer, grammar, right);
  }
}

function writeSome(writer: Writer, expression: Extract<Expression, { kind: "some" | "someIn" }>, place: Place): void {
  insertComments(writer, place.row);
  write(writer, "some ");
  if (expression.kind === "someIn") {
    const { key, value, collection, operator } = expression;
    const args = key === undefined ? [value, collection] : [key, value, collection];
    writeMembership(writer, grammar, false, operator, args, place);
    return;
  }
  let { row } = place;
  for (const [position, symbol] of expression.symbols.entries()) {
    const symbolRow = placeOf(writer.rows, symbol).row;
    if (symbolRow > row) {
      endLine(writer);
      startLine(writer);
      write(writer, "\t");
      row = symbolRow;
    } else if (position > 0) {
      write(writer, " ");
    }
    writeTerm(writer, grammar, symbol);
    if (position < expression.symbols.length - 1) write(writer, ",");
  }
}

function writeEvery(writer: Writer, expression: Every, place: Place): void {
  insertComments(writer, place.row);
  write(writer, "every ");
  if (expression.key !== undefined) {
    writeTerm(writer, grammar, expression.key);
    write(writer, ", ");
  }
  writeTerm(writer, grammar, expression.value);
  write(writer, " in ");
  writeTerm(writer, grammar, expression.domain);
  write(writer, " {");
  survivesComments(() => writeBracedBody(writer, grammar, "{", "}", expression.body, place.row, place));
  const [only, ...others] = expression.body;
  if (only !== undefined && others.length === 0 && writer.rows.rowOf(only.span.start) === place.row) write(writer, " ");
  write(writer, "}");
}

function writeNot(writer: Writer, expression: NotBody, place: Place): void {
  insertComments(writer, place.row);
  write(writer, "not ");
  const { body, braces } = expression;
  const [first] = body;
  const last = body.at(-1);
  if (first === undefined || last === undefined) return;
  if (braces || body.length > 1) {
    if (isUnionExpression(first)) writer.parenthesise = first;
    write(writer, "{");
    survivesComments(() => writeBracedBody(writer, grammar, "{", "}", body, place.row, place));
    if (writer.rows.rowOf(last.span.start) === place.row) write(writer, " ");
    write(writer, "}");
    return;
  }
  const wrapped =
    first.with.length > 0 ||
    first.kind === "and" ||
    first.kind === "or" ||
    first.kind === "not" ||
    leadsWithBrace(first);
  if (wrapped) write(writer, "(");
  survivesComments(() => writeExpression(writer, first));
  if (wrapped) write(writer, ")");
}

/** The modifiers of an expression: those that stood in rows of their own are indented. */
function writeModifiers(writer: Writer, expression: Expression, place: Place): void {
  let modifiers = expression.with;
  const [first] = modifiers;
  if (first === undefined) return;
  const offset = first.span.start - place.start;
  const text = offset > 0 && offset <= place.text.length ? place.text.slice(0, offset) : place.text;
  let lastRow = place.row + countNewlines(text.replace(/[ \t\r\n]+$/, ""));
  const firstRow = writer.rows.rowOf(first.span.start);
  if (firstRow === lastRow) {
    writeWith(writer, first, false);
    lastRow = firstRow;
    modifiers = modifiers.slice(1);
  }
  let indented = false;
  try {
    for (const modifier of modifiers) {
      const row = writer.rows.rowOf(modifier.span.start);
      const breaks = row > lastRow;
      if (breaks) {
        if (!indented) writer.level += 1;
        indented = true;
        endLine(writer);
        startLine(writer);
        lastRow = row;
      }
      writeWith(writer, modifier, breaks);
    }
  } finally {
    if (indented) writer.level -= 1;
  }
}

function writeWith(writer: Writer, modifier: With, isIndented: boolean): void {
  dropCommentsOnFailure(writer, () => {
    insertComments(writer, placeOf(writer.rows, modifier).row);
    if (!isIndented) write(writer, " ");
    write(writer, "with ");
    writeTerm(writer, grammar, modifier.target);
  });
  write(writer, " as ");
  // A value that was written as it stood is no failure of the whole.
  survivesComments(() => writeTerm(writer, grammar, modifier.value));
}

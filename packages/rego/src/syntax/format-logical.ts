/** Chains of `and` and `or`, laid out: operands that stood in rows of their own are indented once. */
import type { Body, Logical } from "./ast.ts";
import { writeBracedBody, type FormatGrammar } from "./format-collection.ts";
import { endLine, startLine, survivesComments, write, type Writer } from "./format-writer.ts";
import { isUnionExpression, leadsWithBrace } from "./infix.ts";
import { closingRow, countNewlines, placeOf, type Place } from "./layout.ts";
import { operandNeedsParentheses } from "./print.ts";

interface Operand {
  readonly body: Body;
  readonly parenthesised: boolean;
  /** Where the brace of a body of its own opens. */
  readonly brace: Place | undefined;
}

interface Step {
  readonly word: string;
  readonly right: Operand;
  /** The row in which everything left of the operator ends. */
  readonly leftEnd: number;
}

/** A chain, with its operators in front of the line breaks. */
export function writeLogical(writer: Writer, grammar: FormatGrammar, expression: Logical): void {
  const { first, steps } = flatten(writer, expression);
  let indented = false;
  try {
    survivesComments(() => writeOperand(writer, grammar, first));
    for (const { word, right, leftEnd } of steps) {
      write(writer, ` ${word}`);
      if (startRow(writer, right) > leftEnd) {
        if (!indented) writer.level += 1;
        indented = true;
        endLine(writer);
        startLine(writer);
      } else {
        write(writer, " ");
      }
      survivesComments(() => writeOperand(writer, grammar, right));
    }
  } finally {
    if (indented) writer.level -= 1;
  }
}

function startRow(writer: Writer, { body, brace }: Operand): number {
  if (brace !== undefined) return brace.row;
  const [first] = body;
  return first === undefined ? 0 : placeOf(writer.rows, first).row;
}

/** The operands of a chain that binds to the left, without the nesting. */
export function flatten(
  writer: Writer,
  expression: Logical,
): { readonly first: Operand; readonly steps: readonly Step[] } {
  const { kind } = expression;
  const [left, right] = expression.operands;
  const place = placeOf(writer.rows, expression);
  const leftBody = left?.body ?? [];
  const second = operandOf(writer, right?.body ?? [], right?.form === "braces", kind, true, place);
  const [nested] = leftBody;
  const isChain =
    left?.form !== "braces" &&
    leftBody.length === 1 &&
    nested !== undefined &&
    (nested.kind === "and" || nested.kind === "or");
  if (isChain && !operandNeedsParentheses(leftBody, kind, false)) {
    const { first, steps } = flatten(writer, nested);
    return { first, steps: [...steps, { word: kind, right: second, leftEnd: bodyEnd(writer, leftBody) }] };
  }
  const first = operandOf(writer, leftBody, left?.form === "braces", kind, false, place);
  return { first, steps: [{ word: kind, right: second, leftEnd: operandEnd(writer, first) }] };
}

function operandOf(
  writer: Writer,
  body: Body,
  braces: boolean,
  parent: Logical["kind"],
  isRight: boolean,
  place: Place,
): Operand {
  const [only] = body;
  if (braces || body.length !== 1 || only === undefined) {
    return { body, parenthesised: false, brace: bracePlace(writer, place, body) };
  }
  const parenthesised = operandNeedsParentheses(body, parent, isRight) || leadsWithBrace(only);
  return { body, parenthesised, brace: undefined };
}

/** The brace that opens a body inside a chain: the last one before its first expression. */
function bracePlace(writer: Writer, place: Place, body: Body): Place {
  const [first] = body;
  if (first === undefined) return place;
  const until = Math.min(first.span.start - place.start, place.text.length);
  const at = until <= 0 ? -1 : place.text.lastIndexOf("{", until - 1);
  if (at === -1) return place;
  const start = place.start + at;
  return { row: writer.rows.rowOf(start), start, text: place.text.slice(at) };
}

function operandEnd(writer: Writer, { body, brace }: Operand): number {
  const row = brace === undefined ? 0 : closingRow(brace, "{", "}");
  return row > 0 ? row : bodyEnd(writer, body);
}

function bodyEnd(writer: Writer, body: Body): number {
  const last = body.at(-1);
  if (last === undefined) return 0;
  const { row, text } = placeOf(writer.rows, last);
  return row + countNewlines(text.replace(/[ \t\r\n]+$/, ""));
}

function writeOperand(writer: Writer, grammar: FormatGrammar, operand: Operand): void {
  const { body, parenthesised, brace } = operand;
  const [first] = body;
  const last = body.at(-1);
  if (first === undefined || last === undefined) {
    write(writer, "{}");
    return;
  }
  if (brace === undefined) {
    if (parenthesised) write(writer, "(");
    try {
      grammar.expression(writer, first);
    } finally {
      if (parenthesised) write(writer, ")");
    }
    return;
  }
  if (isUnionExpression(first)) writer.parenthesise = first;
  write(writer, "{");
  survivesComments(() => writeBracedBody(writer, grammar, "{", "}", body, brace.row, brace));
  if (placeOf(writer.rows, last).row === brace.row) write(writer, " ");
  write(writer, "}");
}

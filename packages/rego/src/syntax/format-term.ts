/** Terms, laid out. */
import type { CallTerm, RefTerm, StringTerm, TemplateString, Term } from "./ast.ts";
import { operatorName } from "./build.ts";
import { sortedEntries, sortedItems } from "./compare.ts";
import { writeComprehension, writeIterable, type FormatGrammar } from "./format-collection.ts";
import {
  dropCommentsOnFailure,
  endLine,
  insertComments,
  partitionComments,
  startLine,
  survivesComments,
  UnexpectedComment,
  write,
  writeComments,
  writeUnformatted,
  type Writer,
} from "./format-writer.ts";
import { isUnion, symbolOf } from "./infix.ts";
import { closingRow, endRow, placeOf, type Place } from "./layout.ts";
import { printTerm } from "./print.ts";
import { quote } from "./quote.ts";
import { constantPart, offsetBehindPart } from "./template-part.ts";

/** A term; if the comments in it cannot be placed it is written as it was, and the failure goes on to the term around. */
export function writeTerm(
  writer: Writer,
  grammar: FormatGrammar,
  term: Term,
  place: Place = placeOf(writer.rows, term),
): void {
  const { output, level, comments } = writer;
  try {
    writeTermParenthesised(writer, grammar, false, term, place);
  } catch (error) {
    if (!(error instanceof UnexpectedComment)) throw error;
    writer.output = output;
    writer.level = level;
    writer.comments = comments;
    const { lineComment } = writer;
    if (lineComment !== undefined && place.text !== "") {
      // It stands in the text that is going to be written as it is.
      if (lineComment.row >= place.row && lineComment.row <= endRow(place)) writer.lineComment = undefined;
    }
    writeUnformatted(writer, place);
    throw error;
  }
}

/** A term, in parentheses if it is an infix call and `parenthesised` asks for them. */
export function writeTermParenthesised(
  writer: Writer,
  grammar: FormatGrammar,
  parenthesised: boolean,
  term: Term,
  place: Place = placeOf(writer.rows, term),
): void {
  let wrapped = parenthesised;
  if (writer.parenthesise === term) {
    writer.parenthesise = undefined;
    wrapped = true;
  }
  dropCommentsOnFailure(writer, () => {
    insertComments(writer, place.row);
    if (!writer.inline) startLine(writer);
    writeValue(writer, grammar, wrapped, term, place);
    if (!writer.inline) startLine(writer);
  });
}

function writeValue(writer: Writer, grammar: FormatGrammar, parenthesised: boolean, term: Term, place: Place): void {
  switch (term.kind) {
    case "ref":
      writeRef(writer, grammar, term.terms);
      break;
    case "object":
      bracketed(writer, "{", "}", () => {
        const entries = sortedEntries(term.entries).map((pair) => ({ first: pair[0], pair }));
        writeIterable(writer, entries, place, closingRow(place, "{", "}"), ({ pair }) =>
          writePair(writer, grammar, pair),
        );
      });
      break;
    case "array":
      bracketed(writer, "[", "]", () =>
        writeItems(writer, grammar, term.items, place, closingRow(place, "[", "]"), true),
      );
      break;
    case "set":
      if (term.items.length === 0) {
        write(writer, "set()");
        insertComments(writer, closingRow(place, "(", ")"));
        break;
      }
      bracketed(writer, "{", "}", () =>
        writeItems(writer, grammar, sortedItems(term.items), place, closingRow(place, "{", "}"), true),
      );
      break;
    case "arrayComprehension":
      bracketed(writer, "[", "]", () => writeComprehension(writer, grammar, "[", "]", term.term, term.body, place));
      break;
    case "setComprehension":
      bracketed(writer, "{", "}", () => writeComprehension(writer, grammar, "{", "}", term.term, term.body, place));
      break;
    case "objectComprehension":
      bracketed(writer, "{", "}", () => {
        wrapIf(writer, isUnion(term.key), () => writeTerm(writer, grammar, term.key));
        write(writer, ": ");
        // The value stays in the row of the key wherever it stood.
        const valuePlace = { ...placeOf(writer.rows, term.value), row: place.row };
        writeComprehension(writer, grammar, "{", "}", term.value, term.body, place, valuePlace);
      });
      break;
    case "string":
      write(writer, stringText(term, place));
      break;
    case "templateString":
      writeTemplateString(writer, grammar, term);
      break;
    case "call":
      writeCall(writer, grammar, parenthesised, term, place);
      break;
    default:
      write(writer, printTerm(term));
  }
}

/** Writes what stands between brackets; they close even where a comment got in the way. */
function bracketed(writer: Writer, open: string, close: string, inside: () => void): void {
  write(writer, open);
  try {
    inside();
  } finally {
    write(writer, close);
  }
}

function wrapIf(writer: Writer, wrapped: boolean, inside: () => void): void {
  if (wrapped) write(writer, "(");
  inside();
  if (wrapped) write(writer, ")");
}

function writePair(writer: Writer, grammar: FormatGrammar, [key, value]: readonly [key: Term, value: Term]): void {
  dropCommentsOnFailure(writer, () => wrapIf(writer, isUnion(key), () => writeTerm(writer, grammar, key)));
  write(writer, ": ");
  if (isUnion(value)) bracketed(writer, "(", ")", () => writeTerm(writer, grammar, value));
  else writeTerm(writer, grammar, value);
}

/** Terms with commas between, in rows as they were. Unions always get parentheses where they could be comprehensions. */
export function writeItems(
  writer: Writer,
  grammar: FormatGrammar,
  items: readonly Term[],
  place: Place,
  close: number,
  wrapUnions: boolean,
): void {
  const elements = items.map((first) => ({ first }));
  writeIterable(writer, elements, place, close, ({ first }) => {
    const wrapped = isUnion(first) && (wrapUnions || placeOf(writer.rows, first).text.startsWith("("));
    if (wrapped) bracketed(writer, "(", ")", () => writeTerm(writer, grammar, first));
    else writeTerm(writer, grammar, first);
  });
}

/** A string as it was written. Only where there are no quotes, as behind a dot, are they made. */
function stringText(term: StringTerm, { text }: Place): string {
  if (text.startsWith("`")) return text;
  const last = text.charAt(text.length - 1);
  const from = last === '"' || last === "`" ? text.indexOf(last) : -1;
  return from === -1 ? quote(term.value) : text.slice(from);
}

/** A reference: its head, and names behind dots where they need no brackets. */
export function writeRef(writer: Writer, grammar: FormatGrammar, terms: readonly Term[]): void {
  const [head, ...path] = terms;
  if (head === undefined) return;
  const wrapped = head.kind === "call" && placeOf(writer.rows, head).text.startsWith("(");
  writeTermParenthesised(writer, grammar, wrapped, head);
  for (const term of path) {
    if (term.kind === "string") {
      write(writer, needsBrackets(writer, term) ? `[${quote(term.value)}]` : `.${term.value}`);
    } else if (term.kind === "var") {
      write(writer, `[${printTerm(term)}]`);
    } else {
      write(writer, "[");
      // The bracket must not become a part of the comment.
      if (!survivesComments(() => writeTerm(writer, grammar, term))) write(writer, "\n");
      write(writer, "]");
    }
  }
}

function needsBrackets(writer: Writer, term: StringTerm): boolean {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(term.value)) return true;
  const { keywords, bracketKeywords } = writer.style;
  return keywords.has(term.value) && (bracketKeywords || placeOf(writer.rows, term).text.startsWith('"'));
}

function writeCall(writer: Writer, grammar: FormatGrammar, parenthesised: boolean, term: CallTerm, place: Place): void {
  const { operator, args } = term;
  const symbol = symbolOf(operator);
  if (symbol === undefined) {
    writeCallPlain(writer, grammar, operator, args);
    return;
  }
  if (symbol === "in") {
    writeMembership(writer, grammar, true, operator, args, place);
    return;
  }
  const [left, right] = args;
  if (left === undefined || right === undefined || args.length !== 2) {
    if (parenthesised) write(writer, "(");
    refuseArity(writer, operator, args, place);
    return;
  }
  wrapIf(writer, parenthesised, () => {
    writeTermParenthesised(writer, grammar, true, left);
    write(writer, ` ${symbol} `);
    writeTermParenthesised(writer, grammar, true, right);
  });
}

/** Records that an operator has the wrong number of operands. */
export function refuseArity(writer: Writer, operator: RefTerm, operands: readonly Term[], place: Place): void {
  writer.faults.push({ offset: place.start, operator: operatorName(operator) ?? "", operands });
}

/** `f(x, y)`. */
export function writeCallPlain(writer: Writer, grammar: FormatGrammar, operator: RefTerm, args: readonly Term[]): void {
  // The arguments get the comments that the name may have had before them, as in OPA.
  const { comments } = writer;
  writeRef(writer, grammar, operator.terms);
  writer.comments = comments;
  const place = placeOf(writer.rows, operator);
  bracketed(writer, "(", ")", () => {
    dropCommentsOnFailure(writer, () => writeItems(writer, grammar, args, place, closingRow(place, "(", ")"), false));
  });
}

/** `x in xs`, `k, v in xs`; the latter in parentheses where it is a term. */
export function writeMembership(
  writer: Writer,
  grammar: FormatGrammar,
  isTerm: boolean,
  operator: RefTerm,
  args: readonly Term[],
  place: Place,
): void {
  const [first, second, third] = args;
  const arity = operatorName(operator) === "internal.member_3" ? 3 : 2;
  if (args.length !== arity || first === undefined || second === undefined) {
    refuseArity(writer, operator, args, place);
    return;
  }
  const wrapped = isTerm && third !== undefined;
  if (wrapped) write(writer, "(");
  try {
    writeTermParenthesised(writer, grammar, true, first);
    if (third !== undefined) {
      write(writer, ", ");
      writeTermParenthesised(writer, grammar, true, second);
    }
    write(writer, " in ");
    writeTermParenthesised(writer, grammar, true, third ?? second);
  } finally {
    if (wrapped) write(writer, ")");
  }
}

function writeTemplateString(writer: Writer, grammar: FormatGrammar, term: TemplateString): void {
  const mark = term.multiline ? "`" : '"';
  write(writer, `$${mark}`);
  for (const [position, part] of term.parts.entries()) {
    if (typeof part === "string") {
      write(writer, templateText(part, term.multiline));
      continue;
    }
    const constant = constantPart(part);
    if (constant?.kind === "string") {
      write(writer, templateText(constant.value, term.multiline));
    } else if (constant !== undefined) {
      write(writer, printTerm(constant));
    } else {
      const next = term.parts[position + 1];
      const nextOffset = next === undefined || typeof next === "string" ? offsetBehindPart(part) : next.span.start;
      const nextRow = next === undefined ? undefined : writer.rows.rowOf(nextOffset);
      writeTemplateExpression(writer, grammar, part, nextRow);
    }
  }
  write(writer, mark);
}

function writeTemplateExpression(
  writer: Writer,
  grammar: FormatGrammar,
  part: Exclude<TemplateString["parts"][number], string>,
  nextRow: number | undefined,
): void {
  write(writer, "{");
  writer.level += 1;
  if (writer.lineComment !== undefined) {
    endLine(writer);
    startLine(writer);
  } else {
    const { before } = partitionComments(writer, placeOf(writer.rows, part).row);
    if (before.length > 0) {
      write(writer, " ");
      writer.inline = true;
      writeComments(writer, before);
      writer.comments = writer.comments.slice(before.length);
    }
  }
  grammar.expression(writer, part);
  const { before } = nextRow === undefined ? { before: [] } : partitionComments(writer, nextRow);
  if (before.length > 0) {
    endLine(writer);
    writeComments(writer, before);
    writer.comments = writer.comments.slice(before.length);
    startLine(writer);
  }
  write(writer, "}");
  writer.level -= 1;
}

function templateText(text: string, multiline: boolean): string {
  const escaped = multiline ? text : quote(text).slice(1, -1);
  return escaped.replaceAll("{", "\\{");
}

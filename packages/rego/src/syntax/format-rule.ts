/** Rules, laid out. */
import type { Expression, Rule, RuleHead, Term } from "./ast.ts";
import { isGround } from "./build.ts";
import { formatGrammar as grammar, writeBody, writeExpression, writeHeadTerm } from "./format-expression.ts";
import { flatten } from "./format-logical.ts";
import { writeItems, writeRef } from "./format-term.ts";
import {
  blankLine,
  dropCommentsOnFailure,
  endLine,
  insertComments,
  startLine,
  survivesComments,
  write,
  writeUnformatted,
  type Writer,
} from "./format-writer.ts";
import { isUnion, isUnionExpression, leadingOperand } from "./infix.ts";
import { closingRow, endRow, placeOf } from "./layout.ts";
import { printRef, printTerm } from "./print.ts";

/** Rules one below the other; one-liners that stood together stay together. */
export function writeRules(writer: Writer, rules: readonly Rule[]): void {
  for (const [position, rule] of rules.entries()) {
    const { row } = placeOf(writer.rows, rule);
    survivesComments(() => insertComments(writer, row));
    survivesComments(() => writeRule(writer, rule, false));
    const next = rules[position + 1];
    const adjacent =
      next !== undefined &&
      isOneLiner(writer, rule) &&
      isOneLiner(writer, next) &&
      placeOf(writer.rows, next).row === row + 1;
    if (!adjacent) blankLine(writer);
  }
}

function isOneLiner(writer: Writer, rule: Rule): boolean {
  if (rule.body.length > 1 || rule.isDefault || rule.else !== undefined) return false;
  const [only] = rule.body;
  return !(only !== undefined && isSet(only)) && takesIf(writer, rule.head);
}

function takesIf({ style }: Writer, head: RuleHead): boolean {
  return (style.rego1 || style.ifs) && (style.contains || head.value !== undefined);
}

function isSet(expression: Expression): boolean {
  return expression.kind === "term" && !expression.negated && expression.term.kind === "set";
}

function isTrue(term: Term | undefined): boolean {
  return term?.kind === "boolean" && term.value;
}

function writeRule(writer: Writer, rule: Rule, isElse: boolean): void {
  const { head, body } = rule;
  if (!isElse) startLine(writer);
  if (rule.isDefault) write(writer, "default ");
  const [first] = body;
  const isConstant = body.length === 1 && isPlainTrue(first) && rule.else === undefined;
  writer.commentOnFinalLine = isConstant;
  const headWritten = survivesComments(() => writeHead(writer, rule, isConstant, isElse));
  if (first === undefined || isConstant) {
    endLine(writer);
    return;
  }
  writer.commentOnFinalLine = true;
  const usesIf = takesIf(writer, head);
  if (usesIf) {
    write(writer, " if");
    const sameRow = placeOf(writer.rows, first).row === endRow(placeOf(writer.rows, head));
    if (body.length === 1 && sameRow && !isSet(first)) {
      write(writer, " ");
      survivesComments(() => writeExpression(writer, first));
      endLine(writer);
      if (rule.else !== undefined) writeElse(writer, rule, rule.else);
      return;
    }
  }
  if (!headWritten && writer.comments.length > 0) {
    write(writer, " { ");
  } else {
    write(writer, " {");
    endLine(writer);
  }
  if (usesIf && !isElse) parenthesiseLeadingUnion(writer, first);
  writer.level += 1;
  survivesComments(() => writeBody(writer, body));
  insertCommentsBeforeClose(writer, rule, isElse);
  writer.level -= 1;
  startLine(writer);
  write(writer, "}");
  if (rule.else !== undefined) writeElse(writer, rule, rule.else);
}

function insertCommentsBeforeClose(writer: Writer, rule: Rule, isElse: boolean): void {
  const { head } = rule;
  const place = placeOf(writer.rows, rule);
  let skip: readonly [string, string] | undefined;
  if (head.args !== undefined && !isElse) skip = ["(", ")"];
  else if (head.key !== undefined || head.objectKey !== undefined) skip = ["[", "]"];
  const row = closingRow(place, "{", "}", skip);
  dropCommentsOnFailure(writer, () => insertComments(writer, row));
}

function isPlainTrue(expression: Expression | undefined): boolean {
  return expression?.kind === "term" && !expression.negated && expression.with.length === 0 && isTrue(expression.term);
}

/** `else` stays behind the brace if it stood there. */
function writeElse(writer: Writer, rule: Rule, alternative: Rule): void {
  const place = placeOf(writer.rows, rule);
  const elsePlace = placeOf(writer.rows, alternative);
  const headRow = placeOf(writer.rows, alternative.head).row;
  const line = elsePlace.row > place.row ? place.text.split("\n")[elsePlace.row - place.row] : undefined;
  const wasInline = line !== undefined && !line.trim().startsWith("else");
  const [comment] = writer.comments;
  const hasCommentAbove = (comment !== undefined && comment.row < headRow) || writer.lineComment !== undefined;
  if (!hasCommentAbove && wasInline) {
    write(writer, " ");
  } else {
    blankLine(writer);
    startLine(writer);
  }
  dropCommentsOnFailure(writer, () => insertComments(writer, headRow));
  if (hasCommentAbove && !wasInline) startLine(writer);
  writeRule(writer, alternative, true);
}

function writeHead(writer: Writer, rule: Rule, isConstant: boolean, isElse: boolean): void {
  const { head } = rule;
  const args = isElse ? undefined : head.args;
  const key = head.key ?? head.objectKey;
  if (isElse) writeRef(writer, grammar, [{ kind: "var", name: "else", span: head.span }]);
  else if (!writeName(writer, head)) return;
  const place = placeOf(writer.rows, head);
  if (args !== undefined && args.length > 0) {
    write(writer, "(");
    try {
      writeItems(writer, grammar, args, place, closingRow(place, "(", ")"), false);
    } finally {
      write(writer, ")");
    }
  }
  if (key !== undefined && head.value === undefined) {
    write(writer, writer.style.contains ? " contains " : "[");
    writeHeadTerm(writer, key);
    if (!writer.style.contains) write(writer, "]");
  }
  const { value } = head;
  if (value === undefined || !(key !== undefined || !isTrue(value) || isConstant || rule.isDefault)) return;
  // A value that nobody wrote has the place of the head.
  const isImplied = value.unplaced !== true && value.span === head.span;
  const isNamed = writer.style.rego1 && isConstant && key === undefined && (args === undefined || args.length === 0);
  if (isImplied && !isElse && isTrue(value) && !isNamed) return;
  write(writer, head.assign || writer.style.rego1 ? " := " : " = ");
  writeHeadTerm(writer, value, isElse ? place : undefined);
}

/** The name of a rule; false if the whole head was written as it stood, with the comments in it. */
function writeName(writer: Writer, head: RuleHead): boolean {
  let { terms } = head.ref;
  const open = terms.findIndex((term, position) => position > 0 && !isConstant(term));
  if (head.key !== undefined && head.value === undefined && open === -1) terms = groundPrefix(terms);
  const [first, second] = terms;
  if (writer.style.refHeads || terms.length === 1 || first === undefined || second === undefined) {
    dropCommentsOnFailure(writer, () => writeRef(writer, grammar, terms));
    return true;
  }
  const [comment] = writer.comments;
  if (comment !== undefined && placeOf(writer.rows, second).row === comment.row) {
    writeUnformatted(writer, placeOf(writer.rows, head));
    return false;
  }
  write(writer, `${printRef([first])}[${printTerm(second)}]`);
  return true;
}

function isConstant({ kind }: Term): boolean {
  return kind === "string" || kind === "number" || kind === "boolean" || kind === "null";
}

function groundPrefix(terms: readonly Term[]): readonly Term[] {
  const open = terms.findIndex((term, position) => position > 0 && !isGround(term));
  return open === -1 ? terms : terms.slice(0, open);
}

/** A union that a body in braces begins with would be read as a comprehension. */
function parenthesiseLeadingUnion(writer: Writer, expression: Expression): void {
  if (expression.negated) return;
  if (expression.kind === "and" || expression.kind === "or") {
    const { first } = flatten(writer, expression);
    const [only] = first.body;
    if (first.brace === undefined && !first.parenthesised && only !== undefined) parenthesiseLeadingUnion(writer, only);
    return;
  }
  if (isUnionExpression(expression)) {
    writer.parenthesise = expression;
    return;
  }
  const lead = expression.kind === "call" ? leadingOperand(expression) : undefined;
  if (lead !== undefined && isUnion(lead)) writer.parenthesise = lead;
}

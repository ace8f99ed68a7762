/**
 * `and`, `or` and bodies behind `not` (`future.keywords.and`, `.or`, `.not`).
 *
 * In an operand's place `{ … }` is a body and `( … )` a group, where a term would read a set and a parenthesised value
 * there; so braces and parentheses are read as operands first, and read again as terms when that does not hold.
 */
import type { Body, Expression, Logical, LogicalOperand, NotBody, Term } from "./ast.ts";
import { operatorName, termKindName } from "./build.ts";
import { scanTemplateRest, scanToken, type Cursor } from "./lexer.ts";
import { enter, error, hint, leave, peek, restore, save, scan, spanOf, type Parser } from "./parser.ts";
import { parseSimpleExpression } from "./simple-expression.ts";
import { token, tokenName, type Token } from "./token.ts";
import { attachWith } from "./with.ts";
import type { Span } from "../source.ts";

/** An operand, and the text that it covers. */
export interface Operand extends LogicalOperand {
  readonly span: Span;
}

/** What came of trying to read a group: not one (nothing was read), or one, perhaps a broken one. */
export type Group = { readonly committed: false } | { readonly committed: true; readonly operand: Operand | undefined };

const notAGroup: Group = { committed: false };
const brokenGroup: Group = { committed: true, operand: undefined };

/** Whether `and` or `or` is a keyword by now. */
export function logicalActive(parser: Parser): boolean {
  return parser.keywords.has("and") || parser.keywords.has("or");
}

/** Whether a token is one of the two operators. */
export function isLogicalToken(kind: Token): boolean {
  return kind === token.logicalAnd || kind === token.logicalOr;
}

/** Whether the brace at the current token closes before an `and` or `or`: only then is it worth reading as an operand. */
export function bracesPrecedeLogical(parser: Parser): boolean {
  const known = parser.logicalFollowers;
  if (known?.keywords === parser.keywords) return known.offsets.has(parser.start);
  const offsets = findBracesBeforeLogical(parser);
  parser.logicalFollowers = { keywords: parser.keywords, offsets };
  return offsets.has(parser.start);
}

function findBracesBeforeLogical(parser: Parser): ReadonlySet<number> {
  const { text, keywords } = parser;
  const cursor: Cursor = { text, keywords, illegalOffsets: [], token: token.whitespace, start: 0, end: 0 };
  const offsets = new Set<number>();
  const open: { readonly offset: number; readonly template: "quoted" | "raw" | undefined }[] = [];
  let closed: number | undefined;
  while (cursor.token !== token.endOfFile) {
    scanToken(cursor);
    if (cursor.token === token.whitespace || cursor.token === token.comment) continue;
    if (closed !== undefined && isLogicalToken(cursor.token)) offsets.add(closed);
    closed = undefined;
    if (cursor.token === token.rightBrace) {
      const last = open.pop();
      if (last?.template === undefined) closed = last?.offset;
      else scanTemplateRest(cursor, last.template === "raw");
    }
    if (cursor.token === token.leftBrace) open.push({ offset: cursor.start, template: undefined });
    else if (cursor.token === token.templatePart) open.push({ offset: cursor.start, template: "quoted" });
    else if (cursor.token === token.rawTemplatePart) open.push({ offset: cursor.start, template: "raw" });
  }
  return offsets;
}

/** `{ body } and …` where a literal begins. */
export function parseBracedChain(
  parser: Parser,
): { readonly committed: false } | { readonly committed: true; readonly expression: Expression | undefined } {
  const state = save(parser);
  const { parsedTerms, start, end } = parser;
  scan(parser);
  const body = parser.grammar.body(parser, token.rightBrace);
  if (body !== undefined) {
    scan(parser);
    if (isLogicalToken(parser.token)) {
      if (isAmbiguousUnion(parser, body)) {
        refuseAmbiguousUnion(parser, start, body, "");
        return { committed: true, expression: undefined };
      }
      const span = spanOf(parser, start, end);
      return { committed: true, expression: parseLogicalChain(parser, { body, form: "braces", span }) };
    }
  }
  restore(parser, state);
  parser.parsedTerms = parsedTerms;
  return { committed: false };
}

/** What follows an operand that was read already: a chain, modifiers, or nothing. */
export function foldLogicalTail(parser: Parser, operand: Operand): Expression | undefined {
  if (isLogicalToken(parser.token)) return parseLogicalChain(parser, operand);
  const [expression] = operand.body;
  return expression === undefined ? undefined : attachWith(parser, expression);
}

/** A chain of operators behind its first operand, and the modifiers that apply to the whole. */
export function parseLogicalChain(parser: Parser, first: Operand): Expression | undefined {
  const chain = parseOrChain(parser, first);
  return chain === undefined ? undefined : attachWith(parser, chain);
}

function parseOrChain(parser: Parser, first: Operand): Expression | undefined {
  if (!enter(parser)) return undefined;
  const result = readOrChain(parser, first);
  leave(parser);
  return result;
}

function readOrChain(parser: Parser, first: Operand): Expression | undefined {
  let left: Operand | undefined = parser.token === token.logicalAnd ? parseAndChain(parser, first) : first;
  while (left !== undefined && parser.token === token.logicalOr) {
    scan(parser);
    let right = parseOperand(parser, "or");
    if (right === undefined) return undefined;
    if (parser.token === token.logicalAnd) right = parseAndChain(parser, right);
    if (right === undefined) return undefined;
    left = join(parser, "or", left, right);
  }
  return left?.body[0];
}

function parseAndChain(parser: Parser, first: Operand): Operand | undefined {
  if (!enter(parser)) return undefined;
  let left = first;
  while (parser.token === token.logicalAnd) {
    scan(parser);
    const right = parseOperand(parser, "and");
    if (right === undefined) {
      leave(parser);
      return undefined;
    }
    left = join(parser, "and", left, right);
  }
  leave(parser);
  return left;
}

function join(parser: Parser, kind: Logical["kind"], left: Operand, right: Operand): Operand {
  parser.chained += 1;
  refuseVoid(parser, left.body, kind);
  refuseVoid(parser, right.body, kind);
  const span = spanOf(parser, left.span.start, parser.lastEnd);
  const operands = [
    { body: left.body, form: left.form },
    { body: right.body, form: right.form },
  ];
  return { body: [{ kind, operands, negated: false, with: [], index: 0, span }], form: "bare", span };
}

/** `word` is the operator that the operand belongs to, or empty where this is only an attempt. */
function parseOperand(parser: Parser, word: string): Operand | undefined {
  if (parser.token === token.leftBrace) return parseBracedOperand(parser, word);
  const { start } = parser;
  const negated = isNegation(parser);
  if (negated) scan(parser);
  if (negated && parser.notBodies && parser.token === token.leftBrace) {
    const expression = parseNotBody(parser, start);
    return expression === undefined ? undefined : { body: [expression], form: "bare", span: expression.span };
  }
  if (parser.token === token.leftParenthesis && logicalActive(parser) && (!negated || parser.notBodies)) {
    const group = parseLogicalGroup(parser, true, negated ? "not " : "");
    if (group.committed) {
      if (group.operand === undefined || !negated) return group.operand;
      const expression = negate(parser, group.operand.body, start);
      return { body: [expression], form: "bare", span: expression.span };
    }
  }
  const simple = parseSimpleExpression(parser);
  if (simple === undefined) return undefined;
  let expression: Expression = simple;
  if (negated && parser.notBodies) expression = negate(parser, [simple], start);
  else if (negated) expression = { ...simple, negated };
  return { body: [expression], form: "bare", span: expression.span };
}

function parseBracedOperand(parser: Parser, word: string): Operand | undefined {
  const { start, end } = parser;
  const state = save(parser);
  scan(parser);
  const empty = parser.token === token.rightBrace;
  const body = parser.grammar.body(parser, token.rightBrace);
  if (body !== undefined) {
    scan(parser);
    // An attempt that goes back drops the error with everything else.
    if (isAmbiguousUnion(parser, body)) refuseAmbiguousUnion(parser, start, body, "");
    return { body, form: "braces", span: spanOf(parser, start, end) };
  }
  if (empty || word === "") return undefined;
  const failed = save(parser);
  restore(parser, state);
  if (parser.grammar.infix(parser, true) === undefined) restore(parser, failed);
  else refuseBraceLed(parser, spanOf(parser, start, parser.lastEnd), word);
  return undefined;
}

/** Whether `not` negates here, and is no name of a reference (`not.x`). */
export function isNegation(parser: Parser): boolean {
  if (parser.token !== token.not) return false;
  const next = peek(parser, true);
  return next !== token.dot && next !== token.leftBracket;
}

/** `not` over a body, from the offset of the `not` to the last token read. */
export function negate(parser: Parser, body: Body, start: number): NotBody {
  const span = spanOf(parser, start, parser.lastEnd);
  return { kind: "not", body, braces: false, negated: false, with: [], index: 0, span };
}

/** `not { … }` from the brace on. */
export function parseNotBody(parser: Parser, notStart: number): NotBody | undefined {
  const { start } = parser;
  const state = save(parser);
  scan(parser);
  const empty = parser.token === token.rightBrace;
  const body = parser.grammar.body(parser, token.rightBrace);
  if (body === undefined) {
    if (empty) return undefined;
    // The braces may hold a value; then it is better to say so than to say what is wrong with the body.
    const failed = save(parser);
    restore(parser, state);
    const term = parser.grammar.infix(parser, true);
    if (term === undefined) {
      restore(parser, failed);
      return undefined;
    }
    const operand = parser.text.slice(start, parser.lastEnd);
    hint(parser, `write \`not (${operand})\` to negate the value, or \`not {${operand}}\` for a body holding it`);
    const got = termKindName(braceLedValue(term));
    error(parser, start, `\`{...}\` in an operand position must contain expression(s), got: ${got}`);
    return undefined;
  }
  scan(parser);
  if (isAmbiguousUnion(parser, body)) {
    refuseAmbiguousUnion(parser, start, body, "not ");
    return undefined;
  }
  return { ...negate(parser, body, notStart), braces: true };
}

/** The value that the leading brace of a term opens: an infix call begins with its left side. */
function braceLedValue(term: Term): Term {
  let value = term;
  while (value.kind === "call" && value.infix !== undefined) {
    const [left] = value.args;
    if (left === undefined) break;
    value = left;
  }
  return value;
}

/** `( … )` around `and`, `or` or `not`, from the parenthesis on; anything else is left to be read as a term. */
export function parseLogicalGroup(parser: Parser, operandExpected: boolean, prefix: string): Group {
  if (!enter(parser)) return brokenGroup;
  const group = readLogicalGroup(parser, operandExpected, prefix);
  leave(parser);
  return group;
}

function readLogicalGroup(parser: Parser, operandExpected: boolean, prefix: string): Group {
  const state = save(parser);
  const { start } = parser;
  scan(parser);
  if (parser.token === token.rightParenthesis) {
    if (operandExpected) {
      error(parser, start, "empty parenthesized group");
      return brokenGroup;
    }
    restore(parser, state);
    return notAGroup;
  }
  const first = parseOperand(parser, "");
  if (first === undefined) {
    restore(parser, state);
    return notAGroup;
  }
  if (isLogicalToken(parser.token)) {
    const chain = parseLogicalChain(parser, first);
    return chain === undefined ? brokenGroup : closeGroup(parser, [chain], start);
  }
  const [only] = first.body;
  if (parser.token === token.with && first.form !== "braces" && first.body.length === 1 && only !== undefined) {
    return readModifiedGroup(parser, only, state, operandExpected);
  }
  if (first.form === "braces") {
    const braces = parser.text.slice(first.span.start, parser.lastEnd);
    restore(parser, state);
    scan(parser);
    const term = parser.grammar.term(parser);
    restore(parser, state);
    if (term !== undefined) return notAGroup;
    hint(parser, `drop the parens to keep the body: \`${prefix}${braces}\``);
    error(parser, start, "`(...)` in an operand position cannot contain a body");
    return brokenGroup;
  }
  if (only !== undefined && (only.kind === "and" || only.kind === "or" || only.kind === "not" || only.negated)) {
    return closeGroup(parser, first.body, start);
  }
  restore(parser, state);
  return notAGroup;
}

/** `(a with x as y)`: the modifiers belong to the one operand. */
function readModifiedGroup(
  parser: Parser,
  expression: Expression,
  state: ReturnType<typeof save>,
  operandExpected: boolean,
): Group {
  const withStart = parser.start;
  const modified = attachWith(parser, expression);
  if (modified === undefined) return brokenGroup;
  if (isLogicalToken(parser.token)) {
    refuseWithOnOperand(parser, withStart, tokenName(parser.token));
    return brokenGroup;
  }
  const group = closeGroup(parser, [modified], state.start);
  if (group === brokenGroup || operandExpected || isLogicalToken(parser.token)) return group;
  restore(parser, state);
  return notAGroup;
}

function closeGroup(parser: Parser, body: Body, start: number): Group {
  if (parser.token !== token.rightParenthesis) {
    error(parser, parser.start, "expected ) to close parenthesized group");
    return brokenGroup;
  }
  scan(parser);
  return { committed: true, operand: { body, form: "group", span: spanOf(parser, start, parser.lastEnd) } };
}

/** Records that `with` may not stand on an operand without parentheses or braces. */
export function refuseWithOnOperand(parser: Parser, offset: number, word: string): void {
  hint(
    parser,
    "Wrap the operand in `(...)` or `{...}` to scope, or move `with` after the " +
      `\`${word}\` expression to apply it to the whole expression`,
  );
  error(parser, offset, `\`with\` modifier is not allowed on operand of \`${word}\``);
}

/** Records that an operand begins with a brace that opens a value. */
export function refuseBraceLed(parser: Parser, span: Span, word: string): void {
  hint(parser, `wrap the operand to keep the value: \`(${parser.text.slice(span.start, span.end)}) ${word} ...\``);
  error(parser, span.start, `operand of \`${word}\` cannot begin with \`{\` unless the braces hold a body`);
}

/** Whether a body begins with a bare union: `{ a | b }` could be a comprehension as well. */
function isAmbiguousUnion(parser: Parser, body: Body): boolean {
  const [first] = body;
  if (first?.kind !== "call" || first.infix !== "|") return false;
  return parser.text.charAt(first.span.start) !== "(";
}

function refuseAmbiguousUnion(parser: Parser, start: number, body: Body, prefix: string): void {
  const braces = parser.text.slice(start, parser.lastEnd);
  let union = braces;
  const [first] = body;
  if (first !== undefined) {
    const from = first.span.start - start;
    const to = first.span.end - start;
    if (from > 0 && to <= braces.length)
      union = `${braces.slice(0, from)}(${braces.slice(from, to)})${braces.slice(to)}`;
  }
  hint(parser, `write \`${prefix}(${braces})\` for the comprehension, or \`${prefix}${union}\` for the set union`);
  error(
    parser,
    start,
    "ambiguous `{ ... | ... }` operand: read as a body holding a set-union expression, not as a comprehension",
  );
}

/** Built-in functions without a value: they always succeed, so that an operand of nothing else decides nothing. */
const voidFunctions: ReadonlySet<string> = new Set(["print", "internal.print", "internal.test_case"]);

function refuseVoid(parser: Parser, body: Body, word: string): void {
  let first: { readonly name: string; readonly offset: number } | undefined;
  for (const expression of body) {
    if (expression.negated || expression.kind !== "call") return;
    const name = operatorName(expression.operator);
    if (name === undefined || !voidFunctions.has(name)) return;
    first ??= { name, offset: expression.span.start };
  }
  if (first === undefined) return;
  hint(
    parser,
    `\`${first.name}\` produces no value and always succeeds, so the operand can never fail; ` +
      "move it out of the operand, or add an expression that can fail",
  );
  error(parser, first.offset, `operand of \`${word}\` cannot consist only of calls to \`${first.name}\``);
}

/** Bodies and the literals in them: which kind of expression begins here. */
import type { Body, Expression, Term } from "./ast.ts";
import { operatorName } from "./build.ts";
import {
  bracesPrecedeLogical,
  foldLogicalTail,
  isLogicalToken,
  isNegation,
  logicalActive,
  negate,
  parseBracedChain,
  parseLogicalChain,
  parseLogicalGroup,
  parseNotBody,
  refuseBraceLed,
  refuseWithOnOperand,
} from "./logical.ts";
import {
  enter,
  error,
  hint,
  illegal,
  isAllowedInRef,
  leave,
  peek,
  restore,
  save,
  scan,
  spanOf,
  tokenText,
  withFutureKeywords,
  type Parser,
} from "./parser.ts";
import { parseEvery, parseSome } from "./quantifier.ts";
import { parseSimpleExpression } from "./simple-expression.ts";
import { token, tokenName, type Token } from "./token.ts";
import { parseWith } from "./with.ts";

/** Expressions up to a closing token, on lines of their own or with `;` between; the closing token stays current. */
export function parseBody(parser: Parser, end: Token): Body | undefined {
  if (!enter(parser)) return undefined;
  const body = parseQuery(parser, false, end);
  leave(parser);
  return body;
}

/** As `parseBody`; at the top level only `;` joins expressions, so that each line is a statement. */
export function parseQuery(parser: Parser, onlySemicolons: boolean, end: Token): Body | undefined {
  if (parser.token === end) {
    error(parser, parser.start, "found empty body");
    return undefined;
  }
  const body: Expression[] = [];
  for (;;) {
    const expression = parseLiteral(parser);
    if (expression === undefined) return undefined;
    body.push(expression.index === body.length ? expression : { ...expression, index: body.length });
    if (parser.token === token.semicolon) {
      scan(parser);
      continue;
    }
    if (parser.token === end || onlySemicolons) return body;
    if (!parser.skippedNewline) {
      if (parser.errors.length === 0) {
        hintMissingInfix(parser);
        illegal(parser, `expected \\n or ; or ${tokenName(end)}`);
      }
      return undefined;
    }
  }
}

/** One literal. Its span reaches from its first token to its last. */
export function parseLiteral(parser: Parser): Expression | undefined {
  const { start } = parser;
  const expression = readLiteral(parser);
  if (expression === undefined) return undefined;
  const { span } = expression;
  const placed = span.start === start && span.end === parser.lastEnd;
  const whole = placed ? span : spanOf(parser, start, parser.lastEnd);
  if (expression.kind === "not" && !expression.braces) {
    return { ...expression, span: whole, body: expression.body.map((inner) => ({ ...inner, span: whole })) };
  }
  if (placed) return expression;
  return { ...expression, span: whole };
}

function readLiteral(parser: Parser): Expression | undefined {
  if (parser.token === token.leftBrace && logicalActive(parser) && bracesPrecedeLogical(parser)) {
    const chain = parseBracedChain(parser);
    if (chain.committed) return chain.expression;
  }
  if (parser.token === token.leftParenthesis && logicalActive(parser)) {
    const group = parseLogicalGroup(parser, false, "");
    if (group.committed) return group.operand === undefined ? undefined : foldLogicalTail(parser, group.operand);
  }
  if (isAllowedInRef(parser, parser.token)) {
    const next = peek(parser, true);
    if (next === token.dot || next === token.leftBracket) {
      parser.token = token.identifier;
      return parseLiteralExpression(parser, undefined);
    }
  }
  let notStart: number | undefined;
  if (isNegation(parser)) {
    notStart = parser.start;
    scan(parser);
    if (parser.notBodies && parser.token === token.leftBrace) {
      const expression = parseNotBody(parser, notStart);
      if (expression === undefined) return undefined;
      return foldLogicalTail(parser, { body: [expression], form: "bare", span: expression.span });
    }
  }
  if (parser.token === token.some) {
    if (notStart === undefined) return parseSome(parser);
    illegal(parser, "illegal negation of 'some'");
    return undefined;
  }
  if (parser.token === token.every) {
    if (notStart === undefined) return parseEvery(parser);
    illegal(parser, "illegal negation of 'every'");
    return undefined;
  }
  return parseLiteralExpression(parser, notStart);
}

function parseLiteralExpression(parser: Parser, notStart: number | undefined): Expression | undefined {
  const { start } = parser;
  const state = save(parser);
  if (notStart !== undefined && parser.notBodies && parser.token === token.leftParenthesis) {
    const group = parseLogicalGroup(parser, true, "not ");
    if (group.committed) {
      if (group.operand === undefined) return undefined;
      const negated = negate(parser, group.operand.body, notStart);
      return foldLogicalTail(parser, { body: [negated], form: "bare", span: negated.span });
    }
  }
  const simple = parseSimpleExpression(parser);
  if (simple === undefined) return undefined;
  let withStart: number | undefined;
  let modifiers: Expression["with"] | undefined = [];
  if (parser.token === token.with) {
    withStart = parser.start;
    modifiers = parseWith(parser);
    if (modifiers === undefined) return undefined;
  }
  if (parser.version !== "v1" && simple.kind === "term" && isVar(simple.term, "every")) {
    const after = save(parser);
    restore(parser, state);
    const helps = withFutureKeywords(parser, () => parseEvery(parser) !== undefined);
    restore(parser, after);
    if (helps) hint(parser, "`import future.keywords.every` for `every x in xs { ... }` expressions");
  }
  let expression: Expression;
  if (notStart !== undefined && parser.notBodies) {
    const span = spanOf(parser, notStart, parser.lastEnd);
    expression = { ...negate(parser, [{ ...simple, span }], notStart), with: modifiers };
  } else if (notStart !== undefined || modifiers.length > 0) {
    expression = { ...simple, negated: notStart !== undefined, with: modifiers };
  } else {
    expression = simple;
  }
  if (!isLogicalToken(parser.token)) return expression;
  const word = tokenName(parser.token);
  if (withStart !== undefined) {
    refuseWithOnOperand(parser, withStart, word);
    return undefined;
  }
  const span = spanOf(parser, notStart !== undefined && parser.notBodies ? notStart : start, parser.lastEnd);
  if (notStart === undefined && parser.text.charAt(start) === "{") {
    if (simple.kind === "term" && simple.term.kind === "object" && simple.term.entries.length === 0) {
      error(parser, start, "found empty body");
    } else {
      refuseBraceLed(parser, span, word);
    }
    return undefined;
  }
  return parseLogicalChain(parser, { body: [{ ...expression, span }], form: "bare", span });
}

function isVar(term: Term, name: string): boolean {
  return term.kind === "var" && term.name === name;
}

const infixKeywordExamples: ReadonlyMap<string, string> = new Map([
  ["in", "x in xs"],
  ["and", "x and y"],
  ["or", "x or y"],
]);

/** Hints at the import that an expression followed by a plain `in`, `and` or `or` (or by `, v in xs`) lacks. */
function hintMissingInfix(parser: Parser): void {
  // Something more exact, as for `some x in xs`, was said before.
  if (parser.hints.length > 0) return;
  let word = "in";
  if (parser.token === token.identifier) {
    word = tokenText(parser);
  } else if (parser.token !== token.comma || !hasMembershipBehindComma(parser)) {
    return;
  }
  const example = infixKeywordExamples.get(word);
  if (example !== undefined) hint(parser, `\`import future.keywords.${word}\` for \`${example}\` expressions`);
}

function hasMembershipBehindComma(parser: Parser): boolean {
  const state = save(parser);
  scan(parser);
  const term = withFutureKeywords(parser, () => parser.grammar.infix(parser, true));
  restore(parser, state);
  if (term?.kind !== "call") return false;
  const name = operatorName(term.operator);
  return name === "internal.member_2" || name === "internal.member_3";
}

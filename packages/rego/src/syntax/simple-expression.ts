import type { CallExpression, RefTerm, TermExpression } from "./ast.ts";
import { operatorRef } from "./build.ts";
import { scan, spanOf, type Parser } from "./parser.ts";
import { token, tokenName } from "./token.ts";

/** A term, a call, or two terms with `=` or `:=` between. Its span begins where the reading began. */
export function parseSimpleExpression(parser: Parser): TermExpression | CallExpression | undefined {
  const { start } = parser;
  const left = parser.grammar.infix(parser, true);
  if (left === undefined) return undefined;
  if (parser.token === token.assign || parser.token === token.unify) {
    const infix = parser.token === token.assign ? ":=" : "=";
    const operator: RefTerm = operatorRef(tokenName(parser.token), spanOf(parser, parser.start, parser.end));
    scan(parser);
    const right = parser.grammar.infix(parser, true);
    if (right === undefined) return undefined;
    const span = spanOf(parser, start, parser.lastEnd);
    return { kind: "call", operator, args: [left, right], infix, negated: false, with: [], index: 0, span };
  }
  const span = spanOf(parser, start, parser.lastEnd);
  // A call on its own is an expression of its own kind; a call inside another one is a term.
  if (left.kind !== "call") return { kind: "term", term: left, negated: false, with: [], index: 0, span };
  const { operator, args, infix } = left;
  return {
    kind: "call",
    operator,
    args,
    ...(infix !== undefined && { infix }),
    ...(left.unaryMinus === true && { unaryMinus: true }),
    negated: false,
    with: [],
    index: 0,
    span,
  };
}

/** `some` and `every`. */
import type { CallTerm, Every, Expression, SomeIn, VarTerm } from "./ast.ts";
import { operatorName } from "./build.ts";
import { hint, illegal, restore, save, scan, spanOf, withFutureKeywords, type Parser } from "./parser.ts";
import { parseVar } from "./term.ts";
import { token } from "./token.ts";
import { parseWith } from "./with.ts";

/** `some x, y`, `some x in xs`, `some k, v in xs`. */
export function parseSome(parser: Parser): Expression | undefined {
  const { start } = parser;
  const state = save(parser);
  scan(parser);
  const term = parser.grammar.infix(parser, true);
  if (term?.kind === "call") return finishSomeIn(parser, term, start);
  restore(parser, state);
  if (parser.version !== "v1") hintIn(parser);
  const symbols: VarTerm[] = [];
  do {
    scan(parser);
    if (parser.token !== token.identifier) {
      illegal(parser, "expected var");
      return undefined;
    }
    symbols.push(parseVar(parser));
    scan(parser);
  } while (parser.token === token.comma);
  return { kind: "some", symbols, negated: false, with: [], index: 0, span: spanOf(parser, start, parser.lastEnd) };
}

function finishSomeIn(parser: Parser, call: CallTerm, start: number): SomeIn | undefined {
  const members = membershipOf(call);
  if (members === undefined) {
    illegal(parser, isMembership(call) ? "illegal domain" : "expected `x in xs` or `x, y in xs` expression");
    return undefined;
  }
  const modifiers = parser.token === token.with ? parseWith(parser) : [];
  if (modifiers === undefined) return undefined;
  const span = spanOf(parser, start, parser.lastEnd);
  return { kind: "someIn", ...members, negated: false, with: modifiers, index: 0, span };
}

function membershipOf(call: CallTerm): Pick<SomeIn, "key" | "value" | "collection" | "operator"> | undefined {
  const name = operatorName(call.operator);
  const [first, second, third] = call.args;
  if (name === "internal.member_2" && first !== undefined && second !== undefined && third === undefined) {
    return { value: first, collection: second, operator: call.operator };
  }
  if (name === "internal.member_3" && first !== undefined && second !== undefined && third !== undefined) {
    return { key: first, value: second, collection: third, operator: call.operator };
  }
  return undefined;
}

/** Whether a call is of a function that `in` stands for, though written out and with the wrong arguments perhaps. */
function isMembership(call: CallTerm): boolean {
  const name = operatorName(call.operator);
  return name === "internal.member_2" || name === "internal.member_3";
}

function hintIn(parser: Parser): void {
  const state = save(parser);
  // The first word is read before the keywords are on: `some or in xs` is about a variable.
  scan(parser);
  const helps = withFutureKeywords(parser, () => {
    const term = parser.grammar.infix(parser, true);
    return term?.kind === "call" && isMembership(term);
  });
  restore(parser, state);
  if (helps) hint(parser, "`import future.keywords.in` for `some x in xs` expressions");
}

/** `every x in xs { … }`, `every k, v in xs { … }`. */
export function parseEvery(parser: Parser): Every | undefined {
  const { start } = parser;
  scan(parser);
  const term = parser.grammar.infix(parser, true);
  if (term === undefined) return undefined;
  const members = term.kind === "call" ? membershipOf(term) : undefined;
  if (members === undefined) {
    const isMember = term.kind === "call" && isMembership(term);
    illegal(parser, isMember ? "illegal domain" : "expected `x[, y] in xs { ... }` expression");
    return undefined;
  }
  const { key, value, collection } = members;
  if (key !== undefined && key.kind !== "var") {
    illegal(parser, "expected key to be a variable");
    return undefined;
  }
  if (value.kind !== "var") {
    illegal(parser, "expected value to be a variable");
    return undefined;
  }
  if (parser.token !== token.leftBrace) {
    illegal(parser, "missing body");
    return undefined;
  }
  scan(parser);
  const body = parser.grammar.body(parser, token.rightBrace);
  if (body === undefined) return undefined;
  scan(parser);
  const modifiers = parser.token === token.with ? parseWith(parser) : [];
  if (modifiers === undefined) return undefined;
  return {
    kind: "every",
    ...(key !== undefined && { key }),
    value,
    domain: collection,
    body,
    negated: false,
    with: modifiers,
    index: 0,
    span: spanOf(parser, start, parser.lastEnd),
  };
}

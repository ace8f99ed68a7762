/**
 * Terms: infix operators by precedence, and what they stand between.
 *
 * From loose to tight: `in`, the relations, `|`, `&`, `+ -`, `* / %`; all bind to the left, relations too
 * (`1 < 2 < 3` is `lt(lt(1, 2), 3)`). An operator whose right side cannot be read leaves its left side standing:
 * the error is recorded, and OPA goes on from there, as its later errors show.
 */
import type { CallTerm, NumberTerm, RefTerm, Term, VarTerm } from "./ast.ts";
import { operatorRef, stringTerm, termKindName, varTerm } from "./build.ts";
import { parseArray, parseSetOrObject, parseTermList } from "./collection.ts";
import { checkNumber } from "./number.ts";
import {
  enter,
  error,
  freshWildcard,
  illegal,
  isAllowedInRef,
  leave,
  peek,
  recallTerm,
  rememberTerm,
  restore,
  save,
  scan,
  scanWhitespace,
  spanOf,
  takeRefKeyword,
  tokenText,
  type Parser,
} from "./parser.ts";
import { unquote } from "./string-literal.ts";
import { parseTemplateString } from "./template-string.ts";
import { token, tokenName, type Token } from "./token.ts";

const relation = 1;

/** How tightly an infix operator binds; 0 for everything else. `in` is apart, since it may have a key. */
function precedence(kind: Token): number {
  switch (kind) {
    case token.equal:
    case token.notEqual:
    case token.less:
    case token.greater:
    case token.lessOrEqual:
    case token.greaterOrEqual:
      return relation;
    case token.bar:
      return 2;
    case token.ampersand:
      return 3;
    case token.plus:
    case token.minus:
      return 4;
    case token.multiply:
    case token.divide:
    case token.remainder:
      return 5;
    default:
      return 0;
  }
}

const symbols: ReadonlyMap<Token, string> = new Map([
  [token.equal, "=="],
  [token.notEqual, "!="],
  [token.less, "<"],
  [token.greater, ">"],
  [token.lessOrEqual, "<="],
  [token.greaterOrEqual, ">="],
  [token.bar, "|"],
  [token.ampersand, "&"],
  [token.plus, "+"],
  [token.minus, "-"],
  [token.multiply, "*"],
  [token.divide, "/"],
  [token.remainder, "%"],
]);

/** A term with infix operators, membership included; with `keyValue` also `k, v in xs`. */
export function parseInfix(parser: Parser, keyValue: boolean): Term | undefined {
  if (!enter(parser)) return undefined;
  const result = parseMembership(parser, keyValue);
  leave(parser);
  return result;
}

function parseMembership(parser: Parser, keyValue: boolean): Term | undefined {
  const textStart = parser.start;
  let left = parseOperators(parser, relation);
  while (left !== undefined) {
    if (keyValue && parser.token === token.comma) {
      const call = parseKeyValueMembership(parser, left, textStart);
      if (call !== undefined) {
        left = call;
        if (parser.token === token.in) continue;
        return left;
      }
    }
    takeRefKeyword(parser);
    if (parser.token !== token.in) return left;
    const operator = operatorRef("internal.member_2", spanOf(parser, parser.start, parser.end));
    scan(parser);
    const right = parseOperators(parser, relation);
    if (right === undefined) return left;
    left = infixCall(parser, operator, "in", [left, right], textStart);
    if (parser.token !== token.in) return left;
  }
  return left;
}

function parseKeyValueMembership(parser: Parser, key: Term, textStart: number): CallTerm | undefined {
  const state = save(parser);
  scan(parser);
  const value = parseOperators(parser, relation);
  if (value !== undefined && parser.token === token.in) {
    const operator = operatorRef("internal.member_3", spanOf(parser, parser.start, parser.end));
    scan(parser);
    const collection = parseOperators(parser, relation);
    if (collection !== undefined) {
      return infixCall(parser, operator, "in", [key, value, collection], textStart);
    }
  }
  restore(parser, state);
  return undefined;
}

function parseOperators(parser: Parser, least: number): Term | undefined {
  const textStart = parser.start;
  let left = parseTerm(parser);
  if (left === undefined) return undefined;
  let most = 5;
  for (;;) {
    const kind = parser.token;
    const binding = precedence(kind);
    if (binding < least || binding > most || binding === 0) return left;
    const operator = operatorRef(tokenName(kind), spanOf(parser, parser.start, parser.end));
    scan(parser);
    const right = parseOperators(parser, binding + 1);
    // Behind an operator only those that bind no tighter can follow; behind a broken one only looser ones.
    most = right === undefined ? binding - 1 : binding;
    if (right === undefined) continue;
    left = infixCall(parser, operator, symbols.get(kind) ?? "", [left, right], textStart);
  }
}

function infixCall(
  parser: Parser,
  operator: RefTerm,
  infix: string,
  args: readonly Term[],
  textStart: number,
): CallTerm {
  parser.chained += 1;
  const start = args[0]?.span.start ?? textStart;
  const span = spanOf(parser, start, parser.lastEnd);
  return { kind: "call", operator, args, infix, span, ...(textStart !== start && { textStart }) };
}

/** A term without infix operators. */
export function parseTerm(parser: Parser): Term | undefined {
  if (!enter(parser)) return undefined;
  const known = recallTerm(parser);
  if (known !== undefined) {
    leave(parser);
    return known.term;
  }
  const { start } = parser;
  const term = readTerm(parser);
  rememberTerm(parser, start, term);
  leave(parser);
  return term;
}

function readTerm(parser: Parser): Term | undefined {
  takeLogicalCall(parser);
  const { start, end } = parser;
  switch (parser.token) {
    case token.null:
      return finishTerm(parser, { kind: "null", span: spanOf(parser, start, end) });
    case token.true:
    case token.false:
      return finishTerm(parser, {
        kind: "boolean",
        value: parser.token === token.true,
        span: spanOf(parser, start, end),
      });
    case token.minus:
      return parseMinus(parser);
    case token.dot:
    case token.number:
      return finishTerm(parser, parseNumber(parser));
    case token.string:
      return finishTerm(parser, parseString(parser));
    case token.templatePart:
    case token.templateEnd:
      return finishTerm(parser, parseTemplateString(parser, false));
    case token.rawTemplatePart:
    case token.rawTemplateEnd:
      return finishTerm(parser, parseTemplateString(parser, true));
    case token.identifier:
    case token.contains:
      return finishTerm(parser, parseVar(parser));
    case token.leftBracket:
      return finishTerm(parser, parseArray(parser));
    case token.leftBrace:
      return finishTerm(parser, parseSetOrObject(parser));
    case token.leftParenthesis:
      return finishTerm(parser, parseParenthesised(parser));
    default:
      illegal(parser);
      return undefined;
  }
}

/** `and(x, y)` and `or(x, y)` stay calls where a term is expected, though the words be keywords. */
function takeLogicalCall(parser: Parser): void {
  if (parser.token !== token.logicalAnd && parser.token !== token.logicalOr) return;
  if (peek(parser, true) === token.leftParenthesis) parser.token = token.identifier;
}

/** `-1`, and `-x` for `minus(0, x)` where x begins with a name. */
function parseMinus(parser: Parser): Term | undefined {
  const { start, end } = parser;
  const state = save(parser);
  scan(parser);
  if (parser.token !== token.identifier && parser.token !== token.contains) {
    restore(parser, state);
    return finishTerm(parser, parseNumber(parser));
  }
  const operand = finishTerm(parser, parseVar(parser));
  if (operand === undefined) return undefined;
  const sign = spanOf(parser, start, end);
  const operator: RefTerm = { kind: "ref", terms: [varTerm("minus", sign)], span: sign };
  const zero: NumberTerm = { kind: "number", text: "0", span: sign };
  const span = spanOf(parser, start, parser.lastEnd);
  return { kind: "call", operator, args: [zero, operand], infix: "-", unaryMinus: true, span };
}

function parseParenthesised(parser: Parser): Term | undefined {
  const textStart = parser.start;
  scan(parser);
  const inner = parser.grammar.infix(parser, true);
  if (inner === undefined) return undefined;
  if (parser.token !== token.rightParenthesis) {
    error(parser, parser.start, "non-terminated expression");
    return undefined;
  }
  const span = spanOf(parser, inner.span.start, parser.end);
  return { ...inner, span, textStart, parenthesised: true };
}

/** Reads behind a term: a reference or call if `.`, `[` or `(` follows without a space. */
export function finishTerm(parser: Parser, head: Term | undefined): Term | undefined {
  if (head === undefined) return undefined;
  const textStart = parser.start;
  scanWhitespace(parser);
  if (beginsRef(parser.token)) return parseRef(parser, head, textStart);
  if (parser.token === token.whitespace) scan(parser);
  return isRootDocument(head) ? { kind: "ref", terms: [head], span: head.span } : head;
}

/** As `finishTerm`, for the head of a rule: no operator may follow, and a space may. */
export function finishHead(parser: Parser, head: Term): Term | undefined {
  const textStart = parser.start;
  scanWhitespace(parser);
  if (precedence(parser.token) > 0) illegal(parser);
  else if (parser.token === token.whitespace) scan(parser);
  if (beginsRef(parser.token)) return parseRef(parser, head, textStart);
  if (parser.token === token.whitespace) scan(parser);
  return isRootDocument(head) ? { kind: "ref", terms: [head], span: head.span } : head;
}

function beginsRef(kind: Token): boolean {
  return kind === token.leftParenthesis || kind === token.dot || kind === token.leftBracket;
}

function isRootDocument(term: Term): boolean {
  return term.kind === "var" && (term.name === "input" || term.name === "data");
}

/** A variable at the current token; a `_` gets a name of its own. Does not move on. */
export function parseVar(parser: Parser): VarTerm {
  const word = tokenText(parser);
  const span = spanOf(parser, parser.start, parser.end);
  return varTerm(word === "_" ? freshWildcard(parser) : word, span);
}

function parseNumber(parser: Parser): Term | undefined {
  const { start } = parser;
  let prefix = "";
  if (parser.token === token.minus) {
    prefix = "-";
    scan(parser);
    if (parser.token !== token.number && parser.token !== token.dot) {
      illegal(parser, "expected number");
      return undefined;
    }
  }
  if (parser.token === token.dot) {
    prefix += ".";
    scan(parser);
    if (parser.token !== token.number) {
      illegal(parser, "expected number");
      return undefined;
    }
  }
  let digits = tokenText(parser);
  // OPA takes the first byte of a letter outside ASCII that follows for a part of the number.
  if (parser.text.charCodeAt(parser.end) >= 0x80) digits += "\u00c3";
  if (!prefix.endsWith(".") && hasLeadingZero(digits)) {
    illegal(parser, "expected number without leading zero");
    return undefined;
  }
  const text = prefix + digits;
  const fault = checkNumber(text);
  if (fault === "number too big") {
    error(parser, parser.start, fault);
    return undefined;
  }
  if (fault !== undefined) {
    illegal(parser, fault);
    return undefined;
  }
  return { kind: "number", text, span: spanOf(parser, start, start === parser.start ? parser.end : start + 1) };
}

function hasLeadingZero(digits: string): boolean {
  if (digits.length < 2 || !digits.startsWith("0")) return false;
  const second = digits.charAt(1);
  return second !== "." && !(digits.length > 2 && (second === "e" || second === "E"));
}

function parseString(parser: Parser): Term | undefined {
  const literal = tokenText(parser);
  const span = spanOf(parser, parser.start, parser.end);
  if (literal.startsWith("`")) {
    return { kind: "string", value: literal.slice(1, -1), raw: true, span };
  }
  const value = unquote(literal.slice(1, -1));
  if (value === undefined) {
    error(parser, parser.start, `illegal string literal: ${literal}`);
    return undefined;
  }
  return { kind: "string", value, span };
}

/** OPA lets the text of a reference begin with the last token of its head. */
function parseRef(parser: Parser, head: Term, textStart: number): Term | undefined {
  if (!enter(parser)) return undefined;
  const result = readRef(parser, head, textStart);
  leave(parser);
  return result;
}

function readRef(parser: Parser, head: Term, textStart: number): Term | undefined {
  const { start } = head.span;
  const opening = textStart !== start && { textStart };
  switch (head.kind) {
    case "null":
    case "boolean":
    case "number":
    case "string":
    case "ref":
    case "templateString":
      error(parser, start, `illegal ref (head cannot be ${termKindName(head)})`);
      break;
    default:
      break;
  }
  const terms: Term[] = [head];
  for (;;) {
    switch (parser.token) {
      case token.dot:
        scanWhitespace(parser);
        if (parser.token !== token.identifier && !isAllowedInRef(parser, parser.token)) {
          illegal(parser, "expected identifier");
          return undefined;
        }
        terms.push(stringTerm(tokenText(parser), spanOf(parser, parser.start, parser.end)));
        scanWhitespace(parser);
        break;
      case token.leftBracket: {
        scan(parser);
        const key = parser.grammar.infix(parser, true);
        if (key === undefined) return undefined;
        if (parser.token !== token.rightBracket) {
          illegal(parser, "expected [");
          return undefined;
        }
        terms.push(key);
        scanWhitespace(parser);
        break;
      }
      case token.leftParenthesis: {
        const operator: RefTerm = { kind: "ref", terms, span: spanOf(parser, start, parser.start), ...opening };
        return parseCallAndRest(parser, operator, textStart);
      }
      default: {
        const end = parser.lastEnd;
        if (parser.token === token.whitespace) scan(parser);
        return { kind: "ref", terms, span: spanOf(parser, start, end), ...opening };
      }
    }
  }
}

function parseCallAndRest(parser: Parser, operator: RefTerm, textStart: number): Term | undefined {
  const call = parseCall(parser, operator);
  if (call === undefined) return undefined;
  if (parser.token === token.whitespace) scan(parser);
  else if (parser.token === token.dot || parser.token === token.leftBracket) return parseRef(parser, call, textStart);
  return call;
}

function parseCall(parser: Parser, operator: RefTerm): Term | undefined {
  if (!enter(parser)) return undefined;
  scan(parser); // the parenthesis
  const args = parser.token === token.rightParenthesis ? [] : parseTermList(parser, token.rightParenthesis, []);
  leave(parser);
  if (args === undefined) return undefined;
  const { start } = operator.span;
  const span = spanOf(parser, start, parser.end);
  const opening = operator.textStart !== undefined && { textStart: operator.textStart };
  scanWhitespace(parser);
  const [head] = operator.terms;
  if (args.length === 0 && operator.terms.length === 1 && head?.kind === "var" && head.name === "set") {
    return { kind: "set", items: [], span, ...opening };
  }
  return { kind: "call", operator, args, span, ...opening };
}

/**
 * Arrays, sets and objects, literal and comprehended.
 *
 * `{a | b}` is read as a comprehension first and as a set with a union in it when the rest is no body; so the first
 * element is read as a term without operators, and again with them when no `|` follows. A leading comma is allowed,
 * as OPA still allows it.
 */
import type { Term } from "./ast.ts";
import { enter, illegal, leave, restore, save, scan, spanOf, type Parser, type SavedState } from "./parser.ts";
import { token, tokenName, type Token } from "./token.ts";

/** What a collection is, before its span is known. */
type Unplaced = Term extends infer T ? (T extends Term ? Omit<T, "span"> : never) : never;

/** Terms separated by commas up to a closing token, which stays the current one. */
export function parseTermList(parser: Parser, end: Token, before: readonly Term[]): readonly Term[] | undefined {
  const terms = [...before];
  if (parser.token === end) return terms;
  for (;;) {
    const term = parser.grammar.infix(parser, false);
    if (term === undefined) return undefined;
    terms.push(term);
    if (parser.token === end) return terms;
    if (parser.token !== token.comma) {
      illegal(parser, `expected "," or "${tokenName(end)}"`);
      return undefined;
    }
    scan(parser);
    if (parser.token === end) return terms;
  }
}

/** `[…]`; the closing bracket stays the current token. */
export function parseArray(parser: Parser): Term | undefined {
  return parseBracketed(parser, readArray);
}

/** `{…}`; the closing brace stays the current token. */
export function parseSetOrObject(parser: Parser): Term | undefined {
  return parseBracketed(parser, readSetOrObject);
}

function parseBracketed(parser: Parser, read: (parser: Parser) => Unplaced | undefined): Term | undefined {
  if (!enter(parser)) return undefined;
  const { start } = parser;
  scan(parser);
  const term = read(parser);
  leave(parser);
  return term === undefined ? undefined : { ...term, span: spanOf(parser, start, parser.end) };
}

function readArray(parser: Parser): Unplaced | undefined {
  if (parser.token === token.rightBracket) return { kind: "array", items: [] };
  let comprehensible = true;
  if (parser.token === token.comma) {
    comprehensible = false;
    scan(parser);
  }
  const state = save(parser);
  const head = parser.grammar.term(parser);
  if (head === undefined) return undefined;
  if (parser.token === token.rightBracket) return { kind: "array", items: [head] };
  if (parser.token === token.comma) {
    scan(parser);
    return arrayOf(parseTermList(parser, token.rightBracket, [head]));
  }
  if (parser.token === token.bar && comprehensible) {
    scan(parser);
    const body = parser.grammar.body(parser, token.rightBracket);
    if (body !== undefined) return { kind: "arrayComprehension", term: head, body };
    if (parser.token !== token.comma) return undefined;
  }
  restore(parser, state);
  return arrayOf(parseTermList(parser, token.rightBracket, []));
}

function arrayOf(items: readonly Term[] | undefined): Unplaced | undefined {
  return items === undefined ? undefined : { kind: "array", items };
}

function readSetOrObject(parser: Parser): Unplaced | undefined {
  if (parser.token === token.rightBrace) return { kind: "object", entries: [] };
  let comprehensible = true;
  if (parser.token === token.comma) {
    comprehensible = false;
    scan(parser);
  }
  const state = save(parser);
  const first = parser.grammar.term(parser);
  if (first === undefined) return undefined;
  if (parser.token === token.bar && comprehensible) return readSet(parser, state, first, true);
  if (parser.token === token.rightBrace || parser.token === token.comma) {
    return readSet(parser, state, first, comprehensible);
  }
  if (parser.token === token.colon) return readObject(parser, first, comprehensible);
  restore(parser, state);
  const head = parser.grammar.infix(parser, false);
  if (head === undefined) return undefined;
  if (parser.token === token.rightBrace || parser.token === token.comma) return readSet(parser, state, head, false);
  if (parser.token === token.colon) return readObject(parser, head, comprehensible);
  illegal(parser, "non-terminated set");
  return undefined;
}

function readSet(parser: Parser, state: SavedState, head: Term, comprehensible: boolean): Unplaced | undefined {
  if (parser.token === token.rightBrace) return { kind: "set", items: [head] };
  if (parser.token === token.comma) {
    scan(parser);
    return setOf(parseTermList(parser, token.rightBrace, [head]));
  }
  if (comprehensible) {
    scan(parser);
    const body = parser.grammar.body(parser, token.rightBrace);
    if (body !== undefined) return { kind: "setComprehension", term: head, body };
    if (parser.token !== token.comma) return undefined;
  }
  restore(parser, state);
  return setOf(parseTermList(parser, token.rightBrace, []));
}

function setOf(items: readonly Term[] | undefined): Unplaced | undefined {
  return items === undefined ? undefined : { kind: "set", items };
}

function readObject(parser: Parser, key: Term, comprehensible: boolean): Unplaced | undefined {
  scan(parser); // the colon
  const state = save(parser);
  const first = parser.grammar.term(parser);
  if (first === undefined) return undefined;
  if (comprehensible) {
    if (parser.token === token.rightBrace || parser.token === token.comma) {
      return finishObject(parser, key, first, true);
    }
    if (parser.token === token.bar) {
      const comprehension = finishObject(parser, key, first, true);
      if (comprehension !== undefined) return comprehension;
    }
  }
  restore(parser, state);
  const value = parser.grammar.infix(parser, false);
  if (value === undefined) return undefined;
  if (parser.token === token.rightBrace || parser.token === token.comma) {
    return finishObject(parser, key, value, false);
  }
  illegal(parser, "non-terminated object");
  return undefined;
}

function finishObject(parser: Parser, key: Term, value: Term, comprehensible: boolean): Unplaced | undefined {
  if (parser.token === token.rightBrace) return { kind: "object", entries: [[key, value]] };
  if (parser.token === token.comma) {
    scan(parser);
    const entries = parsePairs(parser, [[key, value]]);
    return entries === undefined ? undefined : { kind: "object", entries };
  }
  if (!comprehensible) {
    illegal(parser, "non-terminated object");
    return undefined;
  }
  scan(parser); // the bar
  const body = parser.grammar.body(parser, token.rightBrace);
  return body === undefined ? undefined : { kind: "objectComprehension", key, value, body };
}

type Pairs = readonly (readonly [key: Term, value: Term])[];

function parsePairs(parser: Parser, before: Pairs): Pairs | undefined {
  const pairs = [...before];
  if (parser.token === token.rightBrace) return pairs;
  for (;;) {
    const key = parser.grammar.infix(parser, false);
    if (key === undefined) return undefined;
    if (parser.token !== token.colon) {
      illegal(parser, 'expected ":"');
      return undefined;
    }
    scan(parser);
    const value = parser.grammar.infix(parser, false);
    if (value === undefined) return undefined;
    pairs.push([key, value]);
    if (parser.token === token.rightBrace) return pairs;
    if (parser.token !== token.comma) {
      illegal(parser, 'expected "," or "}"');
      return undefined;
    }
    scan(parser);
    if (parser.token === token.rightBrace) return pairs;
  }
}

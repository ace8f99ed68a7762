/** Rules: head, bodies, `else`. Rules without a body and without `contains` are read as queries (see `rule-from-query.ts`). */
import type { Body, Rule, RuleHead, Term } from "./ast.ts";
import { isGround } from "./build.ts";
import { checkDefaultRule } from "./default-rule.ts";
import { parseLiteral } from "./literal.ts";
import {
  enter,
  error,
  freshWildcard,
  illegal,
  leave,
  peek,
  restore,
  save,
  scan,
  spanOf,
  takeRefKeyword,
  type Parser,
} from "./parser.ts";
import { printRef } from "./print.ts";
import { relocateExpression, relocateHead } from "./relocate.ts";
import { finishHead, parseVar } from "./term.ts";
import { token, tokenName, type Token } from "./token.ts";
import type { Span } from "../source.ts";

/** A rule, with what only the checks behind the parser ask for. */
export interface ParsedRule {
  readonly rule: Rule;
  /** Keywords that the head was written with. */
  readonly hasIf: boolean;
  readonly hasContains: boolean;
  readonly else: ParsedRule | undefined;
}

const afterName: readonly Token[] = [token.assign, token.unify, token.if, token.contains, token.leftParenthesis];
// At the start of a statement `not (x)` is a negated group and `or(x, y)` a call.
const afterOperator: readonly Token[] = [token.assign, token.unify, token.if, token.contains];
// `package` and `import` take paths that may be named after keywords.
const afterPath: readonly Token[] = [token.assign, token.unify, token.leftParenthesis];

/** What, behind a keyword, makes the statement a rule named after it. */
const keywordRuleFollowers: ReadonlyMap<Token, readonly Token[]> = new Map<Token, readonly Token[]>([
  [token.every, afterName],
  [token.if, afterName],
  [token.in, afterName],
  [token.some, afterName],
  [token.as, afterName],
  [token.package, afterPath],
  [token.import, afterPath],
  [token.not, afterOperator],
  [token.logicalAnd, afterOperator],
  [token.logicalOr, afterOperator],
  [token.contains, [token.if, token.contains]],
]);

/** Records an error if the statement is a rule whose name is a keyword, and says whether it did. */
export function refuseKeywordName(parser: Parser, isDefault: boolean): boolean {
  const followers = keywordRuleFollowers.get(parser.token);
  if (followers === undefined) return false;
  if (!isDefault && !followers.includes(peek(parser, false))) return false;
  error(parser, parser.start, `${tokenName(parser.token)} keyword cannot be used for rule name`);
  return true;
}

/** The head while it is being read: what `p[x]` means depends on what follows. */
interface DraftHead {
  readonly ref: readonly Term[];
  readonly span: Span;
  readonly args: readonly Term[] | undefined;
  readonly value: Term | undefined;
  readonly key: Term | undefined;
  readonly assign: boolean;
  readonly hasContains: boolean;
  readonly generatedValue: boolean;
}

/** The rules at the current token: one, or one for each of its bodies. Undefined where no rule begins. */
export function parseRules(parser: Parser): readonly ParsedRule[] | undefined {
  const { start, end } = parser;
  takeRefKeyword(parser);
  let isDefault = false;
  if (parser.token === token.default) {
    scan(parser);
    isDefault = true;
    takeRefKeyword(parser);
  }
  if (parser.token !== token.identifier) {
    if (isDefault) refuseKeywordName(parser, true);
    return undefined;
  }
  const draft = parseHead(parser, isDefault);
  if (draft === undefined) return undefined;
  if (isDefault) return parseDefault(parser, draft, spanOf(parser, start, end));
  const head = headOf(parser, draft);
  if (head === undefined) return undefined;
  const hasIf = parser.token === token.if;
  const { hasContains } = draft;
  let body: Body | undefined;
  if (hasIf || parser.token === token.leftBrace) {
    body = hasIf ? parseBodyAfterIf(parser) : parseBraces(parser);
    if (body === undefined) return undefined;
  } else if (hasContains) {
    const rule = ruleOf(head, implicitBody(spanOf(parser, start, end)), head.span, true);
    return [{ rule, hasIf, hasContains, else: undefined }];
  } else {
    return undefined;
  }
  let alternative: ParsedRule | undefined;
  if (parser.token === token.else && !takeRefKeyword(parser)) {
    alternative = parseFirstElse(parser, head);
    if (alternative === undefined) return undefined;
  }
  const rule: Rule = {
    ...ruleOf(head, body, spanOf(parser, start, parser.lastEnd), false),
    ...(alternative !== undefined && { else: alternative.rule }),
  };
  return parseChained(parser, { rule, hasIf, hasContains, else: alternative });
}

/** The place of a default rule is its first word. */
function parseDefault(parser: Parser, draft: DraftHead, span: Span): readonly ParsedRule[] | undefined {
  if (!checkDefaultRule(parser, span.start, draft.value, draft.args ?? [])) return undefined;
  const head: RuleHead = { ...headWith(draft), ...(draft.value !== undefined && { value: draft.value }) };
  const rule: Rule = { ...ruleOf(head, implicitBody(span), span, false), isDefault: true };
  return [{ rule, hasIf: false, hasContains: draft.hasContains, else: undefined }];
}

function ruleOf(head: RuleHead, body: Body, span: Span, generatedBody: boolean): Rule {
  return { kind: "rule", isDefault: false, head, body, generatedBody, annotations: [], span };
}

/** The body `true` of a rule that has none. */
export function implicitBody(span: Span): Body {
  const term: Term = { kind: "boolean", value: true, span };
  return [{ kind: "term", term, negated: false, with: [], index: 0, generated: true, span }];
}

function parseBraces(parser: Parser): Body | undefined {
  scan(parser);
  const body = parser.grammar.body(parser, token.rightBrace);
  if (body !== undefined) scan(parser);
  return body;
}

/** Behind `if` stands one literal or a body in braces; a set in braces is a body, since a set would always hold. */
function parseBodyAfterIf(parser: Parser): Body | undefined {
  scan(parser);
  const state = save(parser);
  const braces = parser.token === token.leftBrace;
  const literal = parseLiteral(parser);
  if (literal !== undefined && !(braces && literal.kind === "term" && literal.term.kind === "set")) return [literal];
  // Without a brace there is nothing to fall back to, and the literal's own error is the useful one.
  if (!braces) return undefined;
  restore(parser, state);
  return parseBraces(parser);
}

function parseFirstElse(parser: Parser, head: RuleHead): ParsedRule | undefined {
  const { terms } = head.ref;
  if (terms.length > 1 && !isGround(head.ref)) {
    error(parser, parser.start, "else keyword cannot be used on rules with variables in head");
    return undefined;
  }
  if (head.key !== undefined || head.objectKey !== undefined) {
    error(parser, parser.start, "else keyword cannot be used on multi-value rules");
    return undefined;
  }
  return parseElse(parser, head);
}

function parseElse(parser: Parser, original: RuleHead): ParsedRule | undefined {
  if (!enter(parser)) return undefined;
  const rule = readElse(parser, original);
  leave(parser);
  return rule;
}

function readElse(parser: Parser, original: RuleHead): ParsedRule | undefined {
  const { start, end } = parser;
  const { args, value: _value, ...rest } = original;
  const freshArgs = args === undefined ? undefined : renewWildcards(parser, args);
  scan(parser);
  let value: Term = { kind: "boolean", value: true, span: spanOf(parser, start, end), unplaced: true };
  let generatedValue = true;
  let { assign } = original;
  let headEnd = end;
  if (parser.token === token.assign || parser.token === token.unify) {
    assign = parser.token === token.assign;
    scan(parser);
    const term = parser.grammar.infix(parser, true);
    if (term === undefined) return undefined;
    value = term;
    generatedValue = false;
    headEnd = parser.lastEnd;
  } else if (parser.token !== token.leftBrace && parser.token !== token.if) {
    illegal(parser, "expected else value term or rule body");
    return undefined;
  }
  const head: RuleHead = {
    ...rest,
    ...(freshArgs !== undefined && { args: freshArgs }),
    value,
    assign,
    generatedValue,
    span: spanOf(parser, start, headEnd),
  };
  const hasIf = parser.token === token.if;
  if (!hasIf && parser.token !== token.leftBrace) {
    const span = spanOf(parser, start, parser.lastEnd);
    return { rule: ruleOf(head, implicitBody(span), span, true), hasIf, hasContains: false, else: undefined };
  }
  if (hasIf) scan(parser);
  const isBraced = parser.token === token.leftBrace;
  const written = parseElseBody(parser);
  if (written === undefined) return undefined;
  let alternative: ParsedRule | undefined;
  if (parser.token === token.else) {
    alternative = parseElse(parser, original);
    if (alternative === undefined) return undefined;
  }
  const span = spanOf(parser, start, parser.lastEnd);
  // As in OPA, everything in a body without braces stands where the `else` does.
  const body = isBraced ? written : written.map((expression) => relocateExpression(expression, span));
  const rule: Rule = {
    ...ruleOf(head, body, span, false),
    ...(alternative !== undefined && { else: alternative.rule }),
  };
  return { rule, hasIf, hasContains: false, else: alternative };
}

function parseElseBody(parser: Parser): Body | undefined {
  if (parser.token === token.leftBrace) return parseBraces(parser);
  if (parser.token === token.endOfFile) {
    illegal(parser, "rule body expected");
    return undefined;
  }
  const literal = parseLiteral(parser);
  return literal === undefined ? undefined : [literal];
}

/** `p { … } { … }`: each further body is a rule of its own with the same head. */
function parseChained(parser: Parser, first: ParsedRule): readonly ParsedRule[] | undefined {
  const rules = [first];
  while (parser.token === token.leftBrace) {
    const { start } = parser;
    if (first.else !== undefined) {
      error(parser, start, "expected else keyword");
      return undefined;
    }
    const body = parseBraces(parser);
    if (body === undefined) return undefined;
    const span = spanOf(parser, start, parser.lastEnd);
    const shared = relocateHead(first.rule.head, span);
    const { args } = shared;
    const head: RuleHead = {
      ...shared,
      ...(args !== undefined && { args: renewWildcards(parser, args) }),
    };
    const rule = ruleOf(head, body, span, false);
    rules.push({ rule, hasIf: first.hasIf, hasContains: first.hasContains, else: undefined });
  }
  return rules;
}

function renewWildcards(parser: Parser, args: readonly Term[]): readonly Term[] {
  return args.map((argument) =>
    argument.kind === "var" && argument.wildcard === true ? { ...argument, name: freshWildcard(parser) } : argument,
  );
}

function parseHead(parser: Parser, isDefault: boolean): DraftHead | undefined {
  const { start } = parser;
  const term = finishHead(parser, parseVar(parser));
  if (term === undefined) {
    illegal(parser, "expected rule head name");
    return undefined;
  }
  let ref: readonly Term[];
  let args: readonly Term[] | undefined;
  if (term.kind === "var") {
    ref = [term];
  } else if (term.kind === "ref") {
    ref = term.terms;
  } else if (term.kind === "call") {
    ref = term.operator.terms;
    args = term.args;
    if (ref[0]?.kind !== "var") {
      illegal(parser, `rule head ref ${printRef(ref)} invalid`);
      return undefined;
    }
  } else {
    return undefined;
  }
  const name = printRef(ref);
  const draft = { ref, args, value: undefined, key: undefined, assign: false, hasContains: false };
  if (parser.token === token.contains) {
    if (args !== undefined) {
      illegal(
        parser,
        "the contains keyword can only be used with multi-value rule definitions " +
          `(e.g., ${name} contains <VALUE> { ... })`,
      );
    }
    scan(parser);
    const key = parser.grammar.infix(parser, true);
    if (key === undefined) illegal(parser, `expected rule key term (e.g., ${name} contains <VALUE> { ... })`);
    const span = spanOf(parser, start, parser.lastEnd);
    return { ...draft, key, hasContains: true, generatedValue: false, span };
  }
  let value: Term | undefined;
  const assign = parser.token === token.assign;
  if (assign || parser.token === token.unify) {
    scan(parser);
    value = parser.grammar.infix(parser, true);
    if (value === undefined) illegal(parser, missingValueNote(name, assign, args ?? [], isDefault));
  }
  const span = spanOf(parser, start, parser.lastEnd);
  const generatedValue = value === undefined && (ref.length !== 2 || (args !== undefined && args.length > 0));
  if (generatedValue) value = { kind: "boolean", value: true, span, unplaced: true };
  return { ...draft, value, assign, generatedValue, span };
}

function missingValueNote(name: string, assign: boolean, args: readonly Term[], isDefault: boolean): string {
  // OPA prints a key that is never there yet.
  if (!assign) return `expected rule value term (e.g., ${name}[<nil>] = <VALUE> { ... })`;
  if (args.length > 0) return `expected function value term (e.g., ${name}(...) := <VALUE> { ... })`;
  if (isDefault) return `expected default rule value term (e.g., default ${name} := <VALUE>)`;
  return `expected rule value term (e.g., ${name} := <VALUE> { ... })`;
}

/** The head once it is known whether `if` follows: `p[x]` is an object's key with it, and a set's element without. */
function headOf(parser: Parser, draft: DraftHead): RuleHead | undefined {
  const head = headWith(draft);
  const [first, second] = draft.ref;
  if (draft.hasContains) return { ...head, ...(draft.key !== undefined && { key: draft.key }) };
  const isFunction = draft.args !== undefined && draft.args.length > 0;
  if (draft.ref.length !== 2 || second === undefined) {
    return { ...head, ...(draft.value !== undefined && { value: draft.value }) };
  }
  if (first?.kind !== "var") return undefined;
  if (parser.token === token.if) {
    const keyed = !isFunction && (second.kind === "ref" || !isGround(second));
    const objectKey = keyed && { objectKey: second };
    if (draft.value === undefined) {
      const value: Term = { kind: "boolean", value: true, span: draft.span };
      return { ...head, ...objectKey, value, generatedValue: true };
    }
    return { ...head, ...objectKey, value: draft.value, name: first.name };
  }
  if (isFunction) return { ...head, ...(draft.value !== undefined && { value: draft.value }) };
  if (draft.value !== undefined) return { ...head, name: first.name, objectKey: second, value: draft.value };
  return { ...head, name: first.name, key: second, ref: { ...head.ref, terms: [first] } };
}

function headWith(draft: DraftHead): RuleHead {
  const [first] = draft.ref;
  const last = draft.ref.at(-1);
  const start = first?.span.start ?? draft.span.start;
  const refSpan: Span = { source: draft.span.source, start, end: last?.span.end ?? draft.span.end };
  return {
    kind: "head",
    ref: { kind: "ref", terms: draft.ref, span: refSpan },
    ...(draft.args !== undefined && draft.args.length > 0 && { args: draft.args }),
    assign: draft.assign,
    generatedValue: draft.generatedValue,
    ...(draft.ref.length < 2 && first?.kind === "var" && { name: first.name }),
    span: draft.span,
  };
}

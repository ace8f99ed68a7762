/** The same tree at another place: where OPA gives a copy, or a part, the place of something else. */
import type { Body, Expression, RefTerm, RuleHead, Term, VarTerm } from "./ast.ts";
import type { Span } from "../source.ts";

/** A head of which every part but its name stands at one place. */
export function relocateHead(head: RuleHead, span: Span): RuleHead {
  const { args, key, value, objectKey } = head;
  return {
    ...head,
    span,
    ...(args !== undefined && { args: relocateAll(args, span) }),
    ...(key !== undefined && { key: relocateTerm(key, span) }),
    ...(value !== undefined && { value: relocateTerm(value, span) }),
    ...(objectKey !== undefined && { objectKey: relocateTerm(objectKey, span) }),
  };
}

/** An expression of which every part stands at one place. */
export function relocateExpression(expression: Expression, span: Span): Expression {
  const modifiers = expression.with.map((modifier) => ({
    ...modifier,
    span,
    target: modifier.target.kind === "ref" ? relocateRef(modifier.target, span) : relocateVar(modifier.target, span),
    value: relocateTerm(modifier.value, span),
  }));
  const common = { span, with: modifiers };
  switch (expression.kind) {
    case "term":
      return { ...expression, ...common, term: relocateTerm(expression.term, span) };
    case "call": {
      const { operator, args } = expression;
      return { ...expression, ...common, operator: relocateRef(operator, span), args: relocateAll(args, span) };
    }
    case "some":
      return { ...expression, ...common, symbols: expression.symbols.map((symbol) => relocateVar(symbol, span)) };
    case "someIn": {
      const { key, value, collection, operator } = expression;
      return {
        ...expression,
        ...common,
        ...(key !== undefined && { key: relocateTerm(key, span) }),
        value: relocateTerm(value, span),
        collection: relocateTerm(collection, span),
        operator: relocateRef(operator, span),
      };
    }
    case "every": {
      const { key, value, domain, body } = expression;
      return {
        ...expression,
        ...common,
        ...(key !== undefined && { key: relocateVar(key, span) }),
        value: relocateVar(value, span),
        domain: relocateTerm(domain, span),
        body: relocateBody(body, span),
      };
    }
    case "not":
      return { ...expression, ...common, body: relocateBody(expression.body, span) };
    case "and":
    case "or": {
      const operands = expression.operands.map((operand) => ({ ...operand, body: relocateBody(operand.body, span) }));
      return { ...expression, ...common, operands };
    }
  }
}

function relocateBody(body: Body, span: Span): Body {
  return body.map((expression) => relocateExpression(expression, span));
}

function relocateAll(terms: readonly Term[], span: Span): readonly Term[] {
  return terms.map((term) => relocateTerm(term, span));
}

function relocateRef({ textStart: _text, unplaced: _unplaced, ...ref }: RefTerm, span: Span): RefTerm {
  return { ...ref, span, terms: relocateAll(ref.terms, span) };
}

function relocateVar({ textStart: _text, unplaced: _unplaced, ...variable }: VarTerm, span: Span): VarTerm {
  return { ...variable, span };
}

function relocateTerm({ textStart: _text, unplaced: _unplaced, ...term }: Term, span: Span): Term {
  switch (term.kind) {
    case "ref":
      return relocateRef(term, span);
    case "call":
      return { ...term, span, operator: relocateRef(term.operator, span), args: relocateAll(term.args, span) };
    case "array":
    case "set":
      return { ...term, span, items: relocateAll(term.items, span) };
    case "object": {
      const entries = term.entries.map(([key, value]): [Term, Term] => [
        relocateTerm(key, span),
        relocateTerm(value, span),
      ]);
      return { ...term, span, entries };
    }
    case "arrayComprehension":
    case "setComprehension":
      return { ...term, span, term: relocateTerm(term.term, span), body: relocateBody(term.body, span) };
    case "objectComprehension": {
      const { key, value, body } = term;
      return {
        ...term,
        span,
        key: relocateTerm(key, span),
        value: relocateTerm(value, span),
        body: relocateBody(body, span),
      };
    }
    case "templateString": {
      const parts = term.parts.map((part) => (typeof part === "string" ? part : relocateExpression(part, span)));
      return { ...term, span, parts };
    }
    default:
      return { ...term, span };
  }
}

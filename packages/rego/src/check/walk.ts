/** Going over the tree without changing it. */
import type { Body, Expression, RuleHead, Term, With } from "../syntax/ast.ts";

/** What to do at each node, parents first. An answer of true keeps the walk from going below. */
export interface Visitor {
  readonly term?: (term: Term) => boolean;
  readonly expression?: (expression: Expression) => boolean;
  readonly with?: (modifier: With) => boolean;
}

/** Visits a term and all below it. */
export function walkTerm(term: Term, visitor: Visitor): void {
  if (visitor.term?.(term) === true) return;
  switch (term.kind) {
    case "ref":
      for (const part of term.terms) walkTerm(part, visitor);
      return;
    case "call":
      walkTerm(term.operator, visitor);
      for (const argument of term.args) walkTerm(argument, visitor);
      return;
    case "array":
    case "set":
      for (const item of term.items) walkTerm(item, visitor);
      return;
    case "object":
      for (const [key, value] of term.entries) {
        walkTerm(key, visitor);
        walkTerm(value, visitor);
      }
      return;
    case "arrayComprehension":
    case "setComprehension":
      walkTerm(term.term, visitor);
      walkBody(term.body, visitor);
      return;
    case "objectComprehension":
      walkTerm(term.key, visitor);
      walkTerm(term.value, visitor);
      walkBody(term.body, visitor);
      return;
    case "templateString":
      for (const part of term.parts) if (typeof part !== "string") walkExpression(part, visitor);
      return;
    case "null":
    case "boolean":
    case "number":
    case "string":
    case "var":
      return;
  }
}

/** Visits an expression and all below it, its `with` last. */
export function walkExpression(expression: Expression, visitor: Visitor): void {
  if (visitor.expression?.(expression) === true) return;
  switch (expression.kind) {
    case "term":
      walkTerm(expression.term, visitor);
      break;
    case "call":
      walkTerm(expression.operator, visitor);
      for (const argument of expression.args) walkTerm(argument, visitor);
      break;
    case "some":
      for (const symbol of expression.symbols) walkTerm(symbol, visitor);
      break;
    case "someIn":
      if (expression.key !== undefined) walkTerm(expression.key, visitor);
      walkTerm(expression.value, visitor);
      walkTerm(expression.collection, visitor);
      break;
    case "every":
      if (expression.key !== undefined) walkTerm(expression.key, visitor);
      walkTerm(expression.value, visitor);
      walkTerm(expression.domain, visitor);
      walkBody(expression.body, visitor);
      break;
    case "not":
      walkBody(expression.body, visitor);
      break;
    case "and":
    case "or":
      for (const operand of expression.operands) walkBody(operand.body, visitor);
      break;
  }
  for (const modifier of expression.with) {
    if (visitor.with?.(modifier) === true) continue;
    walkTerm(modifier.target, visitor);
    walkTerm(modifier.value, visitor);
  }
}

/** Visits the expressions of a body in order. */
export function walkBody(body: Body, visitor: Visitor): void {
  for (const expression of body) walkExpression(expression, visitor);
}

/** Visits arguments, key and value of a head: not its ref, as OPA's visitor. */
export function walkHead(head: RuleHead, visitor: Visitor): void {
  for (const argument of head.args ?? []) walkTerm(argument, visitor);
  if (head.key !== undefined) walkTerm(head.key, visitor);
  if (head.value !== undefined) walkTerm(head.value, visitor);
}

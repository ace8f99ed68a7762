import type { Body, Expression, Term } from "./ast.ts";

/** Whether a generated variable (`__local…`) occurs in a term or an expression. */
export function mentionsGenerated(node: Term | Expression): boolean {
  return "negated" in node ? expressionMentions(node) : termMentions(node);
}

function bodyMentions(body: Body): boolean {
  return body.some(expressionMentions);
}

function expressionMentions(expression: Expression): boolean {
  if (expression.with.some(({ target, value }) => termMentions(target) || termMentions(value))) return true;
  switch (expression.kind) {
    case "term":
      return termMentions(expression.term);
    case "call":
      return expression.args.some(termMentions);
    case "some":
      return expression.symbols.some(termMentions);
    case "someIn":
      return [expression.key, expression.value, expression.collection].some(
        (term) => term !== undefined && termMentions(term),
      );
    case "every":
      return (
        [expression.key, expression.value, expression.domain].some(
          (term) => term !== undefined && termMentions(term),
        ) || bodyMentions(expression.body)
      );
    case "not":
      return bodyMentions(expression.body);
    case "and":
    case "or":
      return expression.operands.some(({ body }) => bodyMentions(body));
  }
}

function termMentions(term: Term): boolean {
  switch (term.kind) {
    case "var":
      return term.name.startsWith("__local");
    case "ref":
      return term.terms.some(termMentions);
    case "call":
      return termMentions(term.operator) || term.args.some(termMentions);
    case "array":
    case "set":
      return term.items.some(termMentions);
    case "object":
      return term.entries.some(([key, value]) => termMentions(key) || termMentions(value));
    case "arrayComprehension":
    case "setComprehension":
      return termMentions(term.term) || bodyMentions(term.body);
    case "objectComprehension":
      return termMentions(term.key) || termMentions(term.value) || bodyMentions(term.body);
    case "templateString":
      return term.parts.some((part) => typeof part !== "string" && expressionMentions(part));
    default:
      return false;
  }
}

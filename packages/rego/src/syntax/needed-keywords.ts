import type { Body, Expression, Module, Rule, Term } from "./ast.ts";
import { operatorName } from "./build.ts";

/** The keywords that a module's bodies use and that some version has to import. */
export function neededKeywords(module: Module): ReadonlySet<string> {
  const words = new Set<string>();
  for (const rule of module.rules) visitRule(rule, words);
  return words;
}

function visitRule(rule: Rule, words: Set<string>): void {
  const { args, key, value } = rule.head;
  for (const term of [...(args ?? []), key, value]) if (term !== undefined) visitTerm(term, words);
  visitBody(rule.body, words);
  if (rule.else !== undefined) visitRule(rule.else, words);
}

function visitBody(body: Body, words: Set<string>): void {
  for (const expression of body) visitExpression(expression, words);
}

function visitExpression(expression: Expression, words: Set<string>): void {
  for (const { value } of expression.with) visitTerm(value, words);
  switch (expression.kind) {
    case "term":
      visitTerm(expression.term, words);
      break;
    case "call": {
      const name = operatorName(expression.operator);
      if (name === "internal.member_2" || name === "internal.member_3") words.add("in");
      for (const term of expression.args) visitTerm(term, words);
      break;
    }
    case "some":
      break;
    case "someIn":
      visitTerm(expression.value, words);
      visitTerm(expression.collection, words);
      break;
    case "every":
      words.add("every");
      visitTerm(expression.domain, words);
      visitBody(expression.body, words);
      break;
    case "not":
      words.add("not");
      visitBody(expression.body, words);
      break;
    case "and":
    case "or":
      words.add(expression.kind);
      for (const operand of expression.operands) visitBody(operand.body, words);
      break;
  }
}

function visitTerm(term: Term, words: Set<string>): void {
  switch (term.kind) {
    case "ref":
      for (const part of term.terms) visitTerm(part, words);
      break;
    case "call":
      for (const part of term.args) visitTerm(part, words);
      break;
    case "array":
    case "set":
      for (const item of term.items) visitTerm(item, words);
      break;
    case "object":
      for (const [key, value] of term.entries) {
        visitTerm(key, words);
        visitTerm(value, words);
      }
      break;
    case "arrayComprehension":
    case "setComprehension":
      visitTerm(term.term, words);
      visitBody(term.body, words);
      break;
    case "objectComprehension":
      visitTerm(term.key, words);
      visitTerm(term.value, words);
      visitBody(term.body, words);
      break;
    case "templateString":
      for (const part of term.parts) if (typeof part !== "string") visitExpression(part, words);
      break;
    default:
      break;
  }
}

/**
 * A statement at the top level that is no rule with a body is read as a query first, and taken for a rule if it looks
 * like one: `p := 1`, `p.a`, `f(1)`, and in v0 `p["x"]`, an element of a set.
 */
import type { Body, CallExpression, Rule, RuleHead, Term } from "./ast.ts";
import { operatorName, termKindName } from "./build.ts";
import type { Capabilities } from "./capabilities.ts";
import { printRef } from "./print.ts";
import { implicitBody } from "./rule.ts";
import type { Span } from "../source.ts";

/** The rule that a query stands for, or why it stands for none, in OPA's words. */
export function ruleFromQuery(body: Body, builtins: Capabilities["builtins"]): Rule | string {
  const [expression, ...others] = body;
  if (expression === undefined || others.length > 0) return "multiple expressions cannot be used for rule head";
  if (expression.with.length > 0) return "expressions using with keyword cannot be used for rule head";
  if (expression.negated) return "negated expressions cannot be used for rule head";
  switch (expression.kind) {
    case "some":
    case "someIn":
      return "'some' declarations cannot be used for rule head";
    case "term":
      return ruleFromTerm(expression.term);
    case "call":
      if (isEquationCall(expression)) return ruleFromEquation(expression);
      if (builtins.has(operatorName(expression.operator) ?? "")) {
        return "rule name conflicts with built-in function";
      }
      return ruleFromCall(expression);
    default:
      return "expression cannot be used for rule head";
  }
}

/** `eq(x, 1)` and `assign(x, 1)` are `x = 1` and `x := 1`. */
function isEquationCall(expression: CallExpression): boolean {
  const name = operatorName(expression.operator);
  return name === "eq" || name === "assign";
}

function ruleFromTerm(term: Term): Rule | string {
  if (term.kind !== "ref") return `${termKindName(term)} cannot be used for rule name`;
  const [first, second] = term.terms;
  if (first === undefined || second === undefined) return "refs cannot be used for rule head";
  if (first.kind !== "var") return `invalid rule head: ${printRef(term.terms)}`;
  if (term.terms.length > 2) {
    const value: Term = { kind: "boolean", value: true, span: term.span };
    return ruleOf(headOf(term.terms, term.span, { value, generatedValue: true }), term.span);
  }
  return ruleOf(headOf([first], term.span, { key: second }), term.span);
}

function ruleFromEquation(expression: CallExpression): Rule | string {
  const [left, right] = expression.args;
  if (left === undefined || right === undefined) return "assignment requires two operands";
  const { span } = expression;
  const assign = expression.infix === ":=" || operatorName(expression.operator) === "assign";
  switch (left.kind) {
    case "call": {
      const { terms } = left.operator;
      if (terms[0]?.kind !== "var") return "call cannot be used for rule name";
      return ruleOf(headOf(terms, span, { args: left.args, value: right, assign }), span, right.span);
    }
    case "ref": {
      const [first, second] = left.terms;
      if (first?.kind !== "var") return `invalid rule head: ${printRef(left.terms)}`;
      const keyed = left.terms.length === 2 && second !== undefined && { name: first.name, objectKey: second };
      return ruleOf(headOf(left.terms, span, { ...keyed, value: right, assign }), span, right.span);
    }
    case "var":
      return ruleOf(headOf([left], span, { value: right, assign }), span, right.span);
    default:
      return `${termKindName(left)} cannot be used for rule name`;
  }
}

function ruleFromCall(expression: CallExpression): Rule | string {
  if (expression.args.length === 0) return "rule argument list must take at least one argument";
  const { terms, span } = expression.operator;
  if (terms[0]?.kind !== "var") return `invalid rule head: ${printRef(terms)}`;
  const value: Term = { kind: "boolean", value: true, span };
  return ruleOf(headOf(terms, span, { args: expression.args, value }), span);
}

function headOf(terms: readonly Term[], span: Span, fields: Partial<RuleHead>): RuleHead {
  const [first] = terms;
  const start = first?.span.start ?? span.start;
  const end = terms.at(-1)?.span.end ?? span.end;
  return {
    kind: "head",
    ref: { kind: "ref", terms, span: { source: span.source, start, end } },
    assign: false,
    generatedValue: false,
    ...(terms.length < 2 && first?.kind === "var" && { name: first.name }),
    ...fields,
    span,
  };
}

function ruleOf(head: RuleHead, span: Span, bodySpan: Span = span): Rule {
  return {
    kind: "rule",
    isDefault: false,
    head,
    body: implicitBody(bodySpan),
    generatedBody: true,
    annotations: [],
    span,
  };
}

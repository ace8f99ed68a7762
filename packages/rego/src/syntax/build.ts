import type { RefTerm, StringTerm, Term, VarTerm, Expression } from "./ast.ts";
import type { Span } from "../source.ts";

/** A variable; names that begin with `$` are wildcards. */
export function varTerm(name: string, span: Span): VarTerm {
  return name.startsWith("$") ? { kind: "var", name, wildcard: true, span } : { kind: "var", name, span };
}

/** A string that was not written with backticks. */
export function stringTerm(value: string, span: Span): StringTerm {
  return { kind: "string", value, span };
}

/** The operator of a call: a dotted name as a reference whose parts all stand at one place. */
export function operatorRef(name: string, span: Span): RefTerm {
  const [head = name, ...rest] = name.split(".");
  return {
    kind: "ref",
    terms: [varTerm(head, span), ...rest.map((part) => stringTerm(part, span))],
    span,
  };
}

/** The dotted name of an operator, or undefined where it is no plain name (`f[x](1)`, `f(1)(2)`). */
export function operatorName(operator: RefTerm): string | undefined {
  let name = "";
  for (const [position, term] of operator.terms.entries()) {
    if (position === 0) {
      if (term.kind !== "var") return undefined;
      name = term.name;
    } else {
      if (term.kind !== "string") return undefined;
      name += `.${term.value}`;
    }
  }
  return name;
}

/** What OPA's texts call a kind of term. */
export function termKindName(term: Term): string {
  return term.kind.toLowerCase();
}

/** Whether no variable occurs in a term, but for what refs begin with. */
export function isGround(term: Term): boolean {
  switch (term.kind) {
    case "var":
      return false;
    case "ref":
      return term.terms.every((part, position) => position === 0 || isGround(part));
    case "call":
      return [term.operator, ...term.args].every(isGround);
    case "array":
    case "set":
      return term.items.every(isGround);
    case "object":
      return term.entries.every(([key, value]) => isGround(key) && isGround(value));
    case "arrayComprehension":
    case "setComprehension":
      return isGround(term.term) && term.body.every(isGroundExpression);
    case "objectComprehension":
      return isGround(term.key) && isGround(term.value) && term.body.every(isGroundExpression);
    case "templateString":
      return false;
    default:
      return true;
  }
}

function isGroundExpression(expression: Expression): boolean {
  switch (expression.kind) {
    case "term":
      return isGround(expression.term);
    case "call":
      return expression.args.every(isGround);
    case "not":
      return expression.body.every(isGroundExpression);
    case "and":
    case "or":
      return expression.operands.every(({ body }) => body.every(isGroundExpression));
    case "some":
    case "someIn":
    case "every":
      return false;
  }
}

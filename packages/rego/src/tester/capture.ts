/**
 * The values of a query's expressions, beside its variables: each that has one is unified with a variable of its own,
 * so that one evaluation gives both (`1 + 1; x > 2` shows 2 and true).
 */
import type { Body, CallExpression, Expression, RefTerm, Term, VarTerm } from "../syntax/ast.ts";

/** A query whose expressions are captured. */
export interface Captured {
  readonly body: Body;
  /** By the index of each expression of the query: the variable that holds its value; undefined where it is just true. */
  readonly variables: readonly (string | undefined)[];
}

/** Rewrites a query. `arityOf` knows how many arguments a function takes that has a result. */
export function captureExpressions(query: Body, arityOf: (operator: RefTerm) => number | undefined): Captured {
  const decides = query.length > 1 || query.some(iterates);
  const variables: (string | undefined)[] = [];
  const body: Expression[] = [];
  const checks: Expression[] = [];
  for (const expression of query) {
    const name = `$value${variables.length}`;
    const variable: VarTerm = { kind: "var", name, wildcard: true, span: expression.span };
    const captured = capture(expression, variable, arityOf);
    variables.push(captured === undefined ? undefined : name);
    body.push(captured ?? expression);
    // Alone an expression may be false; beside others it has to hold.
    if (captured !== undefined && decides) {
      checks.push({ kind: "term", term: variable, negated: false, with: [], index: 0, span: expression.span });
    }
  }
  return { body: [...body, ...checks].map((expression, index) => ({ ...expression, index })), variables };
}

function capture(
  expression: Expression,
  variable: VarTerm,
  arityOf: (operator: RefTerm) => number | undefined,
): CallExpression | undefined {
  if (expression.negated) return undefined;
  if (expression.kind === "term") {
    const { term, span, index, with: modifiers } = expression;
    const operator: RefTerm = { kind: "ref", terms: [{ kind: "var", name: "eq", span }], span };
    return { kind: "call", operator, args: [term, variable], negated: false, with: modifiers, index, span };
  }
  if (expression.kind !== "call" || isBinding(expression)) return undefined;
  if (arityOf(expression.operator) !== expression.args.length) return undefined;
  const { infix: _written, ...call } = expression;
  return { ...call, args: [...expression.args, variable] };
}

function isBinding({ operator }: CallExpression): boolean {
  const [first] = operator.terms;
  return operator.terms.length === 1 && first?.kind === "var" && (first.name === "eq" || first.name === "assign");
}

/** Whether an expression may have several answers. */
function iterates(expression: Expression): boolean {
  switch (expression.kind) {
    case "term":
      return termIterates(expression.term);
    case "call":
      return isWalk(expression.operator) || expression.args.some(termIterates);
    case "someIn":
      return termIterates(expression.collection);
    case "every":
      return termIterates(expression.domain);
    default:
      return false;
  }
}

function isWalk({ terms: [first, ...rest] }: RefTerm): boolean {
  return first?.kind === "var" && first.name === "walk" && rest.length === 0;
}

function termIterates(term: Term): boolean {
  switch (term.kind) {
    case "ref":
      return term.terms.some((part, at) => (at > 0 && part.kind === "var") || termIterates(part));
    case "call":
      return isWalk(term.operator) || term.args.some(termIterates);
    case "array":
    case "set":
      return term.items.some(termIterates);
    case "object":
      return term.entries.flat().some(termIterates);
    default:
      return false;
  }
}

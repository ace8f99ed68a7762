/** Which names a body declares with `:=` and `some`. */
import type { Body, CallExpression, Expression, RefTerm, Term, VarTerm } from "../syntax/ast.ts";
import { isComprehension } from "./constants.ts";
import { addTerm, everyVariable, type Variables } from "./variables.ts";
import { walkExpression } from "./walk.ts";

/** A call whose operator is one word. */
export interface BuiltinCall extends CallExpression {
  readonly operator: RefTerm & { readonly terms: readonly [VarTerm] };
}

/** Whether an expression calls a builtin of a one-word name: `eq`, `assign`, `print`. */
export function callsBuiltin(expression: Expression, name: string): expression is BuiltinCall {
  if (expression.kind !== "call" || expression.operator.terms.length !== 1) return false;
  const [head] = expression.operator.terms;
  return head?.kind === "var" && head.name === name;
}

/** Whether an expression unifies its operands. */
export function isEquality(expression: Expression): expression is BuiltinCall {
  return callsBuiltin(expression, "eq");
}

function addNames(term: Term, into: Set<string>): void {
  const found: Variables = new Map();
  addTerm(term, everyVariable, found);
  for (const name of found.keys()) into.add(name);
}

function addOwn(expression: Expression, into: Set<string>): void {
  if (callsBuiltin(expression, "assign") && expression.args.length === 2) {
    addNames(expression.args[0]!, into);
  } else if (expression.kind === "some") {
    for (const symbol of expression.symbols) into.add(symbol.name);
  } else if (expression.kind === "someIn") {
    if (expression.key !== undefined) addNames(expression.key, into);
    addNames(expression.value, into);
  }
}

/** Adds the names declared by an expression and below it, comprehensions apart. */
export function addDeclaredBy(expression: Expression, into: Set<string>): void {
  walkExpression(expression, {
    expression: (inner) => {
      addOwn(inner, into);
      return false;
    },
    term: isComprehension,
  });
}

/** Adds the names declared in a body, comprehensions apart. */
export function addDeclared(body: Body, into: Set<string>): void {
  for (const expression of body) addDeclaredBy(expression, into);
}

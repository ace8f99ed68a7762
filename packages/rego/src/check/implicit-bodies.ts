/**
 * What a `not`, `and` or `or` without braces needs from around it. Such a body binds nothing outside, yet a rewrite may
 * have put helpers into it (`not f(g(x))` is two expressions), and these may bind for one another.
 */
import type { Body, Expression } from "../syntax/ast.ts";
import type { Arity } from "./calls.ts";
import { isEquality } from "./declared.ts";
import { outputsOfEquality } from "./outputs.ts";
import { addExpression, addTerm, patternVariables, safetyVariables, type Variables } from "./variables.ts";

function equalityBindings(body: Body, names: Iterable<string>): Set<string> {
  const bound = new Set(["input", "data", ...names]);
  for (const expression of body) {
    if (!isEquality(expression)) continue;
    for (const side of expression.args.slice(0, 2)) if (side.kind === "var") bound.delete(side.name);
  }
  const bindings = new Set<string>();
  for (let changed = true; changed;) {
    changed = false;
    for (const expression of body) {
      if (!isEquality(expression)) continue;
      for (const name of outputsOfEquality(expression, bound)) {
        if (bindings.has(name)) continue;
        bindings.add(name);
        bound.add(name);
        changed = true;
      }
    }
  }
  return bindings;
}

function addCallBindings(expression: Expression, arity: Arity, bindings: Set<string>): void {
  if (expression.kind !== "call" || isEquality(expression)) return;
  const wanted = arity(expression.operator);
  if (wanted === undefined) return;
  const outputs: Variables = new Map();
  for (const argument of expression.args.slice(wanted)) {
    addTerm(argument, { ...patternVariables, skipSets: true }, outputs);
  }
  for (const name of outputs.keys()) bindings.add(name);
}

/** The names that a body without braces must find bound. */
export function promoted(body: Body, arity: Arity): ReadonlySet<string> {
  const occurrences = new Map<string, number>();
  for (const expression of body) {
    const own: Variables = new Map();
    addExpression(expression, safetyVariables, own);
    for (const name of own.keys()) occurrences.set(name, (occurrences.get(name) ?? 0) + 1);
  }
  // Within one expression nothing can use what another bound.
  if (body.length <= 1) return new Set(occurrences.keys());
  const bindings = equalityBindings(body, occurrences.keys());
  for (const expression of body) addCallBindings(expression, arity, bindings);
  const result = new Set<string>();
  for (const [name, count] of occurrences) if (!bindings.has(name) || count === 1) result.add(name);
  return result;
}

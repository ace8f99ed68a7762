/** Which variables an expression binds, given those that are bound before it. */
import type { Body, CallExpression, Expression, RefTerm, Term } from "../syntax/ast.ts";
import type { Arity } from "./calls.ts";
import { isComprehension } from "./constants.ts";
import { isGround } from "../syntax/build.ts";
import { isEquality } from "./declared.ts";
import { type Bound, isRefSafe, unify } from "./unifier.ts";
import {
  addTerm,
  addWith,
  everyVariable,
  isWithin,
  patternVariables,
  safetyVariables,
  type Variables,
  type VariableOptions,
  variablesOf,
} from "./variables.ts";
import { walkTerm } from "./walk.ts";

const callVariables: VariableOptions = { ...patternVariables, skipSets: true };
const refTail: VariableOptions = { skipRefHead: true };
const none: ReadonlySet<string> = new Set();

/**
 * What is left over from the call before. OPA keeps one such set while it orders a body, and an `every` takes what it
 * finds there for its own outputs; which bodies are safe depends on it.
 */
export type Leftover = Set<string>;

function addRefOutputs(term: Term, bound: Bound, into: Set<string>): void {
  const visitRef = (ref: RefTerm): boolean => {
    if (!isRefSafe(ref, bound)) return true;
    if (!ref.terms.slice(1).every(isGround)) {
      for (const name of variablesOf(ref, refTail).keys()) into.add(name);
    }
    return false;
  };
  walkTerm(term, {
    term: (inner) => {
      if (isComprehension(inner) || inner.kind === "templateString") return true;
      return inner.kind === "ref" ? visitRef(inner) : false;
    },
  });
}

function addModifierOutputs(expression: Expression, bound: Bound, into: Set<string>): void {
  for (const modifier of expression.with) {
    addRefOutputs(modifier.target, bound, into);
    addRefOutputs(modifier.value, bound, into);
  }
}

/** What a unification binds. */
export function outputsOfEquality(expression: CallExpression, bound: Bound): ReadonlySet<string> {
  const [left, right] = expression.args;
  if (left === undefined || right === undefined || expression.args.length !== 2) return bound;
  const found = new Set<string>();
  addRefOutputs(left, bound, found);
  addRefOutputs(right, bound, found);
  addModifierOutputs(expression, bound, found);
  const basis = new Set([...found, ...bound]);
  if (expression.assigned === true) {
    // The left side of `:=` only takes: the right side is not made safe through it.
    for (const name of variablesOf(left, everyVariable).keys()) basis.delete(name);
  }
  const outputs = new Set<string>();
  for (const name of basis) if (!bound.has(name)) outputs.add(name);
  for (const name of unify(basis, left, right)) if (!bound.has(name)) outputs.add(name);
  return outputs;
}

function outputsOfCall(expression: CallExpression, arity: number, bound: Bound, found: Leftover): ReadonlySet<string> {
  found.clear();
  for (const argument of expression.args) addRefOutputs(argument, bound, found);
  addModifierOutputs(expression, bound, found);
  if (arity >= expression.args.length) return found;
  const inputs: Variables = new Map();
  addTerm(expression.operator, callVariables, inputs);
  for (const argument of expression.args.slice(0, arity)) addTerm(argument, callVariables, inputs);
  for (const name of inputs.keys()) if (!found.has(name) && !bound.has(name)) return none;
  const outputs: Variables = new Map();
  for (const argument of expression.args.slice(arity)) addTerm(argument, callVariables, outputs);
  for (const name of outputs.keys()) found.add(name);
  return found;
}

/** The names that an expression binds once those given are bound. */
export function outputsOf(expression: Expression, arity: Arity, bound: Bound, leftover: Leftover): ReadonlySet<string> {
  if (expression.negated || expression.kind === "not") return none;
  if (expression.with.length > 0) {
    const inputs: Variables = new Map();
    for (const modifier of expression.with) addWith(modifier, safetyVariables, inputs);
    if (!isWithin(inputs.keys(), bound)) return none;
  }
  switch (expression.kind) {
    case "term": {
      if (expression.term.kind === "templateString") return none;
      const found = new Set<string>();
      addRefOutputs(expression.term, bound, found);
      addModifierOutputs(expression, bound, found);
      return found;
    }
    case "call": {
      if (isEquality(expression)) {
        leftover.clear();
        return outputsOfEquality(expression, bound);
      }
      const wanted = arity(expression.operator);
      return wanted === undefined ? none : outputsOfCall(expression, wanted, bound, leftover);
    }
    case "every":
      addRefOutputs(expression.domain, bound, leftover);
      return leftover;
    case "and":
    case "or":
    case "some":
    case "someIn":
      return none;
  }
}

/** The names that a body binds beyond those given. */
export function outputsOfBody(body: Body, arity: Arity, bound: Bound): Set<string> {
  const all = new Set(bound);
  const leftover: Leftover = new Set();
  for (const expression of body) {
    for (const name of outputsOf(expression, arity, all, leftover)) all.add(name);
  }
  for (const name of bound) all.delete(name);
  return all;
}

/** Which variables a piece of the tree mentions, seen the several ways in which OPA's passes look at them. */
import type { Body, Expression, RefTerm, RuleHead, Term, With } from "../syntax/ast.ts";
import type { Span } from "../source.ts";

/** Names, each with where it was last seen as a term of its own. */
export type Variables = Map<string, Span | undefined>;

/** What to leave out. */
export interface VariableOptions {
  readonly skipRefHead?: boolean;
  readonly skipCallHead?: boolean;
  readonly skipObjectKeys?: boolean;
  readonly skipClosures?: boolean;
  readonly skipSets?: boolean;
  readonly skipTemplates?: boolean;
  /** Stands in for the closures that bind nothing of their own: `not`, `and`, `or` without braces. */
  readonly promote?: (body: Body) => Iterable<string>;
}

/** Every variable, closures and operators included. */
export const everyVariable: VariableOptions = {};
/** What must be bound for an expression to run, closures apart. */
export const safetyVariables: VariableOptions = { skipCallHead: true, skipClosures: true };
/** What unifying with a pattern binds. */
export const patternVariables: VariableOptions = {
  skipRefHead: true,
  skipObjectKeys: true,
  skipClosures: true,
};

/** Whether a name was made by a rewrite. */
export function isGenerated(name: string): boolean {
  return name.startsWith("__local");
}

/** Whether a name stands for `_`. */
export function isWildcard(name: string): boolean {
  return name.startsWith("$");
}

function addTail(ref: RefTerm, options: VariableOptions, into: Variables): void {
  for (let index = 1; index < ref.terms.length; index += 1) addTerm(ref.terms[index]!, options, into);
}

/** Adds the variables of a term whose own place OPA does not keep: a variable there is known, but not where. */
function addValue(term: Term, options: VariableOptions, into: Variables): void {
  if (term.kind !== "var") addTerm(term, options, into);
  else if (!into.has(term.name)) into.set(term.name, undefined);
}

/** Adds the variables of a term. */
export function addTerm(term: Term, options: VariableOptions, into: Variables): void {
  switch (term.kind) {
    case "var":
      into.set(term.name, term.span);
      return;
    case "ref":
      if (options.skipRefHead === true) addTail(term, options, into);
      else for (const part of term.terms) addValue(part, options, into);
      return;
    case "call":
      if (options.skipCallHead === true) {
        addTail(term.operator, options, into);
        for (const argument of term.args) addTerm(argument, options, into);
        return;
      }
      addTerm(term.operator, options, into);
      for (const argument of term.args) addValue(argument, options, into);
      return;
    case "array":
      for (const item of term.items) addTerm(item, options, into);
      return;
    case "set":
      if (options.skipSets !== true) for (const item of term.items) addTerm(item, options, into);
      return;
    case "object":
      for (const [key, value] of term.entries) {
        if (options.skipObjectKeys !== true) addTerm(key, options, into);
        addTerm(value, options, into);
      }
      return;
    case "arrayComprehension":
    case "setComprehension":
      if (options.skipClosures === true) return;
      addValue(term.term, options, into);
      addBody(term.body, options, into);
      return;
    case "objectComprehension":
      if (options.skipClosures === true) return;
      addValue(term.key, options, into);
      addValue(term.value, options, into);
      addBody(term.body, options, into);
      return;
    case "templateString":
      if (options.skipClosures === true || options.skipTemplates === true) return;
      for (const part of term.parts) if (typeof part !== "string") addExpression(part, options, into);
      return;
    case "null":
    case "boolean":
    case "number":
    case "string":
      return;
  }
}

/** Adds the variables of a `with`. */
export function addWith(modifier: With, options: VariableOptions, into: Variables): void {
  if (options.skipCallHead !== true) {
    addTerm(modifier.target, options, into);
    addTerm(modifier.value, options, into);
    return;
  }
  if (modifier.target.kind === "ref") addTail(modifier.target, options, into);
  // A ref as the value may name a function that stands in for another.
  if (modifier.value.kind === "ref") addTail(modifier.value, options, into);
  else addTerm(modifier.value, options, into);
}

function addImplicit(body: Body, explicit: boolean, options: VariableOptions, into: Variables): void {
  if (options.promote === undefined) {
    if (options.skipClosures !== true) addBody(body, options, into);
  } else if (!explicit) {
    for (const name of options.promote(body)) if (!into.has(name)) into.set(name, undefined);
  }
}

/** Adds the variables of an expression. */
export function addExpression(expression: Expression, options: VariableOptions, into: Variables): void {
  switch (expression.kind) {
    case "term":
      addTerm(expression.term, options, into);
      break;
    case "call":
      if (options.skipCallHead === true) addTail(expression.operator, options, into);
      else addTerm(expression.operator, options, into);
      for (const argument of expression.args) addTerm(argument, options, into);
      break;
    case "some":
      for (const symbol of expression.symbols) addTerm(symbol, options, into);
      break;
    case "someIn":
      if (expression.key !== undefined) addTerm(expression.key, options, into);
      addTerm(expression.value, options, into);
      addTerm(expression.collection, options, into);
      break;
    case "every":
      if (options.skipClosures === true) {
        addTerm(expression.domain, options, into);
        return;
      }
      if (expression.key !== undefined) addTerm(expression.key, options, into);
      addTerm(expression.value, options, into);
      addTerm(expression.domain, options, into);
      addBody(expression.body, options, into);
      break;
    case "not":
      addImplicit(expression.body, expression.braces, options, into);
      break;
    case "and":
    case "or":
      for (const operand of expression.operands) {
        addImplicit(operand.body, operand.form === "braces", options, into);
      }
      break;
  }
  for (const modifier of expression.with) addWith(modifier, options, into);
}

/** Adds the variables of a body. */
export function addBody(body: Body, options: VariableOptions, into: Variables): void {
  for (const expression of body) addExpression(expression, options, into);
}

/** The variables of a term. */
export function variablesOf(term: Term, options: VariableOptions = everyVariable): Variables {
  const into: Variables = new Map();
  addTerm(term, options, into);
  return into;
}

/** The variables of a head: arguments, key, value, and what stands in brackets in its ref. */
export function headVariables(head: RuleHead): Variables {
  const into: Variables = new Map();
  for (const argument of head.args ?? []) addValue(argument, everyVariable, into);
  if (head.key !== undefined) addTerm(head.key, everyVariable, into);
  if (head.value !== undefined) addTerm(head.value, everyVariable, into);
  addTail(head.ref, everyVariable, into);
  return into;
}

/** Whether every name of the first is in the second. */
export function isWithin(names: Iterable<string>, set: { has(name: string): boolean }): boolean {
  for (const name of names) if (!set.has(name)) return false;
  return true;
}

/** A name as it was written, `_` for a wildcard. */
export function shownName(written: ReadonlyMap<string, string>, name: string): string {
  const shown = written.get(name) ?? name;
  return isWildcard(shown) ? "_" : shown;
}

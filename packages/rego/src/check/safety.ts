/**
 * Orders every body so that each expression finds its inputs bound, and tells of those that cannot be.
 *
 * An expression is taken as soon as all its variables are bound or are what it binds; among those that are ready the
 * order as written is kept, so that little moves.
 */
import type { Diagnostic } from "../diagnostics.ts";
import type { Span } from "../source.ts";
import type { Body, Expression, Term } from "../syntax/ast.ts";
import type { Arity } from "./calls.ts";
import { problem, rowOf, rulesOf, type Compilation, type WorkModule, type WorkRule } from "./compilation.ts";
import { groundPrefix } from "./constants.ts";
import { promoted } from "./implicit-bodies.ts";
import { headMayHaveVariables } from "./locals.ts";
import { type Leftover, outputsOf, outputsOfBody } from "./outputs.ts";
import { mapExpression, mapTerm, numbered, type Rewriter } from "./rewrite.ts";
import { printExpression, printRef } from "../syntax/print.ts";
import type { Bound } from "./unifier.ts";
import {
  addBody,
  addExpression,
  addTerm,
  everyVariable,
  headVariables,
  isGenerated,
  safetyVariables,
  type VariableOptions,
  type Variables,
  variablesOf,
} from "./variables.ts";
import { walkExpression } from "./walk.ts";

const futureKeywords: ReadonlySet<string> = new Set(["in", "every", "contains", "if", "not", "and", "or"]);

/** Expressions with the names that nothing binds for them. */
export type Unsafe = Map<Expression, Set<string>>;

/** A body in its new order, and what is wrong with it. */
export interface Ordered {
  readonly body: Body;
  readonly unsafe: Unsafe;
}

/** The variables that an expression must find bound or bind, with what closures without braces need from outside. */
export function safetyOptions(arity: Arity): VariableOptions {
  return { ...safetyVariables, promote: (body) => promoted(body, arity) };
}

/** The names that the closures of an expression mention. */
function closureNames(expression: Expression): Set<string> {
  const found: Variables = new Map();
  const closure = (body: Body): void => addBody(body, everyVariable, found);
  walkExpression(expression, {
    expression: (inner) => {
      switch (inner.kind) {
        case "every":
        case "not":
          closure(inner.body);
          return true;
        case "and":
        case "or":
          for (const operand of inner.operands) closure(operand.body);
          return true;
        case "term":
        case "call":
        case "some":
        case "someIn":
          return false;
      }
    },
    term: (term) => {
      if (
        term.kind !== "arrayComprehension" &&
        term.kind !== "setComprehension" &&
        term.kind !== "objectComprehension"
      ) {
        return false;
      }
      addTerm(term, everyVariable, found);
      return true;
    },
  });
  return new Set(found.keys());
}

function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  if (a.size !== b.size) return false;
  for (const name of a) if (!b.has(name)) return false;
  return true;
}

/**
 * Whether OPA takes an expression for one that it has placed: the one that now stands at its old place reads the same.
 * The expression is then never placed, and unsafe if it was not bound to be.
 */
function isRepeated(ordered: ReadonlySet<Expression>, expression: Expression, index: number): boolean {
  if (index >= ordered.size) return false;
  const placed = [...ordered][index];
  return placed?.kind === expression.kind && printExpression(placed) === printExpression(expression);
}

/** Orders a body, given the names bound around it. */
export function reorder(body: Body, arity: Arity, globals: Bound): Ordered {
  const options = safetyOptions(arity);
  const inBody: Variables = new Map();
  const unsafe: Unsafe = new Map();
  const bound = new Set<string>();
  for (const expression of body) {
    const own: Variables = new Map();
    addExpression(expression, options, own);
    for (const name of own.keys()) {
      inBody.set(name, undefined);
      if (globals.has(name)) bound.add(name);
    }
    const needs = new Set<string>();
    for (const name of own.keys()) if (!globals.has(name)) needs.add(name);
    if (needs.size > 0) unsafe.set(expression, needs);
  }
  const closures = new Map<Expression, ReadonlySet<string>>();
  for (const expression of body) {
    const names = closureNames(expression);
    for (const name of names) if (!inBody.has(name) || globals.has(name)) names.delete(name);
    if (names.size > 0) closures.set(expression, names);
  }
  const ordered = new Set<Expression>();
  const leftover: Leftover = new Set();
  const take = (expression: Expression): void => {
    const outputs = outputsOf(expression, arity, bound, leftover);
    const closed = closures.get(expression);
    if (closed !== undefined) {
      const made = outputsOfBody([...ordered], arity, bound);
      const missing = new Set([...closed].filter((name) => !made.has(name)));
      if (missing.size > 0) {
        // An expression that binds what its own closure needs cannot come first.
        if (isSame(missing, outputs)) return;
        unsafe.set(expression, missing);
      }
    }
    const needs = unsafe.get(expression);
    for (const name of needs ?? []) if (outputs.has(name) || bound.has(name)) needs?.delete(name);
    if (needs !== undefined && needs.size > 0) return;
    unsafe.delete(expression);
    ordered.add(expression);
    for (const name of outputs) bound.add(name);
  };
  for (let before = -1; before !== ordered.size;) {
    before = ordered.size;
    body.forEach((expression, index) => {
      if (!ordered.has(expression) && !isRepeated(ordered, expression, index)) take(expression);
    });
  }
  return orderClosures([...ordered], arity, globals, unsafe);
}

/** Orders the closures of a body that is in order itself. */
function orderClosures(body: Body, arity: Arity, globals: Bound, unsafe: Unsafe): Ordered {
  const options = safetyOptions(arity);
  const around: Variables = new Map();
  for (const name of globals) around.set(name, undefined);
  const result: Expression[] = [];
  body.forEach((expression, index) => {
    const previous = body[index - 1];
    if (previous !== undefined) addExpression(previous, options, around);
    const inner = (heads: readonly Term[], closure: Body): Body => {
      const names: Variables = new Map();
      addBody(closure, options, names);
      for (const head of heads) {
        for (const name of variablesOf(head, everyVariable).keys()) {
          if (!names.has(name) && !around.has(name)) addUnsafe(unsafe, expression, name);
        }
      }
      const ordered = reorder(closure, arity, new Set(around.keys()));
      if (ordered.unsafe.size === 0) return ordered.body;
      for (const [at, missing] of ordered.unsafe) for (const name of missing) addUnsafe(unsafe, at, name);
      return closure;
    };
    const rewriter: Rewriter = {
      term: (term) => {
        switch (term.kind) {
          case "arrayComprehension":
          case "setComprehension": {
            const ordered = inner([term.term], term.body);
            return ordered === term.body ? term : { ...term, body: ordered };
          }
          case "objectComprehension": {
            const ordered = inner([term.key, term.value], term.body);
            return ordered === term.body ? term : { ...term, body: ordered };
          }
          case "null":
          case "boolean":
          case "number":
          case "string":
          case "var":
            return term;
          case "ref":
          case "call":
          case "array":
          case "object":
          case "set":
          case "templateString":
            return mapTerm(term, rewriter);
        }
      },
      body: (closure) => inner([], closure),
      expression: (part) => mapExpression(part, rewriter),
    };
    if (expression.kind === "every") {
      around.set(expression.value.name, undefined);
      if (expression.key !== undefined) around.set(expression.key.name, undefined);
    }
    result.push(mapExpression(expression, rewriter));
  });
  return { body: numbered(result), unsafe };
}

function addUnsafe(unsafe: Unsafe, expression: Expression, name: string): void {
  const names = unsafe.get(expression);
  if (names === undefined) unsafe.set(expression, new Set([name]));
  else names.add(name);
}

/** Names on the left of a `:=` that is unsafe: their fault lies on its right. */
function assignedNames(unsafe: Unsafe, written: ReadonlyMap<string, string>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const expression of unsafe.keys()) {
    if (expression.kind !== "call" || expression.assigned !== true || expression.args.length !== 2) continue;
    for (const name of variablesOf(expression.args[0]!, everyVariable).keys()) {
      names.add(name);
      names.add(written.get(name) ?? name);
    }
  }
  return names;
}

function firstPlaces(unsafe: Unsafe): readonly (readonly [name: string, span: Span])[] {
  const places = new Map<string, Span>();
  for (const [expression, names] of unsafe) {
    for (const name of names) {
      const earlier = places.get(name);
      if (earlier === undefined || earlier.start > expression.span.start) places.set(name, expression.span);
    }
  }
  return [...places].toSorted((a, b) => a[1].start - b[1].start);
}

/** The errors for what is unsafe. `scope` names the rule where its row holds several. */
export function safetyErrors(
  unsafe: Unsafe,
  written: ReadonlyMap<string, string>,
  scope: string,
): readonly Diagnostic[] {
  const assigned = assignedNames(unsafe, written);
  const places = firstPlaces(unsafe).map(([name, span]) => {
    const shown = written.get(name) ?? name;
    return { name: shown, span, assigned: assigned.has(shown) || assigned.has(name) };
  });
  const named = places.filter(({ name }) => !isGenerated(name));
  const others = named.filter((place) => !place.assigned);
  const told = (others.length > 0 ? others : named).map(({ name, span }) => {
    const hint = futureKeywords.has(name)
      ? ` (hint: \`import future.keywords.${name}\` to import a future keyword)`
      : "";
    const shown = name.startsWith("$") ? "_" : name;
    return problem("rego_unsafe_var_error", span, `var ${shown} is unsafe${scope}${hint}`);
  });
  if (told.length > 0) return told;
  const seen = new Set<string>();
  const result: Diagnostic[] = [];
  for (const [expression, names] of [...unsafe].toSorted((a, b) => a[0].span.start - b[0].span.start)) {
    const before = seen.size;
    for (const name of names) if (isGenerated(name)) seen.add(name);
    if (seen.size > before) {
      result.push(problem("rego_unsafe_var_error", expression.span, `expression is unsafe${scope}`));
    }
  }
  return result;
}

/** Says which rule an error is of, where its row holds rules of several names. */
class RuleScopes {
  readonly #shared = new Set<number>();

  constructor(module: WorkModule) {
    const first = new Map<number, string>();
    for (const rule of rulesOf(module)) {
      const row = rowOf(rule.source.span);
      const name = printRef(groundPrefix(rule.head.ref.terms));
      const earlier = first.get(row);
      if (earlier === undefined) first.set(row, name);
      else if (earlier !== name) this.#shared.add(row);
    }
  }

  of(rule: WorkRule): string {
    if (!this.#shared.has(rowOf(rule.source.span))) return "";
    return ` in rule ${printRef(groundPrefix(rule.head.ref.terms))}`;
  }
}

function argumentBound(rule: WorkRule): Set<string> {
  const names: Variables = new Map();
  for (const argument of rule.head.args ?? []) addTerm(argument, everyVariable, names);
  return new Set([...names.keys(), "input", "data"]);
}

/** Every variable of a head must be in its body. */
export function checkHeadSafety(compilation: Compilation): void {
  for (const module of compilation.modules) {
    let scopes: RuleScopes | undefined;
    for (const rule of rulesOf(module)) {
      if (!headMayHaveVariables(rule.head)) continue;
      const known: Variables = new Map();
      addBody(rule.body, safetyVariables, known);
      for (const argument of rule.head.args ?? []) addTerm(argument, everyVariable, known);
      for (const [name, span] of headVariables(rule.head)) {
        if (known.has(name)) continue;
        const shown = compilation.written.get(name) ?? name;
        if (isGenerated(shown)) continue;
        scopes ??= new RuleScopes(module);
        const text = shown.startsWith("$") ? "_" : shown;
        const error = problem("rego_unsafe_var_error", span, `var ${text} is unsafe${scopes.of(rule)}`);
        if (!compilation.errors.fail(error)) break;
      }
    }
  }
}

/** Orders the body of every rule. */
export function checkBodySafety(compilation: Compilation, arity: Arity): void {
  for (const module of compilation.modules) {
    let scopes: RuleScopes | undefined;
    for (const rule of rulesOf(module)) {
      const { body, unsafe } = reorder(rule.body, arity, argumentBound(rule));
      if (unsafe.size === 0) {
        rule.body = body;
        continue;
      }
      scopes ??= new RuleScopes(module);
      const errors = safetyErrors(unsafe, compilation.written, scopes.of(rule));
      if (errors.length > 0) compilation.errors.fail(...errors);
      else rule.body = body;
    }
  }
}

/**
 * Unification, done when planning. Safety promises that both sides are bound in the end, so `=` comes apart into
 * pairs of which one side is always computable, or both are taken apart further.
 */
import type { ArrayTerm, ObjectTerm, Term } from "../syntax/ast.ts";
import { isEvaluable, isRoot } from "./evaluable.ts";
import { hintOf } from "./hint-of.ts";
import { OpenVariable } from "./open-variable.ts";
import type { Local, Operand } from "./plan.ts";
import type { Scope } from "./scope.ts";

/** A side: a term that may bind variables, or a value that is there already. */
export type Side = { readonly term: Term } | { readonly operand: Operand };

type Pair = readonly [left: Side, right: Side];

/** Plans `left = right`. */
export function unify(scope: Scope, left: Side, right: Side): void {
  let pairs: Pair[] = [[left, right]];
  while (pairs.length > 0) {
    const later: Pair[] = [];
    let moved = false;
    for (const pair of pairs) {
      const made = step(scope, pair);
      if (made === undefined) later.push(pair);
      else {
        moved = true;
        later.push(...made);
      }
    }
    if (!moved) throw new OpenVariable("expression is unsafe", "term" in left ? left.term.span : undefined);
    pairs = later;
  }
}

/** The pairs that one pair comes apart into, none when it is done, or undefined when it must wait for another. */
function step(scope: Scope, [left, right]: Pair): readonly Pair[] | undefined {
  if (isUnbound(scope, left)) return bindTo(scope, left.term.name, right);
  if (isUnbound(scope, right)) return bindTo(scope, right.term.name, left);
  if ("term" in left && "term" in right) {
    const apart = takeBothApart(left.term, right.term);
    if (apart !== undefined) {
      if (apart === "never") {
        scope.push({ kind: "fail" });
        return [];
      }
      return apart;
    }
  }
  if ("term" in left && isPattern(left.term) && formOf(right) !== undefined && formOf(right) !== left.term.kind) {
    // It is not even made.
    scope.push({ kind: "fail" });
    return [];
  }
  const canLeft = canEvaluate(scope, left);
  const canRight = canEvaluate(scope, right);
  if (canLeft && canRight) return compareBoth(scope, left, right);
  if (canRight && "term" in left) return destructure(scope, left.term, right);
  if (canLeft && "term" in right) return destructure(scope, right.term, left);
  return undefined;
}

function isPattern(term: Term): boolean {
  return term.kind === "array" || term.kind === "object";
}

function isUnbound(scope: Scope, side: Side): side is { readonly term: Term & { readonly kind: "var" } } {
  return "term" in side && side.term.kind === "var" && !isEvaluable(scope, side.term);
}

function canEvaluate(scope: Scope, side: Side): boolean {
  return "operand" in side || isEvaluable(scope, side.term);
}

function valueOf(scope: Scope, side: Side): Operand {
  return "operand" in side ? side.operand : scope.evaluate(side.term);
}

function bindTo(scope: Scope, name: string, other: Side): readonly Pair[] | undefined {
  if (!canEvaluate(scope, other)) return undefined;
  const value = valueOf(scope, other);
  const already = scope.valueOf(name);
  // The other side may have bound it on its way: `x = xs[x]`.
  if (already === undefined) scope.bind(name, value);
  else scope.push({ kind: "equal", left: already, right: value });
  return [];
}

function compareBoth(scope: Scope, left: Side, right: Side): readonly Pair[] {
  const [made, form] = [formOf(left), formOf(right)];
  if (made !== undefined && form === undefined && isRef(right)) return compareBoth(scope, right, left);
  const a = valueOf(scope, left);
  if (form === undefined) {
    scope.push({ kind: "equal", left: a, right: valueOf(scope, right) });
    return [];
  }
  // A comprehension on the right is made only where what stands on the left is of its kind.
  const of = scope.hold(a);
  scope.push({ kind: "comparable", of, form });
  scope.push({ kind: "equal", left: of, right: valueOf(scope, right) });
  return [];
}

/** What a side that is a comprehension makes. */
function formOf(side: Side): "array" | "set" | "object" | undefined {
  if (!("term" in side)) return undefined;
  switch (side.term.kind) {
    case "arrayComprehension":
      return "array";
    case "setComprehension":
      return "set";
    case "objectComprehension":
      return "object";
    default:
      return undefined;
  }
}

function isRef(side: Side): boolean {
  return "term" in side && (side.term.kind === "ref" || isRoot(side.term));
}

/** Two arrays or two objects as written meet part by part. */
function takeBothApart(left: Term, right: Term): readonly Pair[] | "never" | undefined {
  if (left.kind === "array" && right.kind === "array") {
    if (left.items.length !== right.items.length) return "never";
    return left.items.map((item, at): Pair => [{ term: item }, { term: right.items[at] ?? item }]);
  }
  if (left.kind === "object" && right.kind === "object") {
    const other = constantKeys(right);
    const own = constantKeys(left);
    if (own === undefined || other === undefined) return undefined;
    if (own.size !== other.size) return "never";
    const pairs: Pair[] = [];
    for (const [key, value] of own) {
      const match = other.get(key);
      if (match === undefined) return "never";
      pairs.push([{ term: value }, { term: match }]);
    }
    return pairs;
  }
  return undefined;
}

/** An object's values by the text of its keys, where all keys are scalars without another way to write them. */
function constantKeys(object: ObjectTerm): ReadonlyMap<string, Term> | undefined {
  const values = new Map<string, Term>();
  for (const [key, value] of object.entries) {
    if (key.kind !== "string") return undefined;
    values.set(key.value, value);
  }
  return values.size === object.entries.length ? values : undefined;
}

function destructure(scope: Scope, pattern: Term, side: Side): readonly Pair[] | undefined {
  if (pattern.kind === "array") return destructureArray(scope, pattern, side);
  if (pattern.kind === "object") return destructureObject(scope, pattern, side);
  return undefined;
}

function destructureArray(scope: Scope, pattern: ArrayTerm, side: Side): readonly Pair[] {
  const of = hold(scope, side);
  scope.push({ kind: "shape", of, type: "array", size: pattern.items.length });
  return pattern.items.flatMap((item, at): Pair[] => {
    if (item.kind === "var" && item.wildcard === true) return [];
    const key: Operand = { kind: "constant", term: { kind: "number", text: String(at), span: item.span } };
    return [[{ term: item }, { operand: { kind: "lookup", of, key } }]];
  });
}

function destructureObject(scope: Scope, pattern: ObjectTerm, side: Side): readonly Pair[] | undefined {
  // Keys bind nothing: a key without a value yet waits for another pair.
  if (!pattern.entries.every(([key]) => isEvaluable(scope, key))) return undefined;
  const of = hold(scope, side);
  scope.push({ kind: "shape", of, type: "object", size: pattern.entries.length });
  return pattern.entries.map(([key, value]): Pair => {
    const at = scope.define(scope.evaluate(key), "key");
    return [{ term: value }, { operand: { kind: "lookup", of, key: at } }];
  });
}

function hold(scope: Scope, side: Side): Local {
  const hint = "term" in side ? hintOf(side.term) : "value";
  return scope.hold(valueOf(scope, side), hint);
}

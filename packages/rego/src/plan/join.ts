/**
 * Joins. A body that runs through base data and keeps what equals something it knows already need not run through it:
 * base data is indexed by that part once, and the index is kept up as data changes. So a rule about all other objects
 * of a cluster costs what it finds, and not what there is.
 */
import { localsOf, bindsOf, operandLocals } from "./locals.ts";
import type { Goal, JoinSegment, Local, Operand } from "./plan.ts";

/** The way from the root of base data to a value: what the chain's last variable stands for. */
interface Chain {
  readonly segments: JoinSegment[];
  readonly rows: Local[];
}

/** Goals with their scans of base data turned into joins, where an equality allows it. */
export function withJoins(goals: readonly Goal[]): readonly Goal[] {
  const result: Goal[] = [];
  for (let at = 0; at < goals.length; at += 1) {
    const goal = goals[at];
    if (goal === undefined) break;
    const joined = goal.kind === "iterate" ? joinFrom(goals, at) : undefined;
    if (joined !== undefined) {
      result.push(...joined.before, joined.join);
      return [...result, ...withJoins(joined.after)];
    }
    result.push(inside(goal));
  }
  return result;
}

/** The same in the goals that a goal holds. What makes an array shows its order, which a join does not keep. */
function inside(goal: Goal): Goal {
  switch (goal.kind) {
    case "collect":
      return goal.form === "array" ? goal : { ...goal, goals: withJoins(goal.goals) };
    case "collectObject":
    case "not":
    case "every":
      return { ...goal, goals: withJoins(goal.goals) };
    case "or":
      return { ...goal, alternatives: goal.alternatives.map(withJoins) };
    default:
      return goal;
  }
}

interface Joined {
  readonly before: readonly Goal[];
  readonly join: Goal;
  readonly after: readonly Goal[];
}

function joinFrom(goals: readonly Goal[], start: number): Joined | undefined {
  const chain: Chain = { segments: [], rows: [] };
  // What each variable of the scan stands for: the chain's segments up to there, then fields.
  const places = new Map<number, Place>();
  const dependent = new Set<number>();
  const before: Goal[] = [];
  const after: Goal[] = [];
  for (let at = start; at < goals.length; at += 1) {
    const goal = goals[at];
    if (goal === undefined) return undefined;
    const place = goal.kind === "iterate" ? placeOf(goal.over, places) : undefined;
    if (goal.kind === "iterate" && place !== undefined && place.length === chain.segments.length) {
      extend(chain, goal, place.fields, places, dependent);
      continue;
    }
    if (chain.segments.length === 0) return undefined;
    const test = goal.kind === "equal" ? keyOf(goal, chain, places, dependent) : undefined;
    if (test !== undefined) {
      const join: Goal = { kind: "join", segments: chain.segments, on: test.fields, key: test.key, rows: chain.rows };
      return { before, join, after: [...after, ...goals.slice(at)] };
    }
    if (goal.kind === "with" || goal.kind === "relate" || goal.kind === "iterate" || goal.kind === "enumerate")
      return undefined;
    if (![...localsOf(goal)].some((id) => dependent.has(id)) && goal.kind === "assign") {
      before.push(goal);
      continue;
    }
    if (goal.kind === "assign") {
      const assigned = placeOf(goal.value, places);
      if (assigned !== undefined) places.set(goal.local.id, assigned);
    }
    for (const id of bindsOf(goal)) dependent.add(id);
    after.push(goal);
  }
  return undefined;
}

/** A value of the scan: how many segments of the chain lead to it, and the fields from there. */
interface Place {
  readonly length: number;
  readonly fields: readonly string[];
}

function placeOf(operand: Operand, places: ReadonlyMap<number, Place>): Place | undefined {
  switch (operand.kind) {
    case "base":
      return { length: 0, fields: operand.path };
    case "local":
      return places.get(operand.id);
    case "lookup": {
      if (operand.key.kind !== "constant" || operand.key.term.kind !== "string") return undefined;
      const of = placeOf(operand.of, places);
      return of === undefined ? undefined : { length: of.length, fields: [...of.fields, operand.key.term.value] };
    }
    default:
      return undefined;
  }
}

function extend(
  chain: Chain,
  goal: Goal & { readonly kind: "iterate" },
  fields: readonly string[],
  places: Map<number, Place>,
  dependent: Set<number>,
): void {
  for (const field of fields) chain.segments.push({ kind: "field", name: field });
  chain.segments.push({
    kind: "each",
    ...(goal.key === undefined ? {} : { key: chain.rows.push(goal.key) - 1 }),
    ...(goal.value === undefined ? {} : { value: chain.rows.push(goal.value) - 1 }),
  });
  if (goal.key !== undefined) dependent.add(goal.key.id);
  if (goal.value === undefined) return;
  dependent.add(goal.value.id);
  places.set(goal.value.id, { length: chain.segments.length, fields: [] });
}

/** The side of an equality that is part of the chain's last value, and the other, which must be known before. */
function keyOf(
  goal: Goal & { readonly kind: "equal" },
  chain: Chain,
  places: ReadonlyMap<number, Place>,
  dependent: ReadonlySet<number>,
): { readonly fields: readonly string[]; readonly key: Operand } | undefined {
  for (const [part, key] of [
    [goal.left, goal.right],
    [goal.right, goal.left],
  ] as const) {
    const place = placeOf(part, places);
    if (place === undefined || place.length !== chain.segments.length || part.kind === "base") continue;
    if ([...operandLocals(key)].some((id) => dependent.has(id))) continue;
    return { fields: place.fields, key };
  }
  return undefined;
}

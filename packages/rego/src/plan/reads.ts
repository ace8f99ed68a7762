/** Which parts of the input a document depends on: what need not be worked out again when other parts change. */
import type { Alternative, Callee, Goal, Group, Operand, Plan } from "./plan.ts";

/** Top-level keys of the input; undefined where a document may depend on all of it. */
export type Reads = ReadonlySet<string> | undefined;

/** What a document depends on. */
export interface Dependence {
  readonly reads: Reads;
  /** Whether it depends on nothing but the input: not on base data, the clock or anything else from outside. */
  readonly pure: boolean;
}

/** What is gathered on the way through one group. */
interface Found {
  readonly keys: Set<string>;
  whole: boolean;
  pure: boolean;
  readonly groups: Set<string>;
}

/** The keys of the input that each group reads, through whatever it calls; `isPure` says which builtins are functions. */
export function inputReads(plan: Plan, isPure: (builtin: string) => boolean): ReadonlyMap<string, Dependence> {
  const direct = new Map(plan.groups.map((group) => [group.id, readsOfGroup(plan, group, isPure)]));
  return new Map(plan.groups.map((group) => [group.id, transitive(direct, group.id)]));
}

function transitive(direct: ReadonlyMap<string, Found>, id: string): Dependence {
  const keys = new Set<string>();
  let [whole, pure] = [false, true];
  const seen = new Set<string>();
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const found = direct.get(next);
    if (found === undefined) continue;
    whole ||= found.whole;
    pure &&= found.pure;
    for (const key of found.keys) keys.add(key);
    open.push(...found.groups);
  }
  return { reads: whole ? undefined : keys, pure };
}

function readsOfGroup(plan: Plan, group: Group, isPure: (builtin: string) => boolean): Found {
  const found: Found = { keys: new Set(), whole: false, pure: group.masks.length === 0, groups: new Set() };
  const visitor = visit(plan, found, isPure);
  for (const body of bodiesOf(group)) {
    visitor.goals(body.goals);
    visitor.operand(body.value);
    for (const key of "keys" in body ? body.keys : []) visitor.operand(key);
  }
  return found;
}

type Body = Pick<Alternative, "goals" | "value"> & { readonly keys?: readonly Operand[] };

function bodiesOf(group: Group): readonly Body[] {
  if ("bodies" in group) return group.bodies;
  return group.default === undefined ? group.chains.flat() : [...group.chains.flat(), group.default];
}

function visit(
  plan: Plan,
  found: Found,
  isPure: (builtin: string) => boolean,
): { goals: (goals: readonly Goal[]) => void; operand: (operand: Operand) => void } {
  const everythingBelow = (node: string): void => {
    found.pure = false;
    for (const { value } of plan.interiors.find((interior) => interior.id === node)?.children ?? []) operand(value);
  };
  const callee = (called: Callee): void => {
    if (called.kind === "function") found.groups.add(called.group);
    else if (!isPure(called.name)) found.pure = false;
  };
  const operand = (value: Operand): void => {
    switch (value.kind) {
      case "constant":
      case "local":
        return;
      case "base":
        found.pure = false;
        return;
      case "input":
        found.whole = true;
        return;
      case "document":
        found.groups.add(value.group);
        return;
      case "entry":
        found.groups.add(value.group);
        value.keys.forEach(operand);
        return;
      case "extent":
        everythingBelow(value.node);
        return;
      case "child":
        everythingBelow(value.node);
        operand(value.key);
        return;
      case "lookup":
        if (value.of.kind === "input" && value.key.kind === "constant" && value.key.term.kind === "string") {
          found.keys.add(value.key.term.value);
          return;
        }
        operand(value.of);
        operand(value.key);
        return;
      case "array":
      case "set":
        value.items.forEach(operand);
        return;
      case "object":
        value.entries.flat().forEach(operand);
    }
  };
  const goal = (step: Goal): void => {
    switch (step.kind) {
      case "assign":
      case "test":
        operand(step.value);
        return;
      case "equal":
        operand(step.left);
        operand(step.right);
        return;
      case "admit":
        operand(step.of);
        return;
      case "holds":
        operand(step.key);
        operand(step.collection);
        return;
      case "iterate":
        operand(step.over);
        return;
      case "join":
        found.pure = false;
        operand(step.key);
        return;
      case "enumerate":
        everythingBelow(step.node);
        return;
      case "call":
        callee(step.callee);
        step.args.forEach(operand);
        return;
      case "relate":
        if (!isPure(step.name)) found.pure = false;
        step.args.forEach(operand);
        return;
      case "collect":
        step.goals.forEach(goal);
        operand(step.value);
        return;
      case "collectObject":
        step.goals.forEach(goal);
        operand(step.key);
        operand(step.value);
        return;
      case "not":
        step.goals.forEach(goal);
        return;
      case "or":
        step.alternatives.flat().forEach(goal);
        return;
      case "every":
        operand(step.over);
        step.goals.forEach(goal);
        return;
      case "with":
        for (const change of step.changes) {
          if (change.kind === "mockCall") callee(change.callee);
          else operand(change.kind === "mockDocument" ? change.document : change.value);
        }
        step.goals.forEach(goal);
        return;
      case "shape":
      case "comparable":
      case "fail":
    }
  };
  return { goals: (goals) => goals.forEach(goal), operand };
}

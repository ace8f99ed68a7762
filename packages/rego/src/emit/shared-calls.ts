/**
 * Calls that several bodies of a group make with the same arguments. Rules that tell cases apart ask the same things
 * about one object again and again, and the answer of a function is the same within one evaluation.
 */
import type { Goal, Group, Operand, Plan } from "../plan/plan.ts";
import { readOf, readText } from "../plan/read-text.ts";
import { constantKey } from "./constant.ts";

type Call = Goal & { readonly kind: "call" };

/** A function of fewer goals costs no more than to look whether it was asked before. */
const small = 4;

/** The calls to share, each with a text that is the same for the same call in the same group. */
export function sharedCalls(plan: Plan): ReadonlyMap<Goal, string> {
  const large = new Set<string>();
  for (const group of plan.groups) {
    if (group.kind === "function" && bodiesOf(group).reduce((sum, goals) => sum + sizeOf(goals), 0) >= small)
      large.add(group.id);
  }
  const shared = new Map<Goal, string>();
  for (const group of plan.groups) {
    for (const [text, calls] of callsOf(group, large)) {
      if (calls.length > 1) for (const call of calls) shared.set(call, text);
    }
  }
  return shared;
}

/** The calls of a group whose arguments are known before its bodies run, by their texts. */
function callsOf(group: Group, large: ReadonlySet<string>): ReadonlyMap<string, readonly Call[]> {
  const params = new Set(group.kind === "function" ? group.params.map(({ id }) => id) : []);
  const found = new Map<string, Call[]>();
  const visit = (goals: readonly Goal[], values: Map<number, Operand>): void => {
    for (const goal of goals) {
      // Under a `with` the same call may have another answer.
      if (goal.kind === "with") continue;
      if (goal.kind === "assign") values.set(goal.local.id, goal.value);
      if (goal.kind === "call" && goal.callee.kind === "function" && large.has(goal.callee.group)) {
        const texts = goal.args.map((arg) => textOf(arg, values, params));
        if (!texts.includes(undefined)) {
          const text = `${goal.callee.group}(${texts.join(", ")})`;
          const same = found.get(text);
          if (same === undefined) found.set(text, [goal]);
          else same.push(goal);
        }
      }
      if ("goals" in goal) visit(goal.goals, values);
      if (goal.kind === "or") for (const alternative of goal.alternatives) visit(alternative, values);
    }
  };
  for (const goals of bodiesOf(group)) visit(goals, new Map());
  return found;
}

function textOf(arg: Operand, values: ReadonlyMap<number, Operand>, params: ReadonlySet<number>): string | undefined {
  if (arg.kind === "constant") return `constant ${constantKey(arg.term)}`;
  const read = readOf(arg, values, params);
  return read === undefined ? undefined : readText(read);
}

function bodiesOf(group: Group): readonly (readonly Goal[])[] {
  return ("bodies" in group ? group.bodies : group.chains.flat()).map(({ goals }) => goals);
}

function sizeOf(goals: readonly Goal[]): number {
  let size = 0;
  for (const goal of goals) {
    size += 1;
    if ("goals" in goal) size += sizeOf(goal.goals);
    if (goal.kind === "or") for (const alternative of goal.alternatives) size += sizeOf(alternative);
  }
  return size;
}

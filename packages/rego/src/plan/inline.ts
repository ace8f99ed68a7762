/** Lists that are made for one call go straight into it: a message whose values are known is put together in place. */
import { localsOf, operandLocals } from "./locals.ts";
import type { Goal, Operand } from "./plan.ts";

/** Goals without the variables that hold such a list. */
export function inlined(goals: readonly Goal[], results: readonly Operand[]): readonly Goal[] {
  const uses = new Map<number, number>();
  const count = (id: number): void => void uses.set(id, (uses.get(id) ?? 0) + 1);
  for (const result of results) for (const id of operandLocals(result)) count(id);
  for (const goal of goals) for (const id of localsOf(goal)) count(id);
  return inline(goals, uses);
}

function inline(goals: readonly Goal[], uses: ReadonlyMap<number, number>): readonly Goal[] {
  const result: Goal[] = [];
  for (const goal of goals) {
    const before = result.at(-1);
    if (goal.kind === "call" && before?.kind === "assign" && before.value.kind === "array") {
      const { local, value } = before;
      const args = goal.args.map((arg) => (arg.kind === "local" && arg.id === local.id ? value : arg));
      if (uses.get(local.id) === 1 && args.includes(value)) {
        result[result.length - 1] = { ...goal, args };
        continue;
      }
    }
    result.push(inside(goal, uses));
  }
  return result;
}

function inside(goal: Goal, uses: ReadonlyMap<number, number>): Goal {
  switch (goal.kind) {
    case "collect":
    case "collectObject":
    case "not":
    case "every":
    case "with":
      return { ...goal, goals: inline(goal.goals, uses) };
    case "or":
      return { ...goal, alternatives: goal.alternatives.map((goals) => inline(goals, uses)) };
    default:
      return goal;
  }
}

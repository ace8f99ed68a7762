/** Takes out keys that nobody uses: `some x in xs` is `xs[k]` to the checker, but its key need not be computed. */
import { localsOf, operandLocals } from "./locals.ts";
import type { Goal, Operand } from "./plan.ts";

/** Goals without the keys that neither they nor what comes of them use. */
export function pruned(goals: readonly Goal[], results: readonly Operand[]): readonly Goal[] {
  const used = new Set<number>();
  for (const result of results) for (const id of operandLocals(result)) used.add(id);
  for (const goal of goals) for (const id of localsOf(goal)) used.add(id);
  return goals.map((goal) => prune(goal, used));
}

function prune(goal: Goal, used: ReadonlySet<number>): Goal {
  const inside = (goals: readonly Goal[]): readonly Goal[] => goals.map((inner) => prune(inner, used));
  switch (goal.kind) {
    case "iterate": {
      const { key, ...rest } = goal;
      return key === undefined || used.has(key.id) ? goal : rest;
    }
    case "every": {
      const { key, ...rest } = goal;
      const kept = key === undefined || used.has(key.id) ? goal : rest;
      return { ...kept, goals: inside(goal.goals) };
    }
    case "collect":
    case "collectObject":
    case "not":
    case "with":
      return { ...goal, goals: inside(goal.goals) };
    case "or":
      return { ...goal, alternatives: goal.alternatives.map(inside) };
    default:
      return goal;
  }
}

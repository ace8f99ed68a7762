/**
 * Comprehensions that depend on no variable around them are documents of their own, worked out once in one context:
 * where they stand in a loop, or in a function that one calls, they would be made again and again.
 */
import { ruleKey } from "../check/program.ts";
import { bindsOf, localsOf, operandLocals } from "./locals.ts";
import { always, type Goal, type Group } from "./plan.ts";

type Collect = Goal & { readonly kind: "collect" | "collectObject" };

/** Gathers the documents that come of it. */
export class Hoisting {
  readonly groups: Group[] = [];

  /** Goals with their closed comprehensions in documents. `repeated`: whether the goals themselves may run many times. */
  goals(goals: readonly Goal[], path: readonly string[], repeated: boolean): readonly Goal[] {
    let again = repeated;
    return goals.map((goal) => {
      const hoisted = again ? this.#hoist(goal, path) : undefined;
      if (hoisted !== undefined) return hoisted;
      const result = this.#inside(goal, path, again);
      again ||= goal.kind === "iterate" || goal.kind === "join" || goal.kind === "enumerate" || goal.kind === "relate";
      return result;
    });
  }

  #inside(goal: Goal, path: readonly string[], repeated: boolean): Goal {
    switch (goal.kind) {
      case "collect":
      case "collectObject":
      case "not":
        return { ...goal, goals: this.goals(goal.goals, path, repeated) };
      case "every":
        return { ...goal, goals: this.goals(goal.goals, path, true) };
      case "or":
        return { ...goal, alternatives: goal.alternatives.map((inner) => this.goals(inner, path, repeated)) };
      default:
        // What runs under a `with` stays there: its documents are worked out anew anyway.
        return goal;
    }
  }

  #hoist(goal: Goal, path: readonly string[]): Goal | undefined {
    if ((goal.kind !== "collect" && goal.kind !== "collectObject") || !isClosed(goal)) return undefined;
    const at = [...path, goal.into.hint];
    const group = ruleKey([...path, `\0${this.groups.length}`, goal.into.hint]);
    this.groups.push({
      kind: "complete",
      id: group,
      path: at,
      masks: [],
      chains: [[{ admission: always, isWritten: false, goals: [goal], value: goal.into, span: nowhere }]],
    });
    return { kind: "assign", local: goal.into, value: { kind: "document", group } };
  }
}

const nowhere = { source: { name: "", text: "" }, start: 0, end: 0 };

/** Whether a comprehension uses nothing that was bound outside it. */
function isClosed(goal: Collect): boolean {
  const own = new Set<number>(boundWithin(goal.goals));
  const used = [...goal.goals.flatMap((inner) => [...localsOf(inner)]), ...operandLocals(goal.value)];
  if (goal.kind === "collectObject") used.push(...operandLocals(goal.key));
  return used.every((id) => own.has(id));
}

function boundWithin(goals: readonly Goal[]): number[] {
  return goals.flatMap((goal) => {
    const own = [...bindsOf(goal)];
    if (goal.kind === "every") own.push(goal.value.id, ...(goal.key === undefined ? [] : [goal.key.id]));
    if ("goals" in goal) own.push(...boundWithin(goal.goals));
    if (goal.kind === "or") own.push(...goal.alternatives.flatMap(boundWithin));
    return own;
  });
}

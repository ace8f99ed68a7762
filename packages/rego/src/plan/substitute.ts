/** Goals with values in the place of variables. */
import type { Callee, Change, Condition, Goal, Local, Operand } from "./plan.ts";

/** What to change in goals. */
export interface Substitution {
  /** The scalar that stands for a variable; undefined leaves the variable. */
  readonly local: (local: Local) => Operand | undefined;
  /** Told of each key that is looked up. */
  readonly lookup?: (key: Operand) => void;
  /** A call in another form. */
  readonly call?: (callee: Callee, args: readonly Operand[]) => { callee: Callee; args: readonly Operand[] };
}

/** The goals after it. Variables that the goals themselves bind are not asked about. */
export function substitute(goals: readonly Goal[], by: Substitution): readonly Goal[] {
  return goals.map((goal) => substituteGoal(goal, by));
}

/** An operand after it. */
export function substituteOperand(operand: Operand, by: Substitution): Operand {
  const within = (part: Operand): Operand => substituteOperand(part, by);
  switch (operand.kind) {
    case "local":
      return by.local(operand) ?? operand;
    case "lookup":
      by.lookup?.(operand.key);
      return { ...operand, of: within(operand.of), key: within(operand.key) };
    case "child":
      return { ...operand, key: within(operand.key) };
    case "entry":
      return { ...operand, keys: operand.keys.map(within) };
    case "array":
    case "set":
      return { ...operand, items: operand.items.map(within) };
    case "object":
      return { ...operand, entries: operand.entries.map(([key, value]) => [within(key), within(value)] as const) };
    case "constant":
    case "input":
    case "base":
    case "document":
    case "extent":
      return operand;
  }
}

function substituteGoal(goal: Goal, by: Substitution): Goal {
  const within = (part: Operand): Operand => substituteOperand(part, by);
  switch (goal.kind) {
    case "assign":
    case "test":
      return { ...goal, value: within(goal.value) };
    case "equal":
      return { ...goal, left: within(goal.left), right: within(goal.right) };
    case "iterate":
      return { ...goal, over: within(goal.over) };
    case "join":
      return { ...goal, key: within(goal.key) };
    case "call": {
      const args = goal.args.map(within);
      return { ...goal, ...(by.call?.(goal.callee, args) ?? { args }) };
    }
    case "relate":
      return { ...goal, args: goal.args.map(within) };
    case "collect":
      return { ...goal, goals: substitute(goal.goals, by), value: within(goal.value) };
    case "collectObject":
      return { ...goal, goals: substitute(goal.goals, by), key: within(goal.key), value: within(goal.value) };
    case "not":
      return { ...goal, goals: substitute(goal.goals, by) };
    case "or":
      return { ...goal, alternatives: goal.alternatives.map((goals) => substitute(goals, by)) };
    case "every":
      return { ...goal, over: within(goal.over), goals: substitute(goal.goals, by) };
    case "with":
      return {
        ...goal,
        changes: goal.changes.map((change) => substituteChange(change, by)),
        goals: substitute(goal.goals, by),
      };
    case "shape":
    case "comparable":
      return by.local(goal.of) === undefined ? goal : { kind: "fail" };
    case "admit":
    case "holds":
      return substituteCondition(goal, by);
    case "enumerate":
    case "fail":
      return goal;
  }
}

/** A condition after it. */
export function substituteCondition(condition: Condition, by: Substitution): Condition {
  const within = (part: Operand): Operand => substituteOperand(part, by);
  if (condition.kind === "admit") return { ...condition, of: within(condition.of) };
  return { ...condition, key: within(condition.key), collection: within(condition.collection) };
}

function substituteChange(change: Change, by: Substitution): Change {
  const within = (part: Operand): Operand => substituteOperand(part, by);
  switch (change.kind) {
    case "input":
    case "data":
      return { ...change, path: change.path.map(within), value: within(change.value) };
    case "mockValue":
      return { ...change, value: within(change.value) };
    case "mockDocument":
    case "mockCall":
      return change;
  }
}

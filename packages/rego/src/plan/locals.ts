/** Which variables goals and operands use, and which they bind. */
import type { Goal, Local, Operand } from "./plan.ts";

/** The variables that an operand uses. */
export function* operandLocals(operand: Operand): Generator<number> {
  switch (operand.kind) {
    case "local":
      yield operand.id;
      return;
    case "lookup":
      yield* operandLocals(operand.of);
      yield* operandLocals(operand.key);
      return;
    case "child":
      yield* operandLocals(operand.key);
      return;
    case "entry":
      for (const key of operand.keys) yield* operandLocals(key);
      return;
    case "array":
    case "set":
      for (const item of operand.items) yield* operandLocals(item);
      return;
    case "object":
      for (const part of operand.entries.flat()) yield* operandLocals(part);
      return;
    case "constant":
    case "input":
    case "base":
    case "document":
    case "extent":
  }
}

/** The variables that a goal binds for those after it. */
export function bindsOf(goal: Goal): readonly number[] {
  switch (goal.kind) {
    case "assign":
      return [goal.local.id];
    case "iterate":
      return ids(goal.key, goal.value);
    case "enumerate":
      return [goal.key.id];
    case "call":
      return ids(goal.result);
    case "relate":
      return [goal.result.id];
    case "collect":
    case "collectObject":
      return [goal.into.id];
    case "join":
      return goal.rows.map((row) => row.id);
    case "with":
      return goal.goals.flatMap(bindsOf);
    case "test":
    case "equal":
    case "shape":
    case "comparable":
    case "admit":
    case "holds":
    case "not":
    case "or":
    case "every":
    case "fail":
      return [];
  }
}

function ids(...locals: readonly (Local | undefined)[]): readonly number[] {
  return locals.flatMap((local) => (local === undefined ? [] : [local.id]));
}

/** The variables that a goal uses, those within it included. */
export function* localsOf(goal: Goal): Generator<number> {
  switch (goal.kind) {
    case "assign":
    case "test":
      yield* operandLocals(goal.value);
      return;
    case "equal":
      yield* operandLocals(goal.left);
      yield* operandLocals(goal.right);
      return;
    case "shape":
    case "comparable":
      yield goal.of.id;
      return;
    case "admit":
      yield* operandLocals(goal.of);
      return;
    case "holds":
      yield* operandLocals(goal.key);
      yield* operandLocals(goal.collection);
      return;
    case "iterate":
      yield* operandLocals(goal.over);
      return;
    case "join":
      yield* operandLocals(goal.key);
      return;
    case "call":
    case "relate":
      for (const arg of goal.args) yield* operandLocals(arg);
      return;
    case "collect":
      yield* allLocals(goal.goals);
      yield* operandLocals(goal.value);
      return;
    case "collectObject":
      yield* allLocals(goal.goals);
      yield* operandLocals(goal.key);
      yield* operandLocals(goal.value);
      return;
    case "not":
      yield* allLocals(goal.goals);
      return;
    case "or":
      for (const alternative of goal.alternatives) yield* allLocals(alternative);
      return;
    case "every":
      yield* operandLocals(goal.over);
      yield* allLocals(goal.goals);
      return;
    case "with":
      for (const change of goal.changes) {
        if (change.kind === "input" || change.kind === "data")
          for (const part of change.path) yield* operandLocals(part);
        if ("value" in change) yield* operandLocals(change.value);
      }
      yield* allLocals(goal.goals);
      return;
    case "enumerate":
    case "fail":
  }
}

function* allLocals(goals: readonly Goal[]): Generator<number> {
  for (const goal of goals) yield* localsOf(goal);
}

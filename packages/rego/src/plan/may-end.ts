/** Which goals may end the evaluation with an error: by a conflict, or in strict mode by what a builtin cannot do. */
import type { Goal, Operand } from "./plan.ts";

/** Builtins that take anything. */
const certain: ReadonlySet<string> = new Set([
  "eq",
  "equal",
  "neq",
  "lt",
  "lte",
  "gt",
  "gte",
  "internal.member_2",
  "internal.member_3",
  "is_array",
  "is_boolean",
  "is_null",
  "is_number",
  "is_object",
  "is_set",
  "is_string",
  "type_name",
]);

/** Whether a goal may end the evaluation, in itself or in what it calls. */
export function mayEnd(goal: Goal): boolean {
  switch (goal.kind) {
    case "call":
      return goal.callee.kind === "function" || !certain.has(goal.callee.name) || goal.args.some(reachesRules);
    case "assign":
    case "test":
      return reachesRules(goal.value);
    case "equal":
      return reachesRules(goal.left) || reachesRules(goal.right);
    case "iterate":
      return reachesRules(goal.over);
    case "collect":
      return goal.goals.some(mayEnd) || reachesRules(goal.value);
    case "not":
      return goal.goals.some(mayEnd);
    case "or":
      return goal.alternatives.flat().some(mayEnd);
    case "every":
      return reachesRules(goal.over) || goal.goals.some(mayEnd);
    case "shape":
    case "comparable":
    case "admit":
    case "holds":
    case "fail":
      return false;
    case "join":
      return reachesRules(goal.key);
    case "collectObject":
    case "enumerate":
    case "relate":
    case "with":
      return true;
  }
}

/** Whether a value is worked out by rules. */
function reachesRules(operand: Operand): boolean {
  switch (operand.kind) {
    case "document":
    case "entry":
    case "extent":
    case "child":
      return true;
    case "lookup":
      return reachesRules(operand.of) || reachesRules(operand.key);
    case "array":
    case "set":
      return operand.items.some(reachesRules);
    case "object":
      return operand.entries.flat().some(reachesRules);
    case "constant":
    case "local":
    case "input":
    case "base":
      return false;
  }
}

/**
 * What a rule asks of input and base data as such goes first, as OPA's rule index has it: a rule that cannot hold is
 * not evaluated, so that an error further on in it is none. It also keeps these reads out of the loops.
 */
import type { Term } from "../syntax/ast.ts";
import type { Goal, Operand } from "./plan.ts";

/** Goals with those in front that only read input, base data and parameters, in the order that they had. */
export function promoted(goals: readonly Goal[], params: number): readonly Goal[] {
  const known = new Set<number>(Array.from({ length: params }, (_, id) => id));
  const early: Goal[] = [];
  const late: Goal[] = [];
  for (const goal of goals) {
    if (!isEarly(goal, known)) {
      late.push(goal);
      continue;
    }
    early.push(goal);
    if (goal.kind === "assign") known.add(goal.local.id);
  }
  return late.length === 0 ? goals : [...early, ...late];
}

function isEarly(goal: Goal, known: ReadonlySet<number>): boolean {
  switch (goal.kind) {
    case "assign":
    case "test":
      return isRead(goal.value, known);
    case "equal":
      return (isIndexed(goal.left) && isRead(goal.right, known)) || (isIndexed(goal.right) && isRead(goal.left, known));
    case "shape":
      return known.has(goal.of.id);
    default:
      return false;
  }
}

/** Whether OPA's index takes a constant: scalars, and arrays of such. */
function isIndexed(operand: Operand): boolean {
  if (operand.kind !== "constant") return false;
  const { term } = operand;
  return isScalar(term) || (term.kind === "array" && term.items.every(isScalar));
}

function isScalar(term: Term): boolean {
  return term.kind === "string" || term.kind === "number" || term.kind === "boolean" || term.kind === "null";
}

function isRead(operand: Operand, known: ReadonlySet<number>): boolean {
  switch (operand.kind) {
    case "input":
    case "base":
      return true;
    case "local":
      return known.has(operand.id);
    case "lookup":
      return operand.key.kind === "constant" && isRead(operand.of, known);
    default:
      return false;
  }
}

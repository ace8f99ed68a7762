/**
 * What a rule asks of input and base data as such goes first, as OPA's rule index has it: a rule that cannot hold is
 * not evaluated, so that an error further on in it is none. It also keeps these reads out of the loops.
 */
import type { Term } from "../syntax/ast.ts";
import type { Goal, Local, Operand } from "./plan.ts";

/** Goals with those in front that only read input, base data and parameters, in the order that they had. */
export function promoted(goals: readonly Goal[], params: number): readonly Goal[] {
  const known = new Set<number>(Array.from({ length: params }, (_, id) => id));
  const early: Goal[] = [];
  const late: Goal[] = [];
  for (const goal of goals) {
    if (!isEarly(goal, known)) {
      late.push(asksFor(goal, known, early));
      continue;
    }
    if (goal.kind === "test" && late.some(mayEnd)) {
      // The index asks only whether it is defined; a false one fails in its place, after what may end all.
      const local: Local = { kind: "local", id: -1 - early.length, hint: "value" };
      early.push({ kind: "assign", local, value: goal.value });
      late.push({ kind: "test", value: local });
      continue;
    }
    early.push(goal);
    if (goal.kind === "assign") known.add(goal.local.id);
  }
  return late.length === 0 ? goals : [...early, ...late];
}

/** What is read to be compared with a variable that is bound later must be there: that is asked early. */
function asksFor(goal: Goal, known: ReadonlySet<number>, early: Goal[]): Goal {
  if (goal.kind !== "equal") return goal;
  const [left, right] = [isAskable(goal.left, known), isAskable(goal.right, known)];
  if (left === right) return goal;
  const [read, other] = left ? [goal.left, goal.right] : [goal.right, goal.left];
  if (other.kind !== "local") return goal;
  const local: Local = { kind: "local", id: -1 - early.length, hint: "value" };
  early.push({ kind: "assign", local, value: read });
  return left ? { ...goal, left: local } : { ...goal, right: local };
}

function isAskable(operand: Operand, known: ReadonlySet<number>): boolean {
  return operand.kind === "lookup" && isRead(operand, known);
}

/** Whether a goal may end the evaluation with an error: by a conflict, in it or in what it calls. */
function mayEnd(goal: Goal): boolean {
  switch (goal.kind) {
    case "call":
      return goal.callee.kind === "function";
    case "assign":
    case "test":
      return reachesRules(goal.value);
    case "equal":
      return reachesRules(goal.left) || reachesRules(goal.right);
    case "iterate":
      return reachesRules(goal.over);
    case "collect":
      return goal.goals.some(mayEnd) || reachesRules(goal.value);
    case "shape":
    case "fail":
    case "join":
    case "relate":
      return false;
    default:
      return true;
  }
}

function reachesRules(operand: Operand): boolean {
  switch (operand.kind) {
    case "document":
    case "extent":
    case "child":
      return true;
    case "lookup":
      return reachesRules(operand.of);
    default:
      return false;
  }
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
    case "call":
      return isMembership(goal, known);
    default:
      return false;
  }
}

/** Whether a goal is `read in constants` or `constant in read`; with a result it may be false and go on. */
function isMembership(goal: Goal & { readonly kind: "call" }, known: ReadonlySet<number>): boolean {
  if (goal.callee.kind !== "builtin" || goal.callee.name !== "internal.member_2") return false;
  const [member, collection] = goal.args;
  if (goal.result !== undefined || member === undefined || collection === undefined) return false;
  if (member.kind === "constant") return isScalar(member.term) && isRead(collection, known);
  if (collection.kind !== "constant" || !isRead(member, known)) return false;
  const members = membersOf(collection.term);
  // The index takes objects and sets for anything, and an empty collection for no condition.
  return members.length > 0 && members.every(isIndexedTerm);
}

function membersOf(term: Term): readonly Term[] {
  if (term.kind === "array" || term.kind === "set") return term.items;
  return term.kind === "object" ? term.entries.map(([, value]) => value) : [];
}

/** Whether OPA's index takes a constant: scalars, and arrays of such. */
function isIndexed(operand: Operand): boolean {
  return operand.kind === "constant" && isIndexedTerm(operand.term);
}

function isIndexedTerm(term: Term): boolean {
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

/**
 * What a rule asks of input and base data as such goes first: that keeps these reads out of the loops. Where a body may
 * end the evaluation with an error, only what OPA's rule index asks as well may go before that, and all of it does: a
 * rule that the index leaves out is not evaluated, and an error further on in it is none.
 */
import { sameValue } from "./index/constraint.ts";
import { mayEnd } from "./may-end.ts";
import type { Admission, Condition, Goal, Local, Operand } from "./plan.ts";
import { readOf, readText } from "./read-text.ts";
import type { Term } from "../syntax/ast.ts";

/** Goals with those in front that only read input, base data and parameters, in the order that they had. */
export function promoted(goals: readonly Goal[], params: number, admission: Admission): readonly Goal[] {
  const order = new Order(params, admission);
  for (const goal of goals) order.add(goal);
  return order.goals(goals);
}

/** Conditions as goals. */
export function guards(all: readonly Condition[], { any }: Admission): readonly Goal[] {
  return any.length === 0 ? all : [...all, { kind: "or", alternatives: any }];
}

/** The goals of one body on their way to a better order. */
class Order {
  readonly #params: ReadonlySet<number>;
  readonly #admission: Admission;
  /** What the index asks of each thing that is read. */
  readonly #asked = new Map<string, Condition & { readonly kind: "admit" }>();
  readonly #covered = new Set<Condition>();
  readonly #known: Set<number>;
  readonly #values = new Map<number, Operand>();
  readonly #early: Goal[] = [];
  readonly #late: Goal[] = [];
  #isFree = true;

  constructor(params: number, admission: Admission) {
    this.#params = new Set(Array.from({ length: params }, (_, id) => id));
    this.#admission = admission;
    this.#known = new Set(this.#params);
    for (const condition of admission.all) {
      const text = condition.kind === "admit" ? readText(condition.of) : undefined;
      if (condition.kind === "admit" && text !== undefined) this.#asked.set(text, condition);
    }
  }

  add(goal: Goal): void {
    if (!this.#isEarly(goal)) {
      this.#postpone(this.#isThere(goal));
      return;
    }
    if (goal.kind === "test" && !this.#isFree) {
      // The index asks only whether it is defined; a false one fails in its place, after what may end all.
      const local = this.#read(goal.value);
      if (local !== undefined) this.#late.push({ kind: "test", value: local });
      else this.#postpone(goal);
      return;
    }
    if (!this.#isFree && !this.#asks(goal)) {
      this.#postpone(goal);
      return;
    }
    this.#early.push(goal);
    if (goal.kind !== "assign") return;
    this.#known.add(goal.local.id);
    this.#values.set(goal.local.id, goal.value);
  }

  goals(written: readonly Goal[]): readonly Goal[] {
    if (this.#late.length === 0) return written;
    if (this.#isFree) return [...this.#early, ...this.#late];
    if (this.#asked.size > 0) for (const goal of this.#early) this.#cover(goal);
    const left = this.#admission.all.filter((condition) => !this.#covered.has(condition));
    return [...this.#early, ...guards(left, this.#admission), ...this.#late];
  }

  #postpone(goal: Goal): void {
    this.#late.push(goal);
    if (mayEnd(goal)) this.#isFree = false;
  }

  /** What is read to be compared with a variable that is bound later must be there: that is asked early. */
  #isThere(goal: Goal): Goal {
    if (goal.kind !== "equal") return goal;
    const [left, right] = [this.#isAskable(goal.left), this.#isAskable(goal.right)];
    if (left === right) return goal;
    const other = left ? goal.right : goal.left;
    const local = other.kind === "local" ? this.#read(left ? goal.left : goal.right) : undefined;
    if (local === undefined) return goal;
    return left ? { ...goal, left: local } : { ...goal, right: local };
  }

  #isAskable(operand: Operand): boolean {
    return operand.kind === "lookup" && this.#isRead(operand);
  }

  /** Reads a value early, where that changes nothing. */
  #read(value: Operand): Local | undefined {
    if (!this.#isFree && this.#conditionOf(value) === undefined) return undefined;
    const local: Local = { kind: "local", id: -1 - this.#early.length, hint: "value" };
    this.#early.push({ kind: "assign", local, value });
    this.#values.set(local.id, value);
    return local;
  }

  /** Whether the index asks just what a goal does. */
  #asks(goal: Goal): boolean {
    if (goal.kind === "assign") return this.#conditionOf(goal.value) !== undefined;
    return this.#sameCondition(goal) !== undefined;
  }

  /** The condition that a comparison with a constant is, where nothing else is asked of the same. */
  #sameCondition(goal: Goal): Condition | undefined {
    if (goal.kind !== "equal") return undefined;
    const [constant, read] = goal.left.kind === "constant" ? [goal.left, goal.right] : [goal.right, goal.left];
    const condition = this.#conditionOf(read);
    const [want, ...more] = condition?.wants ?? [];
    if (constant.kind !== "constant" || more.length > 0 || want?.kind !== "same") return undefined;
    return sameValue(want.term, constant.term) ? condition : undefined;
  }

  #conditionOf(operand: Operand): (Condition & { readonly kind: "admit" }) | undefined {
    if (this.#asked.size === 0) return undefined;
    const read = readOf(operand, this.#values, this.#params);
    const text = read === undefined ? undefined : readText(read);
    return text === undefined ? undefined : this.#asked.get(text);
  }

  /** Notes the condition that an early goal makes sure of. */
  #cover(goal: Goal): void {
    const condition = goal.kind === "assign" ? this.#conditionOf(goal.value) : this.#sameCondition(goal);
    if (condition === undefined || (goal.kind === "assign" && condition.kind === "admit" && condition.wants.length > 0))
      return;
    this.#covered.add(condition);
  }

  #isEarly(goal: Goal): boolean {
    switch (goal.kind) {
      case "assign":
      case "test":
        return this.#isRead(goal.value);
      case "equal":
        return (isIndexed(goal.left) && this.#isRead(goal.right)) || (isIndexed(goal.right) && this.#isRead(goal.left));
      case "shape":
        return this.#known.has(goal.of.id);
      case "call":
        return this.#isMembership(goal);
      default:
        return false;
    }
  }

  /** Whether a goal is `read in constants` or `constant in read`; with a result it may be false and go on. */
  #isMembership(goal: Goal & { readonly kind: "call" }): boolean {
    if (goal.callee.kind !== "builtin" || goal.callee.name !== "internal.member_2") return false;
    const [member, collection] = goal.args;
    if (goal.result !== undefined || member === undefined || collection === undefined) return false;
    if (member.kind === "constant") return this.#isRead(collection);
    return collection.kind === "constant" && this.#isRead(member);
  }

  #isRead(operand: Operand): boolean {
    switch (operand.kind) {
      case "input":
      case "base":
        return true;
      case "local":
        return this.#known.has(operand.id);
      case "lookup":
        return operand.key.kind === "constant" && this.#isRead(operand.of);
      default:
        return false;
    }
  }
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

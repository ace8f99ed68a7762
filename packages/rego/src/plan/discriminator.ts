/** Rules that differ in one constant: which operand tells them apart, so that only those that can match are tried. */
import type { Term } from "../syntax/ast.ts";
import { mayEnd } from "./may-end.ts";
import type { Goal, Operand } from "./plan.ts";
import { readOf, readText } from "./read-text.ts";

/** An operand that many bodies compare with a constant of their own. */
export interface Discriminator {
  /** Read from the input, base data or a parameter; may be undefined at run time. */
  readonly operand: Operand;
  /** For each body in order: the constant that it wants, or undefined where it does not say. */
  readonly constants: readonly (Term | undefined)[];
}

/** Fewer bodies than this are tried one after another. */
const many = 8;

/** The operand that tells most of these bodies apart, where that is worth a table. */
export function discriminatorOf(
  bodies: readonly (readonly Goal[])[],
  params: ReadonlySet<number>,
): Discriminator | undefined {
  if (bodies.length < many) return undefined;
  const tests = bodies.map((goals) => testsOf(goals, params));
  const counts = new Map<string, number>();
  for (const found of tests) for (const key of found.keys()) counts.set(key, (counts.get(key) ?? 0) + 1);
  let best: string | undefined;
  for (const [key, count] of counts) if (count > (best === undefined ? many - 1 : (counts.get(best) ?? 0))) best = key;
  if (best === undefined) return undefined;
  const operand = tests.find((found) => found.has(best))?.get(best)?.operand;
  if (operand === undefined) return undefined;
  return { operand, constants: tests.map((found) => found.get(best)?.constant) };
}

interface Test {
  readonly operand: Operand;
  readonly constant: Term;
}

/** The comparisons with constants that a body makes before anything iterates, by the text of what is compared. */
function testsOf(goals: readonly Goal[], params: ReadonlySet<number>): ReadonlyMap<string, Test> {
  const tests = new Map<string, Test>();
  const values = new Map<number, Operand>();
  for (const goal of goals) {
    if (goal.kind === "assign") values.set(goal.local.id, goal.value);
    // What may end the evaluation is met before a comparison after it.
    if (mayEnd(goal)) break;
    if (goal.kind === "iterate" || goal.kind === "join" || goal.kind === "enumerate" || goal.kind === "relate") break;
    if (goal.kind !== "equal") continue;
    const { left, right } = goal;
    const [constant, other] = left.kind === "constant" ? [left, right] : [right, left];
    if (constant.kind !== "constant" || !isScalar(constant.term)) continue;
    const operand = readOf(other, values, params);
    const key = operand === undefined ? undefined : readText(operand);
    if (operand !== undefined && key !== undefined && !tests.has(key))
      tests.set(key, { operand, constant: constant.term });
  }
  return tests;
}

function isScalar(term: Term): boolean {
  return term.kind === "string" || term.kind === "number" || term.kind === "boolean" || term.kind === "null";
}

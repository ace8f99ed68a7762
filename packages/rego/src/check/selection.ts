/** Whether a ref reads a rule for certain, or only where its variables have the right values. */
import type { RefTerm, Term } from "../syntax/ast.ts";
import { rulePath, type WorkRule } from "./compilation.ts";
import { isConstant } from "./constants.ts";
import { termKey } from "./term-key.ts";

function occurrences(ref: RefTerm, name: string): number {
  return ref.terms.filter((term) => term.kind === "var" && term.name === name).length;
}

/** Whether a variable runs over all children: it has no value before, and stands there once. */
function enumerates(ref: RefTerm, term: Term, bound: ReadonlySet<string>): boolean {
  return term.kind === "var" && !bound.has(term.name) && occurrences(ref, term.name) === 1;
}

/** The terms of a ref that must have the rule's values for it to be read; undefined where a constant rules it out. */
export function conditions(ref: RefTerm, rule: WorkRule, bound: ReadonlySet<string>): readonly number[] | undefined {
  const path = rulePath(rule);
  const positions: number[] = [];
  for (let index = 1; index < Math.min(ref.terms.length, path.length); index += 1) {
    const wanted = path[index]!;
    const term = ref.terms[index]!;
    if (!isConstant(wanted) || enumerates(ref, term, bound)) continue;
    if (!isConstant(term)) positions.push(index);
    else if (termKey(term) !== termKey(wanted)) return undefined;
  }
  return positions;
}

/** Whether a ref reads a rule whatever its variables hold. */
export function selects(ref: RefTerm, rule: WorkRule, bound: ReadonlySet<string>): boolean {
  return conditions(ref, rule, bound)?.length === 0;
}

import type { Term } from "../syntax/ast.ts";
import { sortedEntries } from "../syntax/compare.ts";

/**
 * Whether a function's head asks for a set with something in it that is not known when the set's turn comes: OPA takes
 * the arguments from left to right, compares a set as it is, and finds nothing equal to one with a variable in it. So
 * `f({x}, x)` never has a value, and `f(x, {x})` may have one. What is worked out, a reference or a call, is known in the
 * body only. The keys of an object are looked at before its values, and these in the order of the keys.
 */
export function hasOpenArgument(args: readonly Term[]): boolean {
  const known = new Set<string>();
  return args.some((arg) => isOpen(arg, known));
}

/** Whether nothing can match; the variables that a match would bind are known from then on. */
function isOpen(term: Term, known: Set<string>): boolean {
  switch (term.kind) {
    case "var":
      known.add(term.name);
      return false;
    case "array":
      return term.items.some((item) => isOpen(item, known));
    case "object":
      if (!term.entries.every(([key]) => isKnown(key, known))) return true;
      return sortedEntries(term.entries).some(([, value]) => isOpen(value, known));
    case "set":
      return !isKnown(term, known);
    default:
      return false;
  }
}

function isKnown(term: Term, known: ReadonlySet<string>): boolean {
  switch (term.kind) {
    case "null":
    case "boolean":
    case "number":
    case "string":
      return true;
    case "var":
      return known.has(term.name);
    case "array":
    case "set":
      return term.items.every((item) => isKnown(item, known));
    case "object":
      return term.entries.every(([key, value]) => isKnown(key, known) && isKnown(value, known));
    default:
      return false;
  }
}

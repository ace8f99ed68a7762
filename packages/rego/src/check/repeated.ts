/**
 * What stands twice in an object or a set counts once, before anything looks into it. Closures in them are gone through
 * in OPA's order, since what is told of a closure depends on what was wrong before it.
 */
import type { Term } from "../syntax/ast.ts";
import { compareTerms, sortedEntries } from "../syntax/compare.ts";
import { isComprehension } from "./constants.ts";
import { walkTerm } from "./walk.ts";

type ObjectTerm = Term & { readonly kind: "object" };
type SetTerm = Term & { readonly kind: "set" };

/** An object with each key once, where it stands first and with its last value: that of the others is never looked at. */
export function withoutRepeatedKeys(object: ObjectTerm): ObjectTerm {
  const entries = object.entries.flat().some(hasClosure) ? sortedEntries(object.entries) : object.entries;
  const first = firstOfEach(entries.map(([key]) => key));
  if (first === undefined) return entries === object.entries ? object : { ...object, entries };
  const last = new Map<number, Term>();
  entries.forEach(([, value], index) => last.set(first[index] ?? index, value));
  return {
    ...object,
    entries: entries.flatMap(([key, value], index) =>
      first[index] === index ? [[key, last.get(index) ?? value] as const] : [],
    ),
  };
}

/** A set with each element once. */
export function withoutRepeatedItems(set: SetTerm): SetTerm {
  const items = set.items.some(hasClosure) ? set.items.toSorted(compareTerms) : set.items;
  const first = firstOfEach(items);
  if (first !== undefined) return { ...set, items: items.filter((_, index) => first[index] === index) };
  return items === set.items ? set : { ...set, items };
}

function hasClosure(term: Term): boolean {
  let found = false;
  walkTerm(term, {
    term: (inner) => {
      found ||= isComprehension(inner);
      return found;
    },
  });
  return found;
}

/** For each term the place of the first that is the same; undefined where all are different. */
function firstOfEach(terms: readonly Term[]): readonly number[] | undefined {
  if (terms.length < 2 || areDifferentStrings(terms)) return undefined;
  const order = terms.map((term, index) => ({ term, index }));
  // The sort is stable: of those that are the same the first comes first.
  order.sort((left, right) => compareTerms(left.term, right.term));
  const first = terms.map((_, index) => index);
  let repeats = false;
  order.forEach(({ term, index }, position) => {
    const before = order[position - 1];
    if (before === undefined || compareTerms(before.term, term) !== 0) return;
    first[index] = first[before.index] ?? before.index;
    repeats = true;
  });
  return repeats ? first : undefined;
}

function areDifferentStrings(terms: readonly Term[]): boolean {
  const seen = new Set<string>();
  for (const term of terms) {
    if (term.kind !== "string" || seen.has(term.value)) return false;
    seen.add(term.value);
  }
  return true;
}

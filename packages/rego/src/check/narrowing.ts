/** Variables that can only be one of a few constants: refs with them read only a few rules. */
import type { Body, RefTerm, Term } from "../syntax/ast.ts";
import { isConstant } from "./constants.ts";
import { isEquality } from "./declared.ts";
import { termKey } from "./term-key.ts";

/** More than this many refs are not made out of one. */
const limit = 64;

/** A variable that the expression at a place binds to one of some constants. */
export interface KnownBinding {
  readonly at: number;
  readonly name: string;
  readonly values: readonly Term[];
}

type Known = ReadonlyMap<string, readonly Term[]>;

/** The members of a constant collection. */
export function membersOf(term: Term): readonly Term[] | undefined {
  if (term.kind === "array" || term.kind === "set") return term.items;
  return term.kind === "object" ? term.entries.map(([, value]) => value) : undefined;
}

function memberAt(term: Term, key: Term): Term | undefined {
  switch (term.kind) {
    case "array":
      return key.kind === "number" ? term.items[Number(key.text)] : undefined;
    case "object": {
      const wanted = termKey(key);
      return term.entries.find(([other]) => termKey(other) === wanted)?.[1];
    }
    case "set": {
      const wanted = termKey(key);
      return term.items.find((item) => termKey(item) === wanted);
    }
    case "null":
    case "boolean":
    case "number":
    case "string":
    case "var":
    case "ref":
    case "call":
    case "arrayComprehension":
    case "setComprehension":
    case "objectComprehension":
    case "templateString":
      return undefined;
  }
}

function valuesOf(term: Term, known: Known): readonly Term[] | undefined {
  if (term.kind === "var") return known.get(term.name);
  if (term.kind === "ref") return refValues(term, known);
  return isConstant(term) ? [term] : undefined;
}

function refValues(ref: RefTerm, known: Known): readonly Term[] | undefined {
  const [head, ...rest] = ref.terms;
  let values = head === undefined ? undefined : valuesOf(head, known);
  for (const term of rest) {
    if (values === undefined) return undefined;
    const next: Term[] = [];
    for (const value of values) {
      if (isConstant(term)) {
        const member = memberAt(value, term);
        if (member !== undefined) next.push(member);
        continue;
      }
      const members = membersOf(value);
      if (members === undefined) return undefined;
      for (const member of members) next.push(member);
    }
    if (next.length > limit) return undefined;
    values = next;
  }
  return values;
}

/** The variables of a body that are one of some constants, in order; the first binding of each counts. */
export function knownBindings(body: Body): readonly KnownBinding[] {
  const result: KnownBinding[] = [];
  const known = new Map<string, readonly Term[]>();
  body.forEach((expression, at) => {
    if (!isEquality(expression) || expression.negated || expression.with.length > 0) return;
    const [left, right] = expression.args;
    if (left === undefined || right === undefined) return;
    for (const [side, other] of [
      [left, right],
      [right, left],
    ] as const) {
      if (side.kind !== "var") continue;
      const values = valuesOf(other, known);
      if (values === undefined) continue;
      if (!known.has(side.name)) {
        known.set(side.name, values);
        result.push({ at, name: side.name, values });
      }
      return;
    }
  });
  return result;
}

/** The refs that a ref can be, given what is bound before its place. Never empty. */
export function narrow(ref: RefTerm, bindings: readonly KnownBinding[], at: number): readonly RefTerm[] {
  const known = new Map<string, readonly Term[]>();
  for (const binding of bindings) if (binding.at < at) known.set(binding.name, binding.values);
  if (known.size === 0) return [ref];
  let refs: readonly RefTerm[] = [ref];
  ref.terms.forEach((term, index) => {
    if (index === 0 || isConstant(term)) return;
    const values = valuesOf(term, known);
    if (values === undefined || values.length === 0 || refs.length * values.length > limit) return;
    refs = refs.flatMap((each) => values.map((value) => ({ ...each, terms: each.terms.with(index, value) })));
  });
  return refs;
}

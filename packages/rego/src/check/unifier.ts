/** Which variables become bound when two terms are unified, given those that are. */
import type { RefTerm, Term } from "../syntax/ast.ts";
import { isWithin, patternVariables, safetyVariables, variablesOf } from "./variables.ts";
import { termKey } from "./term-key.ts";

/** Names that are bound. */
export type Bound = ReadonlySet<string>;

function isClosed(term: Term, bound: Bound): boolean {
  return isWithin(variablesOf(term, safetyVariables).keys(), bound);
}

/** Whether what a ref begins with is bound. */
export function isRefSafe(ref: RefTerm, bound: Bound): boolean {
  const [head] = ref.terms;
  if (head === undefined) return false;
  return head.kind === "var" ? bound.has(head.name) : isClosed(head, bound);
}

class Unifier {
  readonly #bound: Bound;
  readonly unified = new Set<string>();
  readonly #unknown = new Map<string, Set<string>>();

  constructor(bound: Bound) {
    this.#bound = bound;
  }

  #isBound(name: string): boolean {
    return this.#bound.has(name) || this.unified.has(name);
  }

  unify(a: Term, b: Term): void {
    switch (a.kind) {
      case "var":
        this.#variable(a.name, b);
        return;
      case "ref":
        if (isRefSafe(a, this.#bound)) this.#bindAll(b, true);
        return;
      case "call":
        if (isClosed(a, this.#bound)) this.#bindAll(b, true);
        return;
      case "arrayComprehension":
        if (b.kind === "var" || b.kind === "array") this.#bindAll(b, false);
        return;
      case "objectComprehension":
        if (b.kind === "var" || b.kind === "object") this.#bindAll(b, false);
        return;
      case "array":
        this.#array(a, b);
        return;
      case "object":
        this.#object(a, b);
        return;
      case "setComprehension":
      case "null":
      case "boolean":
      case "number":
      case "string":
      case "set":
      case "templateString":
        if (b.kind === "var") this.#bind(b.name);
        return;
    }
  }

  #variable(name: string, b: Term): void {
    switch (b.kind) {
      case "var":
        if (this.#isBound(b.name)) this.#bind(name);
        else if (this.#isBound(name)) this.#bind(b.name);
        else {
          this.#relate(name, b.name);
          this.#relate(b.name, name);
        }
        return;
      case "array":
      case "object":
        this.#relateAll(name, b);
        return;
      case "ref":
        if (isRefSafe(b, this.#bound)) this.#bind(name);
        return;
      case "call":
        if (isClosed(b, this.#bound)) this.#bind(name);
        return;
      case "null":
      case "boolean":
      case "number":
      case "string":
      case "set":
      case "arrayComprehension":
      case "setComprehension":
      case "objectComprehension":
      case "templateString":
        this.#bind(name);
        return;
    }
  }

  #array(a: Term & { kind: "array" }, b: Term): void {
    switch (b.kind) {
      case "var":
        this.#relateAll(b.name, a);
        return;
      case "arrayComprehension":
      case "setComprehension":
      case "objectComprehension":
        this.#bindAll(a, false);
        return;
      case "ref":
        if (isRefSafe(b, this.#bound)) this.#bindAll(a, false);
        return;
      case "call":
        if (isClosed(b, this.#bound)) this.#bindAll(a, false);
        return;
      case "array":
        if (a.items.length === b.items.length) a.items.forEach((item, index) => this.unify(item, b.items[index]!));
        return;
      case "null":
      case "boolean":
      case "number":
      case "string":
      case "set":
      case "object":
      case "templateString":
        return;
    }
  }

  #object(a: Term & { kind: "object" }, b: Term): void {
    switch (b.kind) {
      case "var":
        this.#relateAll(b.name, a);
        return;
      case "ref":
        if (isRefSafe(b, this.#bound)) this.#bindAll(a, false);
        return;
      case "call":
        if (isClosed(b, this.#bound)) this.#bindAll(a, false);
        return;
      case "object": {
        if (a.entries.length !== b.entries.length) return;
        const values = new Map(b.entries.map(([key, value]) => [termKey(key), value]));
        for (const [key, value] of a.entries) {
          const other = values.get(termKey(key));
          if (other !== undefined) this.unify(value, other);
        }
        return;
      }
      case "null":
      case "boolean":
      case "number":
      case "string":
      case "set":
      case "array":
      case "arrayComprehension":
      case "setComprehension":
      case "objectComprehension":
      case "templateString":
        return;
    }
  }

  #bindAll(term: Term, patternsOnly: boolean): void {
    if (term.kind === "var") {
      this.#bind(term.name);
      return;
    }
    if (patternsOnly && term.kind !== "array" && term.kind !== "object") return;
    for (const name of variablesOf(term, patternVariables).keys()) this.#bind(name);
  }

  #bind(name: string): void {
    this.unified.add(name);
    const related = this.#unknown.get(name);
    this.#unknown.delete(name);
    for (const other of related ?? []) this.#bind(other);
    for (const [other, needs] of this.#unknown) {
      if (!needs.delete(name) || needs.size > 0) continue;
      this.#bind(other);
    }
  }

  #relate(name: string, to: string): void {
    const needs = this.#unknown.get(name);
    if (needs === undefined) this.#unknown.set(name, new Set([to]));
    else needs.add(to);
  }

  #relateAll(name: string, term: Term): void {
    if (this.#isBound(name)) {
      this.#bindAll(term, false);
      return;
    }
    const open = [...variablesOf(term, patternVariables).keys()].filter((other) => !this.#isBound(other));
    if (open.length === 0) this.#bind(name);
    for (const other of open) this.#relate(name, other);
  }
}

/** The names that unification binds. */
export function unify(bound: Bound, a: Term, b: Term): ReadonlySet<string> {
  const unifier = new Unifier(bound);
  unifier.unify(a, b);
  return unifier.unified;
}

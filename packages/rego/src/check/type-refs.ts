/** Whether refs can read anything: a key that an object cannot have, a scalar that is gone into. */
import type { Diagnostic } from "../diagnostics.ts";
import type { RefTerm, Term } from "../syntax/ast.ts";
import { problem } from "./compilation.ts";
import { isScalar } from "./constants.ts";
import { printRef, printTerm } from "../syntax/print.ts";
import { anyType, isEmptyCollection, keysOf, type Known, keyText, stringType, valuesOf } from "./type-algebra.ts";
import { isRootRef, selectConstant, type TypeEnvironment, type TypeTree } from "./type-environment.ts";
import { typeText } from "./type-text.ts";
import { goTogether, learn } from "./type-unifier.ts";
import type { Type } from "./type.ts";

/** Shows a ref as it was written. */
export type Written = (ref: RefTerm) => RefTerm;

function cannotGoInto(written: Written, ref: RefTerm, at: number, have: Known): Diagnostic {
  const shown = written(ref);
  const span = ref.terms[0]?.span ?? ref.span;
  const details = [
    printRef(shown.terms),
    "^".repeat(printRef(shown.terms.slice(0, at + 1)).length),
    `have: ${typeText(have)}`,
  ];
  if (have?.kind !== "function") {
    return problem("rego_type_error", span, `undefined ref: ${printRef(shown.terms)}`, details);
  }
  const last = shown.terms.at(-1);
  const generated = last !== undefined && /__local[0-9]+__/.test(printTerm(last));
  const name = printRef(generated ? shown.terms.slice(0, -1) : shown.terms);
  return problem("rego_type_error", span, `function ${name} used as reference, not called`, details);
}

interface Mismatch {
  readonly have?: Known;
  readonly want?: Known;
  readonly oneOf?: readonly string[];
}

function hasNoKey(written: Written, ref: RefTerm, at: number, { have, want, oneOf = [] }: Mismatch): Diagnostic {
  const shown = written(ref);
  const pad = " ".repeat(printRef(shown.terms.slice(0, at)).length + 1);
  const part = shown.terms[at];
  const wanted =
    oneOf.length > 0 || want === undefined ? `want (one of): [${oneOf.join(" ")}]` : `want (type): ${typeText(want)}`;
  const had =
    have === undefined ? `have: ${part === undefined ? "" : printTerm(part)}` : `have (type): ${typeText(have)}`;
  const details = [printRef(shown.terms), `${pad}^`, `${pad}${had}`, `${pad}${wanted}`];
  const span = ref.terms[0]?.span ?? ref.span;
  return problem("rego_type_error", span, `undefined ref: ${printRef(shown.terms)}`, details);
}

function possibleKeys(type: Known): readonly string[] {
  const keys = new Set<string>();
  const add = (each: Known): void => {
    if (each?.kind === "object") {
      for (const { key } of each.properties) keys.add(typeof key === "string" ? JSON.stringify(key) : keyText(key));
    } else if (each?.kind === "any") each.of.forEach(add);
  };
  add(type);
  return [...keys].toSorted();
}

function childKeys(tree: TypeTree): readonly string[] {
  return [...tree.children.values()].map(({ key }) => (key === undefined ? "" : printTerm(key))).toSorted();
}

/** Checks the refs at one place. */
export class RefChecker {
  readonly #environment: TypeEnvironment;
  readonly #written: Written;

  constructor(environment: TypeEnvironment, written: Written) {
    this.#environment = environment;
    this.#written = written;
  }

  /** What is wrong with a ref. */
  check(ref: RefTerm): { readonly error: Diagnostic; readonly stop: boolean } | undefined {
    const type = this.#environment.typeOfRef(ref.terms);
    if (type?.kind === "function") {
      return { error: cannotGoInto(this.#written, ref, ref.terms.length - 1, type), stop: true };
    }
    const error = this.#walk(this.#environment, this.#environment.tree, ref, 0);
    return error === undefined ? undefined : { error, stop: false };
  }

  #walk(environment: TypeEnvironment, node: TypeTree, ref: RefTerm, at: number): Diagnostic | undefined {
    const head = ref.terms[at];
    if (head === undefined) return undefined;
    if ((at === 1 || at === 2) && head.kind !== "var" && head.kind !== "string") {
      const have = this.#environment.typeOf(head);
      return hasNoKey(this.#written, ref, at, { have, want: stringType, oneOf: childKeys(node) });
    }
    if (head.kind === "var" && at !== 0) {
      const keys = keysOf(node.extent());
      const known = this.#environment.typeOf(head);
      if (known === undefined) this.#environment.set(head, keys);
      else if (!goTogether(keys, known)) {
        return hasNoKey(this.#written, ref, at, { have: known, want: keys, oneOf: childKeys(node) });
      }
    }
    const child = node.child(head);
    if (child === undefined) return this.#absent(environment, node, ref, at);
    if (child.type !== undefined) return this.#leaf(child.type, ref, at + 1);
    return this.#walk(environment, child, ref, at + 1);
  }

  #absent(environment: TypeEnvironment, node: TypeTree, ref: RefTerm, at: number): Diagnostic | undefined {
    const { next } = environment;
    if (next !== undefined) return this.#walk(next, next.tree, ref, 0);
    if (!isRootRef(ref)) {
      const [head] = ref.terms;
      const builtin = head === undefined ? undefined : environment.builtin(head);
      return builtin === undefined ? this.#leaf(anyType, ref, 0) : this.#leaf(builtin, ref, 1);
    }
    if (at === 0) return this.#leaf(anyType, ref, 1);
    // What the variables after it can be is learnt from every child.
    for (const child of node.children.values()) this.#walk(environment, child, ref, at + 1);
    return undefined;
  }

  #leaf(type: Known, ref: RefTerm, at: number): Diagnostic | undefined {
    let inside: Known = type;
    for (let index = at; index < ref.terms.length; index += 1) {
      const head = ref.terms[index]!;
      if (isEmptyCollection(inside)) return this.#empty(inside, ref, index, head);
      const keys = keysOf(inside);
      if (keys === undefined) return cannotGoInto(this.#written, ref, index - 1, inside);
      const error = this.#key(inside, keys, ref, index, head);
      if (error !== undefined) return error;
      inside = isDynamic(head) ? valuesOf(inside) : selectConstant(inside, head);
    }
    return undefined;
  }

  #key(type: Known, keys: Type, ref: RefTerm, at: number, head: Term): Diagnostic | undefined {
    const environment = this.#environment;
    if (head.kind === "var" || head.kind === "ref") {
      const have = environment.typeOf(head);
      if (have === undefined) {
        if (head.kind === "var") environment.set(head, keys);
        return undefined;
      }
      if (goTogether(have, keys)) return undefined;
      return hasNoKey(this.#written, ref, at, { have, want: keys, oneOf: possibleKeys(type) });
    }
    if (isDynamic(head)) {
      if (learn(environment, head, keys, false)) return undefined;
      return hasNoKey(this.#written, ref, at, { have: environment.typeOf(head), want: keys });
    }
    if (selectConstant(type, head) !== undefined) return undefined;
    return hasNoKey(this.#written, ref, at, { want: keys, oneOf: possibleKeys(type) });
  }

  /** A member of a collection without any: no constant selects one, and a variable runs over nothing. */
  #empty(type: Known, ref: RefTerm, at: number, head: Term): Diagnostic | undefined {
    if (isScalar(head)) return hasNoKey(this.#written, ref, at, {});
    if (head.kind !== "var") return undefined;
    const have = this.#environment.typeOf(head);
    const keys = keysOf(type);
    if (have === undefined) this.#environment.set(head, anyType);
    else if (keys !== undefined && !goTogether(have, keys)) {
      return hasNoKey(this.#written, ref, at, { have, want: keys });
    }
    return undefined;
  }
}

function isDynamic(term: Term): boolean {
  return (
    term.kind === "var" || term.kind === "ref" || term.kind === "array" || term.kind === "object" || term.kind === "set"
  );
}

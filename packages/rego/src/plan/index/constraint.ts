/** What a rule's body asks of one thing that is there before the body runs: what OPA's rule index is built of. */
import { termKey } from "../../check/term-key.ts";
import type { Term } from "../../syntax/ast.ts";

/** Something that is there before a body runs: a part of the input or of base data, or an argument. */
export interface Place {
  readonly root: "input" | "data" | "argument";
  /** The number of the argument. */
  readonly argument: number;
  readonly keys: readonly Term[];
  /** Where it is written, for the order of levels; nothing for arguments. */
  readonly at: Term["span"] | undefined;
}

/** How a value has to be: the same as a term, to begin or end with it, or to be a collection that holds it. */
export type Relation = "same" | "prefix" | "suffix" | "member";

export interface Constraint {
  /** The number of its place. */
  readonly place: number;
  /** A variable stands for anything. */
  readonly value: Term;
  readonly relation: Relation;
  /** The signs at which a text is cut before it is compared with an array of its parts. */
  readonly delimiters?: string;
}

/** What is to be there, whatever it is. */
export function anything(span: Term["span"]): Term {
  return { kind: "var", name: "", span };
}

export function isVariable(term: Term): term is Term & { readonly kind: "var" } {
  return term.kind === "var" && term.name !== "input" && term.name !== "data";
}

export function isScalar(term: Term): boolean {
  return term.kind === "string" || term.kind === "number" || term.kind === "boolean" || term.kind === "null";
}

/** Whether a term is a value as it is written. */
export function isConstant(term: Term): boolean {
  switch (term.kind) {
    case "array":
    case "set":
      return term.items.every(isConstant);
    case "object":
      return term.entries.flat().every(isConstant);
    default:
      return isScalar(term);
  }
}

/** Whether two constraints' values are the same. */
export function sameValue(a: Term, b: Term): boolean {
  return termKey(a) === termKey(b);
}

/** What equal places share. */
export function placeKey({ root, argument, keys }: Place): string {
  return [root, String(argument), ...keys.map(termKey)].join("\0");
}

import type { Term } from "../syntax/ast.ts";

/** A name for what a term gives: the last name in it. */
export function hintOf(term: Term): string {
  if (term.kind === "ref") {
    const named = term.terms.findLast((part) => part.kind === "string" || part.kind === "var");
    return named?.kind === "string" ? named.value : named?.kind === "var" ? named.name : "value";
  }
  return "value";
}

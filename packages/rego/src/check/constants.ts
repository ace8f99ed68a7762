/** What can be said of terms without running them. */
import type { Body, Term } from "../syntax/ast.ts";
import { isGround } from "../syntax/build.ts";
import { walkTerm } from "./walk.ts";

/** Whether a term is null, a boolean, a number or a string. */
export function isScalar(term: Term): boolean {
  return term.kind === "null" || term.kind === "boolean" || term.kind === "number" || term.kind === "string";
}

/** Whether a term is a comprehension. */
export function isComprehension(term: Term): boolean {
  return term.kind === "arrayComprehension" || term.kind === "setComprehension" || term.kind === "objectComprehension";
}

/** Whether a term is a value as it stands: no variable, ref, call or comprehension in it. */
export function isConstant(term: Term): boolean {
  if (isScalar(term)) return true;
  switch (term.kind) {
    case "array":
    case "set":
      return term.items.every(isConstant);
    case "object":
      return term.entries.every(([key, value]) => isConstant(key) && isConstant(value));
    case "templateString":
      return term.parts.every((part) => typeof part === "string");
    case "null":
    case "boolean":
    case "number":
    case "string":
      return true;
    case "var":
    case "ref":
    case "call":
    case "arrayComprehension":
    case "setComprehension":
    case "objectComprehension":
      return false;
  }
}

/** The part of a ref before its first variable. */
export function groundPrefix(terms: readonly Term[]): readonly Term[] {
  for (let index = 1; index < terms.length; index += 1) {
    if (!isGround(terms[index]!)) return terms.slice(0, index);
  }
  return terms;
}

/** Whether a term must be evaluated before it can stand in a head. */
export function requiresEvaluation(term: Term): boolean {
  let found = false;
  walkTerm(term, {
    term: (inner) => {
      if (inner.kind === "ref" || isComprehension(inner)) found = true;
      return found;
    },
  });
  return found;
}

/** Whether a body is the `true` that stands for no body. */
export function isEmptyBody(body: Body): boolean {
  const [only] = body;
  return body.length === 1 && only?.kind === "term" && only.term.kind === "boolean" && only.term.value;
}

/** Whether a term is the document `input` or `data` itself. */
export function isRootDocument(term: Term): boolean {
  if (term.kind !== "ref" || term.terms.length !== 1) return false;
  const [head] = term.terms;
  return head?.kind === "var" && (head.name === "input" || head.name === "data");
}

/** Whether a name is `data` or `input`. */
export function isRootName(name: string): boolean {
  return name === "data" || name === "input";
}

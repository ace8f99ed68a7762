import type { Term } from "../syntax/ast.ts";
import type { Scope } from "./scope.ts";

/**
 * Whether a term can be evaluated with what is bound now. Variables in a reference's brackets need not be: the
 * reference iterates over them.
 */
export function isEvaluable(scope: Scope, term: Term): boolean {
  switch (term.kind) {
    case "var":
      return isRoot(term) || scope.valueOf(term.name) !== undefined;
    case "ref": {
      const [head] = term.terms;
      return head === undefined || isEvaluable(scope, head);
    }
    case "array":
    case "set":
      return term.items.every((item) => isEvaluable(scope, item));
    case "object":
      return term.entries.every(([key, value]) => isEvaluable(scope, key) && isEvaluable(scope, value));
    case "call":
      return term.args.every((arg) => isEvaluable(scope, arg));
    case "null":
    case "boolean":
    case "number":
    case "string":
    case "arrayComprehension":
    case "setComprehension":
    case "objectComprehension":
    case "templateString":
      return true;
  }
}

/** Whether a term is `input` or `data` as such. */
export function isRoot(term: Term): boolean {
  return term.kind === "var" && (term.name === "input" || term.name === "data");
}

/** What terms are called. */
import type { Term } from "../syntax/ast.ts";

/** What kind of value a term is, in OPA's words. */
export function termKind(term: Term): string {
  switch (term.kind) {
    case "arrayComprehension":
      return "arraycomprehension";
    case "setComprehension":
      return "setcomprehension";
    case "objectComprehension":
      return "objectcomprehension";
    case "templateString":
      return "templatestring";
    case "null":
    case "boolean":
    case "number":
    case "string":
    case "var":
    case "ref":
    case "call":
    case "array":
    case "set":
    case "object":
      return term.kind;
  }
}

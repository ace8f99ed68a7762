/** In rules `a == b` is unification: both sides are bound by then, and it is the same. */
import { type Compilation, rulesOf } from "./compilation.ts";
import { callsBuiltin } from "./declared.ts";
import { builtinRef } from "./heads.ts";
import { mapExpression, mapList, mapTerm, type Rewriter } from "./rewrite.ts";

const rewriter: Rewriter = {
  term: (term) => mapTerm(term, rewriter),
  body: (body) => mapList(body, rewriter.expression),
  expression: (expression) => {
    const next = mapExpression(expression, rewriter);
    if (!callsBuiltin(next, "equal") || next.args.length !== 2) return next;
    return { ...next, operator: builtinRef("eq", next.operator.span) };
  },
};

/** Rewrites every rule. */
export function rewriteEqualities(compilation: Compilation): void {
  for (const module of compilation.modules) {
    for (const rule of rulesOf(module)) rule.body = rewriter.body(rule.body);
  }
}

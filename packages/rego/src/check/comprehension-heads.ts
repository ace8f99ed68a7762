/** Moves what must be evaluated from a comprehension's head to the end of its body. */
import type { Body, Expression, Term } from "../syntax/ast.ts";
import { type Compilation, type NameGenerator, rulesOf } from "./compilation.ts";
import { requiresEvaluation } from "./constants.ts";
import { appendToBody, capture } from "./heads.ts";
import { mapExpression, mapList, mapTerm, type Rewriter } from "./rewrite.ts";

/** The rewriter that does it. */
export function comprehensionHeads(names: NameGenerator): Rewriter {
  const moved = (term: Term, added: Expression[]): Term => {
    if (!requiresEvaluation(term)) return term;
    const { variable, expression } = capture(names, term);
    added.push(expression);
    return variable;
  };
  const head = (term: Term): Term => {
    const added: Expression[] = [];
    if (term.kind === "arrayComprehension" || term.kind === "setComprehension") {
      const inner = moved(term.term, added);
      return added.length === 0 ? term : { ...term, term: inner, body: appendToBody(term.body, added) };
    }
    if (term.kind === "objectComprehension") {
      const key = moved(term.key, added);
      const value = moved(term.value, added);
      return added.length === 0 ? term : { ...term, key, value, body: appendToBody(term.body, added) };
    }
    return term;
  };
  const rewriter: Rewriter = {
    term: (term) => mapTerm(head(term), rewriter),
    expression: (expression) => mapExpression(expression, rewriter),
    body: (body: Body) => mapList(body, rewriter.expression),
  };
  return rewriter;
}

/** Rewrites every rule. */
export function rewriteComprehensions(compilation: Compilation): void {
  const rewriter = comprehensionHeads(compilation.names);
  for (const module of compilation.modules) {
    for (const rule of rulesOf(module)) {
      rule.body = rewriter.body(rule.body);
      const { args, key, value } = rule.head;
      rule.head = {
        ...rule.head,
        ...(args === undefined ? {} : { args: args.map(rewriter.term) }),
        ...(key === undefined ? {} : { key: rewriter.term(key) }),
        ...(value === undefined ? {} : { value: rewriter.term(value) }),
      };
    }
  }
}

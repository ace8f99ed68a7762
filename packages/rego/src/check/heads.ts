/** Moves what must be evaluated out of rule heads and into their bodies. */
import type { Body, CallExpression, Expression, RefTerm, Term } from "../syntax/ast.ts";
import { problem, rulesOf, type Compilation, type NameGenerator, type WorkRule } from "./compilation.ts";
import { isEmptyBody, isScalar, requiresEvaluation } from "./constants.ts";
import { numbered } from "./rewrite.ts";
import { printRef } from "../syntax/print.ts";

/** The ref of a builtin of a one-word name. */
export function builtinRef(name: string, span: Term["span"]): RefTerm {
  return { kind: "ref", span, terms: [{ kind: "var", span, name }] };
}

/** `left = right`, made by a rewrite. */
export function equation(left: Term, right: Term): CallExpression {
  return {
    kind: "call",
    span: right.span,
    operator: builtinRef("eq", right.span),
    args: [left, right],
    negated: false,
    with: [],
    index: 0,
    generated: true,
  };
}

/** A new variable and the expression that gives it a term's value. */
export function capture(
  names: NameGenerator,
  term: Term,
): { readonly variable: Term; readonly expression: CallExpression } {
  const variable = names.variable(term.span);
  return { variable, expression: equation(variable, term) };
}

/** Adds expressions to a body; a body that only stands for none is replaced. */
export function appendToBody(body: Body, added: readonly Expression[]): Body {
  if (added.length === 0) return body;
  return numbered(isEmptyBody(body) ? added : [...body, ...added]);
}

/** Whether the features allow what a head is like; tells of it where not. */
function allowsHead({ errors, options: { features } }: Compilation, { head, source: { span } }: WorkRule): boolean {
  if (features === undefined || features.has("rego_v1") || features.has("rego_v2") || features.has("rule_head_refs")) {
    return true;
  }
  const { terms } = head.ref;
  if (!features.has("rule_head_ref_string_prefixes") && head.name === undefined) {
    const message = `rule heads with refs are not supported: ${printRef(terms)}`;
    errors.fail(problem("rego_compile_error", span, message));
    return false;
  }
  const general = terms.slice(1).filter((term, at) => {
    return term.kind !== "string" && (head.key !== undefined || at < terms.length - 2);
  });
  const message = `rule heads with general refs (containing variables) are not supported: ${printRef(terms)}`;
  return general.every(() => errors.fail(problem("rego_type_error", span, message)));
}

/** Leaves in a head's ref only scalars and variables: `p[x.y]` becomes `p[__local0__]` with `__local0__ = x.y`. */
export function rewriteHeadRefs(compilation: Compilation): void {
  for (const module of compilation.modules) {
    for (const rule of module.rules) {
      if (!allowsHead(compilation, rule)) continue;
      const added: Expression[] = [];
      const terms = rule.head.ref.terms.map((term, index) => {
        if (index === 0 || term.kind === "var" || isScalar(term)) return term;
        const { variable, expression } = capture(compilation.names, term);
        added.push(expression);
        return variable;
      });
      if (added.length === 0) continue;
      rule.head = { ...rule.head, ref: { ...rule.head.ref, terms } };
      rule.body = appendToBody(rule.body, added);
    }
  }
}

/** Leaves in key, value and arguments only what needs no evaluation. */
export function rewriteHeadTerms(compilation: Compilation): void {
  for (const module of compilation.modules) {
    for (const rule of rulesOf(module)) {
      const added: Expression[] = [];
      const moved = (term: Term): Term => {
        if (!requiresEvaluation(term)) return term;
        const { variable, expression } = capture(compilation.names, term);
        added.push(expression);
        return variable;
      };
      const { key, value, args } = rule.head;
      const head = {
        ...rule.head,
        ...(key === undefined ? {} : { key: moved(key) }),
        ...(value === undefined ? {} : { value: moved(value) }),
        ...(args === undefined ? {} : { args: args.map(moved) }),
      };
      if (added.length === 0) continue;
      rule.head = head;
      rule.body = appendToBody(rule.body, added);
    }
  }
}

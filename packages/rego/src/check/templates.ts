/**
 * Turns template strings into calls of `internal.template_string`. Parts that may be undefined become sets of at most
 * one element, so that the text says `<undefined>` for them and the expression goes on.
 */
import type { Diagnostic } from "../diagnostics.ts";
import type { Body, CallTerm, Expression, Term } from "../syntax/ast.ts";
import { constantPart } from "../syntax/template-part.ts";
import type { BuiltinSignature } from "../builtins/builtin.ts";
import { type Arity, builtinOf } from "./calls.ts";
import { isMultiValue, type NameGenerator, problem, rulesOf, type Compilation, type WorkRule } from "./compilation.ts";
import { isConstant, isEmptyBody } from "./constants.ts";
import { capture } from "./heads.ts";
import { outputsOfBody } from "./outputs.ts";
import { mapExpression, mapList, mapTerm, type Rewriter } from "./rewrite.ts";
import { findNode, type TreeNode } from "./tree.ts";
import type { Bound } from "./unifier.ts";
import { addTerm, shownName, safetyVariables, everyVariable, variablesOf, type Variables } from "./variables.ts";

/** What the rewriting of template strings needs to know. */
export interface TemplateContext {
  readonly names: NameGenerator;
  readonly arity: Arity;
  readonly builtins: ReadonlyMap<string, BuiltinSignature>;
  readonly written: ReadonlyMap<string, string>;
  readonly isDefined: (ref: readonly Term[]) => boolean;
  readonly errors: Diagnostic[];
}

function isConstantRule(rule: WorkRule): boolean {
  const { value } = rule.head;
  return isEmptyBody(rule.body) && value !== undefined && (value.kind === "var" || isConstant(value));
}

/** Answers whether a ref names a rule that is never undefined: it has a default, makes a set, or is a constant. */
export function definedRules(tree: TreeNode): (ref: readonly Term[]) => boolean {
  return (ref) => {
    const rules = ref.length < 2 ? [] : (findNode(tree, ref)?.rules ?? []);
    const [first] = rules;
    if (first === undefined || (first.head.args?.length ?? 0) > 0) return false;
    if (first.source.isDefault || isMultiValue(first)) return true;
    return rules.length === 1 ? isConstantRule(first) : rules.slice(1).some((rule) => rule.source.isDefault);
  };
}

function partOf(context: TemplateContext, bound: Bound, part: Expression): Term | undefined {
  const { errors } = context;
  if (part.kind !== "call" && part.kind !== "term") {
    const message = `unexpected template-string expression type: ${part.kind}`;
    errors.push(problem("rego_compile_error", part.span, message));
    return undefined;
  }
  if (part.kind === "call") {
    const builtin = builtinOf(context.builtins, part.operator);
    if (builtin?.relation === true) {
      const message = `illegal call to relation built-in '${builtin.name}' that may cause multiple outputs`;
      errors.push(problem("rego_compile_error", undefined, message));
      return undefined;
    }
  }
  const constant = constantPart(part);
  if (constant !== undefined) return constant;
  const term: Term =
    part.kind === "term"
      ? part.term
      : { kind: "call", span: { ...part.span, untold: true }, operator: part.operator, args: part.args };
  if (term.kind === "var" || (term.kind === "ref" && context.isDefined(term.terms))) {
    return { kind: "set", span: term.span, items: [term] };
  }
  const open = [...variablesOf(term, safetyVariables).keys()].filter((name) => !bound.has(name)).toSorted();
  for (const name of open) {
    const message = `var ${shownName(context.written, name)} is undeclared`;
    errors.push(problem("rego_compile_error", term.span, message));
  }
  const { variable, expression } = capture(context.names, term);
  return {
    kind: "setComprehension",
    span: term.span,
    term: variable,
    body: [{ ...expression, generated: false, with: part.with }],
  };
}

function callFor(
  context: TemplateContext,
  bound: Bound,
  template: Term & { kind: "templateString" },
): CallTerm | undefined {
  const { span } = template;
  const before = context.errors.length;
  const items: Term[] = [];
  for (const part of template.parts) {
    if (typeof part === "string") items.push({ kind: "string", span, value: part });
    else {
      const term = partOf(context, bound, part);
      if (term !== undefined) items.push(term);
    }
  }
  if (context.errors.length > before) return undefined;
  if (items.length === 0) items.push({ kind: "string", span, value: "" });
  const name: Term = { kind: "string", span, value: "template_string" };
  return {
    kind: "call",
    span,
    operator: { kind: "ref", span, terms: [{ kind: "var", span, name: "internal" }, name] },
    args: [{ kind: "array", span, items }],
  };
}

class TemplateRewriter implements Rewriter {
  readonly #context: TemplateContext;
  readonly #bound: Bound;

  constructor(context: TemplateContext, bound: Bound) {
    this.#context = context;
    this.#bound = bound;
  }

  /** The rewriter for a body, where all that the body binds is bound. */
  #inside(body: Body, more: Iterable<string> = []): TemplateRewriter {
    const around = new Set([...this.#bound, ...more]);
    const outputs = outputsOfBody(body, this.#context.arity, around);
    for (const name of outputs) around.add(name);
    return new TemplateRewriter(this.#context, around);
  }

  readonly term = (term: Term): Term => {
    switch (term.kind) {
      case "templateString":
        return mapTerm(callFor(this.#context, this.#bound, term) ?? term, this);
      case "arrayComprehension":
      case "setComprehension": {
        const inside = this.#inside(term.body);
        return mapTerm({ ...term, body: inside.body(term.body), term: inside.#ownTemplate(term.term) }, this);
      }
      case "objectComprehension": {
        const inside = this.#inside(term.body);
        const [key, value] = [inside.#ownTemplate(term.key), inside.#ownTemplate(term.value)];
        return mapTerm({ ...term, body: inside.body(term.body), key, value }, this);
      }
      case "null":
      case "boolean":
      case "number":
      case "string":
      case "var":
      case "ref":
      case "call":
      case "array":
      case "object":
      case "set":
        return mapTerm(term, this);
    }
  };

  /**
   * What a closure puts together, where it is a template string itself. OPA then looks at all of the closure once more
   * from outside: what was wrong is told again, and template strings deeper in the term know only the names out there.
   */
  #ownTemplate(term: Term): Term {
    return term.kind === "templateString" ? (callFor(this.#context, this.#bound, term) ?? term) : term;
  }

  readonly expression = (expression: Expression): Expression => {
    if (expression.kind !== "every") return mapExpression(expression, this);
    const names = [expression.value.name, ...(expression.key === undefined ? [] : [expression.key.name])];
    const inside = this.#inside(expression.body, names);
    // A domain that is a template string itself is looked at before the body, all else of the expression after it.
    const domain = this.#ownTemplate(expression.domain);
    return mapExpression({ ...expression, domain, body: inside.body(expression.body) }, this);
  };

  readonly body = (body: Body): Body => mapList(body, this.expression);

  /** A body of its own, after which its names are bound for what follows. */
  whole(body: Body): { readonly body: Body; readonly after: TemplateRewriter } {
    const inside = this.#inside(body);
    return { body: inside.body(body), after: inside };
  }
}

/** Rewrites a query's template strings. */
export function rewriteTemplatesIn(context: TemplateContext, body: Body): Body {
  return new TemplateRewriter(context, new Set(["input", "data"])).whole(body).body;
}

function hasTemplate(rule: WorkRule): boolean {
  // Template strings begin with `$`: a module without one has none.
  return rule.module.source.span.source.text.includes('$"') || rule.module.source.span.source.text.includes("$`");
}

/** Rewrites the template strings of every rule. */
export function rewriteTemplates(compilation: Compilation, arity: Arity, tree: TreeNode): void {
  const errors: Diagnostic[] = [];
  const context: TemplateContext = {
    names: compilation.names,
    arity,
    builtins: compilation.options.builtins,
    written: compilation.written,
    isDefined: definedRules(tree),
    errors,
  };
  for (const module of compilation.modules) {
    for (const rule of rulesOf(module)) {
      if (!hasTemplate(rule)) continue;
      const names: Variables = new Map();
      for (const argument of rule.head.args ?? []) addTerm(argument, everyVariable, names);
      const rewriter = new TemplateRewriter(context, new Set([...names.keys(), "input", "data"]));
      const { body, after } = rewriter.whole(rule.body);
      rule.body = body;
      const { args, key, value } = rule.head;
      rule.head = {
        ...rule.head,
        ...(args === undefined ? {} : { args: args.map(after.term) }),
        ...(key === undefined ? {} : { key: after.term(key) }),
        ...(value === undefined ? {} : { value: after.term(value) }),
      };
    }
  }
  compilation.errors.fail(...errors);
}

/** What `with` may replace, and by what. Values that must be evaluated move before the expression. */
import type { BuiltinSignature } from "../builtins/builtin.ts";
import type { Diagnostic } from "../diagnostics.ts";
import type { Body, Expression, RefTerm, Term, With } from "../syntax/ast.ts";
import { operatorName } from "./calls.ts";
import { type Compilation, isFunction, type NameGenerator, problem, rulesOf } from "./compilation.ts";
import { requiresEvaluation } from "./constants.ts";
import { capture } from "./heads.ts";
import { asRef, mapExpression, mapTerm, numbered, type Rewriter } from "./rewrite.ts";
import { childOf, findNode, type TreeNode } from "./tree.ts";

/** What the pass needs to know. */
export interface WithContext {
  readonly names: NameGenerator;
  readonly tree: TreeNode;
  readonly builtins: ReadonlyMap<string, BuiltinSignature>;
  readonly unsafe: ReadonlySet<string>;
}

class WithError extends Error {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

function fail(term: Term, message: string, code: Diagnostic["code"] = "rego_compile_error"): never {
  throw new WithError(problem(code, term.span, message));
}

const replacing = "with keyword replacing built-in function:";

function nameOf(term: Term): string | undefined {
  if (term.kind === "var") return term.name;
  return term.kind === "ref" ? operatorName(term) : undefined;
}

function builtinNamed({ builtins, unsafe }: WithContext, term: Term): BuiltinSignature | undefined {
  const name = nameOf(term);
  if (name === undefined) return undefined;
  if (unsafe.has(name)) fail(term, `${replacing} target must not be unsafe: ${JSON.stringify(name)}`);
  return builtins.get(name);
}

function rootOf(term: Term): string | undefined {
  const head = term.kind === "ref" ? term.terms[0] : undefined;
  return head?.kind === "var" ? head.name : undefined;
}

function checkBuiltinTarget(builtin: BuiltinSignature, target: Term): void {
  const { name } = builtin;
  if (name === "eq" || name === "rego.metadata.chain" || name === "rego.metadata.rule") {
    fail(target, `${replacing} replacement of "${name}" invalid`);
  }
  if (name.startsWith("internal.")) {
    fail(target, `${replacing} replacement of internal function "${name}" invalid`);
  }
  if (builtin.relation === true) fail(target, `${replacing} target must not be a relation`);
  if (builtin.result === undefined) fail(target, `${replacing} target must not be a void function`);
}

function isFunctionValue(context: WithContext, value: Term): boolean {
  if (value.kind === "ref" && findNode(context.tree, value.terms) !== undefined) return true;
  return builtinNamed(context, value) !== undefined;
}

/** Whether a value that replaces a document under `data` must be evaluated. */
function checkDataTarget(context: WithContext, target: RefTerm, value: Term): boolean {
  let node: TreeNode | undefined = context.tree;
  for (const term of target.terms.slice(0, -1)) {
    const child: TreeNode | undefined = node === undefined ? undefined : childOf(node, term);
    if (child === undefined) break;
    if (child.rules.length > 0) fail(target, "with keyword cannot partially replace virtual document(s)");
    node = child;
  }
  const last = target.terms.at(-1);
  const replaced = node === undefined || last === undefined ? undefined : childOf(node, last);
  if (replaced?.rules.some(isFunction) === true && isFunctionValue(context, value)) return false;
  if (value.kind === "ref" && findNode(context.tree, value.terms)?.rules.some(isFunction) === true) return false;
  return requiresEvaluation(value);
}

/** A `with` in its final form, and whether its value must be evaluated first. */
function checked(context: WithContext, modifier: With): { readonly modifier: With; readonly evaluate: boolean } {
  const { target } = modifier;
  const value =
    modifier.value.kind === "var" && context.builtins.has(modifier.value.name) ? asRef(modifier.value) : modifier.value;
  const builtin = builtinNamed(context, target);
  const root = rootOf(target);
  if (root === "data" && target.kind === "ref") {
    return { modifier: { ...modifier, value }, evaluate: checkDataTarget(context, target, value) };
  }
  if (root === "input") return { modifier: { ...modifier, value }, evaluate: requiresEvaluation(value) };
  if (builtin !== undefined) {
    checkBuiltinTarget(builtin, target);
    const evaluate = !isFunctionValue(context, value) && requiresEvaluation(value);
    return { modifier: { ...modifier, target: asRef(target), value }, evaluate };
  }
  return fail(target, "with keyword target must reference existing input, data, or a function", "rego_type_error");
}

function rewriteBody(context: WithContext, body: Body, done: Map<With, With>): Body {
  const result: Expression[] = [];
  for (const expression of body) {
    if (expression.with.length === 0) {
      result.push(expression);
      continue;
    }
    const modifiers = expression.with.map((modifier) => {
      // What was flattened out of an expression shares its `with`: the value is evaluated once for all.
      const earlier = done.get(modifier);
      if (earlier !== undefined) return earlier;
      const { modifier: final, evaluate } = checked(context, modifier);
      let next = final;
      if (evaluate) {
        const { variable, expression: equality } = capture(context.names, final.value);
        result.push(equality);
        next = { ...final, value: variable };
      }
      done.set(modifier, next);
      return next;
    });
    result.push({ ...expression, with: modifiers });
  }
  return numbered(result);
}

/** The rewriter of bodies; the first fault of each body is given to `found`. */
export function withRewriter(context: WithContext, found: (error: Diagnostic) => void): Rewriter {
  const rewriter: Rewriter = {
    term: (term) => mapTerm(term, rewriter),
    expression: (expression) => mapExpression(expression, rewriter),
    body: (body) => {
      let changed: Body = body;
      try {
        if (body.some((expression) => expression.with.length > 0)) changed = rewriteBody(context, body, new Map());
      } catch (error) {
        if (!(error instanceof WithError)) throw error;
        found(error.diagnostic);
        return body;
      }
      return changed.map(rewriter.expression);
    },
  };
  return rewriter;
}

/** Rewrites every rule. */
export function rewriteWith(compilation: Compilation, tree: TreeNode): void {
  const context: WithContext = {
    names: compilation.names,
    tree,
    builtins: compilation.options.builtins,
    unsafe: compilation.options.unsafeBuiltins ?? new Set(),
  };
  const rewriter = withRewriter(context, (error) => compilation.errors.fail(error));
  for (const module of compilation.modules) {
    if (!module.source.span.source.text.includes("with")) continue;
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

/** Gives the local variables of every rule names of their own. */
import type { BuiltinSignature } from "../builtins/builtin.ts";
import type { Expression, RuleHead, Term } from "../syntax/ast.ts";
import { elseChain, problem, type Compilation, type WorkRule } from "./compilation.ts";
import { isScalar } from "./constants.ts";
import { addDeclared } from "./declared.ts";
import { LocalRewriter } from "./local-rewriter.ts";
import { mapExpression, mapList, mapTerm, type Rewriter } from "./rewrite.ts";
import { Scopes } from "./scopes.ts";
import { addBody, addTerm, everyVariable, isWildcard, variablesOf, type Variables } from "./variables.ts";
import { walkBody, walkHead } from "./walk.ts";

/** Whether a head has anything but scalars in it. */
export function headMayHaveVariables(head: RuleHead): boolean {
  const { args = [], key, value, ref } = head;
  return (
    args.some((term) => !isScalar(term)) ||
    (key !== undefined && !isScalar(key)) ||
    (value !== undefined && !isScalar(value)) ||
    ref.terms.slice(1).some((term) => !isScalar(term))
  );
}

/** The comprehensions and template strings of a head are closures of their own, apart from the body. */
function rewriteClosures(compilation: Compilation, term: Term): Term {
  const { errors, names, strict, written } = compilation;
  const change = (inner: Term): Term => {
    switch (inner.kind) {
      case "arrayComprehension":
      case "setComprehension":
      case "objectComprehension":
      case "templateString": {
        const scopes = new Scopes(written);
        const rewriter = new LocalRewriter(names, scopes, strict);
        const result = rewriter.term(inner);
        errors.fail(...rewriter.errors);
        errors.note(...scopes.unused);
        return result;
      }
      case "array":
      case "set":
      case "object":
      case "ref":
      case "call":
        return mapTerm(inner, { term: change, body: (body) => body, expression: (expression) => expression });
      case "null":
      case "boolean":
      case "number":
      case "string":
      case "var":
        return inner;
    }
  };
  return change(term);
}

/** Names an argument's variables; answers the argument with them. */
function rewriteArgument(compilation: Compilation, scopes: Scopes, term: Term): Term {
  const change = (inner: Term): Term => {
    switch (inner.kind) {
      case "var": {
        const known = scopes.declared(inner.name);
        if (known !== undefined) {
          scopes.see(inner.name);
          return { ...inner, name: known };
        }
        const name = compilation.names.name();
        scopes.insert(inner.name, name, "argument");
        return { kind: "var", span: inner.span, name };
      }
      case "object":
        return { ...inner, entries: inner.entries.map(([key, value]) => [key, change(value)] as const) };
      case "array":
        return { ...inner, items: inner.items.map(change) };
      case "ref":
        return { ...inner, terms: inner.terms.map(change) };
      case "call": {
        const message = "rule arguments cannot contain calls";
        compilation.errors.fail(problem("rego_compile_error", inner.span, message));
        return inner;
      }
      case "null":
      case "boolean":
      case "number":
      case "string":
      case "set":
      case "arrayComprehension":
      case "setComprehension":
      case "objectComprehension":
      case "templateString":
        return inner;
    }
  };
  return change(term);
}

/** A variable called as a builtin is renamed, lest later passes take it for the builtin. */
function renameBuiltinNames(
  compilation: Compilation,
  builtins: ReadonlyMap<string, BuiltinSignature>,
  scopes: Scopes,
  rule: WorkRule,
): void {
  const inBody: Variables = new Map();
  addBody(rule.body, { skipCallHead: true, skipClosures: true }, inBody);
  const candidates = [...inBody.keys()].filter((name) => builtins.has(name));
  if (candidates.length === 0) return;
  const declared = new Set<string>();
  addDeclared(rule.body, declared);
  const inWith: Variables = new Map();
  const visitor = {
    with: (modifier: Expression["with"][number]): boolean => {
      addTerm(modifier.target, { skipCallHead: true }, inWith);
      addTerm(modifier.value, { skipCallHead: true }, inWith);
      return false;
    },
  };
  for (const each of elseChain(rule)) {
    walkHead(each.head, visitor);
    walkBody(each.body, visitor);
  }
  for (const name of candidates.toSorted()) {
    if (declared.has(name) || inWith.has(name) || scopes.declared(name) !== undefined) continue;
    scopes.insert(name, compilation.names.name(), "seen");
  }
}

/** Puts new names in place of old ones, closures included. */
function renaming(names: ReadonlyMap<string, string>): Rewriter {
  const rewriter: Rewriter = {
    term: (term) => {
      if (term.kind !== "var") return mapTerm(term, rewriter);
      const name = names.get(term.name);
      return name === undefined || name === term.name ? term : { kind: "var", span: term.span, name };
    },
    body: (body) => mapList(body, rewriter.expression),
    expression: (expression) => mapExpression(expression, rewriter),
  };
  return rewriter;
}

function rewriteHead(head: RuleHead, change: (term: Term) => Term): RuleHead {
  const { args, key, value, ref } = head;
  const [name, ...rest] = ref.terms;
  return {
    ...head,
    ref: name === undefined || rest.length === 0 ? ref : { ...ref, terms: [name, ...rest.map(change)] },
    ...(args === undefined ? {} : { args: args.map(change) }),
    ...(key === undefined ? {} : { key: change(key) }),
    ...(value === undefined ? {} : { value: change(value) }),
  };
}

function rewriteRule(
  compilation: Compilation,
  rule: WorkRule,
  unusedArguments: Set<string>,
  argumentScopes: Scopes,
): Scopes {
  const { errors, names, strict } = compilation;
  const scalar = !headMayHaveVariables(rule.head);
  const used: Variables = new Map();
  if (!scalar) {
    const closures = (term: Term): Term => rewriteClosures(compilation, term);
    const { ref } = rule.head;
    rule.head = { ...rewriteHead(rule.head, closures), ref };
    for (const term of ref.terms.slice(1)) addTerm(term, everyVariable, used);
    const { key, value } = rule.head;
    if (key !== undefined) addTerm(key, everyVariable, used);
    if (value !== undefined) {
      const inValue = variablesOf(value);
      for (const name of inValue.keys()) {
        unusedArguments.delete(name);
        used.set(name, undefined);
      }
    }
  }
  const scopes = argumentScopes.copy();
  renameBuiltinNames(compilation, compilation.options.builtins, scopes, rule);
  const rewriter = new LocalRewriter(names, scopes, strict);
  rule.body = rewriter.bodyOf(rule.body, new Set(used.keys()));
  if (!scalar) rule.head = rewriteHead(rule.head, renaming(scopes.top.names).term);
  errors.fail(...rewriter.errors);
  errors.note(...scopes.unused);
  return scopes;
}

function rewriteChain(compilation: Compilation, first: WorkRule): void {
  const { errors, strict, written } = compilation;
  const unusedArguments = new Set<string>();
  if (strict) {
    const inArguments: Variables = new Map();
    for (const term of first.head.args ?? []) addTerm(term, everyVariable, inArguments);
    for (const name of inArguments.keys()) unusedArguments.add(name);
  }
  const scopes = new Scopes(written);
  if (first.head.args !== undefined) {
    const args = first.head.args.map((term) => rewriteArgument(compilation, scopes, term));
    first.head = { ...first.head, args };
  }
  for (const rule of elseChain(first)) {
    const after = rewriteRule(compilation, rule, unusedArguments, scopes);
    for (const name of unusedArguments) if (after.count(name) > 1) unusedArguments.delete(name);
  }
  for (const name of unusedArguments) {
    if (isWildcard(name)) continue;
    const message = `unused argument ${name}. (hint: use _ (wildcard variable) instead)`;
    errors.note(problem("rego_compile_error", first.head.span, message));
  }
}

/** Rewrites every rule of every module. */
export function rewriteLocals(compilation: Compilation): void {
  for (const module of compilation.modules) {
    for (const first of module.rules) rewriteChain(compilation, first);
  }
}

import type { Span } from "../source.ts";
import type { RefTerm, Term } from "../syntax/ast.ts";
import { isEvaluable } from "./evaluable.ts";
import type { Callee, Operand } from "./plan.ts";
import { resultGroup } from "./result-group.ts";
import type { Scope } from "./scope.ts";
import { unify } from "./unify.ts";

/** A call as a term: its result. */
export function planCall(scope: Scope, operator: RefTerm, args: readonly Term[], span: Span): Operand {
  const document = documentOf(scope, operator);
  if (document !== undefined) return document;
  const callee = calleeOf(scope, operator);
  const values = args.map((arg) => scope.evaluateDefined(arg));
  const result = scope.local(lastName(operator));
  scope.push({ kind: "call", callee, args: values, result, span });
  return result;
}

/** A call as an expression: with one argument more than its arity, that one is unified with the result. */
export function planCallExpression(scope: Scope, operator: RefTerm, args: readonly Term[], span: Span): void {
  const name = builtinName(operator);
  if (args.length === 2 && (name === "eq" || name === "assign")) {
    const [left, right] = args;
    if (left !== undefined && right !== undefined) unify(scope, { term: left }, { term: right });
    return;
  }
  const document = documentOf(scope, operator);
  if (document !== undefined) {
    const [output] = args;
    if (output === undefined) scope.push({ kind: "test", value: document });
    else unify(scope, { term: output }, { operand: document });
    return;
  }
  const callee = calleeOf(scope, operator);
  const arity = arityOf(scope, callee);
  const output = args.length > arity ? args[arity] : undefined;
  const values = args.slice(0, arity).map((arg) => scope.evaluateDefined(arg));
  if (callee.kind === "builtin" && scope.world.builtin(callee.name)?.relation === true) {
    const result = scope.local("output");
    scope.push({ kind: "relate", name: callee.name, args: values, result, span });
    if (output !== undefined) unify(scope, { term: output }, { operand: result });
    return;
  }
  if (output === undefined) {
    scope.push({ kind: "call", callee, args: values, span });
    return;
  }
  if (output.kind === "var" && scope.valueOf(output.name) === undefined) {
    const result = scope.local(lastName(operator));
    scope.push({ kind: "call", callee, args: values, result, span });
    scope.bind(output.name, result);
    return;
  }
  if (callee.kind === "function" && isEvaluable(scope, output)) {
    const known = scope.evaluateDefined(output);
    scope.world.askResult(callee.group);
    const asked: Callee = { kind: "function", group: resultGroup(callee.group), base: callee.group };
    scope.push({ kind: "call", callee: asked, args: [...values, known], span });
    return;
  }
  const result = scope.local(lastName(operator));
  scope.push({ kind: "call", callee, args: values, result, span });
  unify(scope, { term: output }, { operand: result });
}

/** The document that a call without arguments asks for: `f() = x { … }` is a rule like any other, and `f()` its value. */
function documentOf(scope: Scope, operator: RefTerm): Operand | undefined {
  const [head, ...rest] = operator.terms;
  if (head?.kind !== "var" || head.name !== "data") return undefined;
  const node = scope.world.nodeAt(rest.flatMap((term) => (term.kind === "string" ? [term.value] : [])));
  return node?.kind === "group" ? { kind: "document", group: node.id } : undefined;
}

/** What an operator names: a function of the policy, or a builtin. */
export function calleeOf(scope: Scope, operator: RefTerm): Callee {
  const [head, ...rest] = operator.terms;
  if (head?.kind === "var" && head.name === "data") {
    const path = rest.flatMap((term) => (term.kind === "string" ? [term.value] : []));
    const node = scope.world.nodeAt(path);
    if (node?.kind !== "function") throw new Error(`data.${path.join(".")} is no function`);
    return { kind: "function", group: node.id };
  }
  return { kind: "builtin", name: builtinName(operator) ?? "" };
}

/** How many arguments a callee takes, its result not counted. */
export function arityOf(scope: Scope, callee: Callee): number {
  if (callee.kind === "builtin") {
    const shape = scope.world.builtin(callee.name);
    if (shape === undefined) throw new Error(`there is no builtin ${callee.name}`);
    return shape.arity;
  }
  // as: the id of a group is its path as JSON text
  const node = scope.world.nodeAt(JSON.parse(callee.group) as string[]);
  return node?.kind === "function" ? (node.rules[0]?.rule.head.args?.length ?? 0) : 0;
}

/** A builtin's name as written in a ref: `io.jwt.decode`; undefined where the ref cannot name one. */
export function builtinName(operator: RefTerm): string | undefined {
  const parts: string[] = [];
  for (const [at, term] of operator.terms.entries()) {
    if (at === 0 && term.kind === "var") parts.push(term.name);
    else if (at > 0 && term.kind === "string") parts.push(term.value);
    else return undefined;
  }
  return parts.join(".");
}

function lastName(operator: RefTerm): string {
  const last = operator.terms.at(-1);
  return last?.kind === "string" ? last.value : last?.kind === "var" ? last.name : "result";
}

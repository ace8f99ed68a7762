import type { CheckedRule } from "../check/program.ts";
import type { Rule, Term } from "../syntax/ast.ts";
import { type GroupNode, segmentTerm } from "./documents.ts";
import type { Alternative, Chain, Group, Insertion, Local, Operand } from "./plan.ts";
import { Scope } from "./scope.ts";
import { unify } from "./unify.ts";
import type { World } from "./world.ts";

/** Plans the rules that make one document, or one function. */
export function planGroup(world: World, node: GroupNode): Group {
  const { id, path } = node;
  const rules = node.rules.filter((rule) => !rule.rule.isDefault);
  const fallback = node.rules.find((rule) => rule.rule.isDefault);
  const common = { id, path, masks: [] };
  switch (node.document) {
    case "complete": {
      const chains = rules.map((rule) => planChain(world, rule, []));
      if (fallback === undefined) return { ...common, kind: "complete", chains };
      return { ...common, kind: "complete", chains, default: planDefault(world, fallback, []) };
    }
    case "function": {
      const params = paramsOf(node.rules[0]);
      const chains = rules.map((rule) => planChain(world, rule, params));
      if (fallback === undefined) return { ...common, kind: "function", params, chains };
      return { ...common, kind: "function", params, chains, default: planDefault(world, fallback, params) };
    }
    case "set":
      return { ...common, kind: "set", bodies: rules.map((rule) => planElement(world, rule)) };
    case "object":
      return { ...common, kind: "object", bodies: rules.map((rule) => planInsertion(world, node, rule)) };
  }
}

function paramsOf(checked: CheckedRule | undefined): readonly Local[] {
  if (checked === undefined) return [];
  return (checked.rule.head.args ?? []).map((arg, at) => {
    const written = arg.kind === "var" && arg.wildcard !== true ? (checked.names.get(arg.name) ?? arg.name) : "arg";
    return { kind: "local", id: at, hint: written };
  });
}

function planChain(world: World, checked: CheckedRule, params: readonly Local[]): Chain {
  const chain: Alternative[] = [];
  for (let rule: Rule | undefined = checked.rule; rule !== undefined; rule = rule.else) {
    chain.push(planAlternative(world, checked, rule, params));
  }
  return chain;
}

function planDefault(world: World, checked: CheckedRule, params: readonly Local[]): Alternative {
  return planAlternative(world, checked, checked.rule, params);
}

function planAlternative(world: World, checked: CheckedRule, rule: Rule, params: readonly Local[]): Alternative {
  const scope = Scope.root(world, checked.names, params.length);
  bindArguments(scope, rule.head.args ?? [], params);
  scope.plan(rule.body);
  const value = headValue(scope, rule);
  return { goals: scope.goals, value, span: rule.head.span };
}

function bindArguments(scope: Scope, args: readonly Term[], params: readonly Local[]): void {
  const patterns: (readonly [Term, Local])[] = [];
  for (const [at, arg] of args.entries()) {
    const param = params[at];
    if (param === undefined) continue;
    // Plain variables first, so that patterns may use them.
    if (arg.kind === "var" && scope.valueOf(arg.name) === undefined) scope.bind(arg.name, param);
    else patterns.push([arg, param]);
  }
  for (const [term, param] of patterns) unify(scope, { term }, { operand: param });
}

function headValue(scope: Scope, rule: Rule): Operand {
  const { value } = rule.head;
  if (value !== undefined) return scope.evaluateDefined(value);
  return { kind: "constant", term: { kind: "boolean", value: true, span: rule.head.span } };
}

function planElement(world: World, checked: CheckedRule): Alternative {
  const { rule } = checked;
  const scope = Scope.root(world, checked.names);
  scope.plan(rule.body);
  if (rule.head.key === undefined) throw new Error("a rule of a set has an element");
  const value = scope.evaluateDefined(rule.head.key);
  return { goals: scope.goals, value, span: rule.head.span };
}

function planInsertion(world: World, node: GroupNode, checked: CheckedRule): Insertion {
  const { rule } = checked;
  const scope = Scope.root(world, checked.names);
  scope.plan(rule.body);
  const names = checked.path.slice(node.path.length);
  const fixed = names.map((segment): Operand => ({ kind: "constant", term: segmentTerm(segment) }));
  const keys = [...fixed, ...checked.keys.map((key) => scope.evaluateDefined(key))];
  const { key } = rule.head;
  const element = key === undefined ? undefined : scope.evaluateDefined(key);
  const value = element ?? headValue(scope, rule);
  const leaf = element === undefined ? "value" : "element";
  return { goals: scope.goals, keys, leaf, value, span: rule.head.span };
}

import type { CheckedRule } from "../check/program.ts";
import type { Rule, Term } from "../syntax/ast.ts";
import { type GroupNode, segmentTerm } from "./documents.ts";
import { admissionsOf } from "./index/admissions.ts";
import { isConstant } from "./index/constraint.ts";
import {
  type Admission,
  type Alternative,
  always,
  type Chain,
  type Group,
  type Insertion,
  type Local,
  type Operand,
  type Selection,
} from "./plan.ts";
import { hasOpenArgument } from "./open-argument.ts";
import { OpenVariable } from "./open-variable.ts";
import { resultGroup } from "./result-group.ts";
import { Scope } from "./scope.ts";
import { unify } from "./unify.ts";
import type { World } from "./world.ts";

/** Plans the rules that make one document, or one function. */
export function planGroup(world: World, node: GroupNode): Group {
  const { id, path } = node;
  const rules = node.rules.filter((rule) => !rule.rule.isDefault);
  const params = node.document === "function" ? paramsOf(node.rules[0]) : [];
  const admissions = admissionsOf(world.root, node, params);
  const fallback = node.rules.find((rule) => rule.rule.isDefault);
  const common = { id, path, masks: [] };
  switch (node.document) {
    case "complete": {
      const chains = rules.map((rule) => planChain(world, rule, [], admissions));
      if (fallback === undefined) return { ...common, kind: "complete", chains };
      return { ...common, kind: "complete", chains, default: planDefault(world, fallback, []) };
    }
    case "function": {
      const chains = rules.map((rule) => planChain(world, rule, params, admissions));
      if (fallback === undefined) return { ...common, kind: "function", params, chains };
      return { ...common, kind: "function", params, chains, default: planDefault(world, fallback, params) };
    }
    case "set":
      return {
        ...common,
        kind: "set",
        bodies: rules.map((rule) => planElement(world, rule, [], admissions)),
        selections: [],
      };
    case "object":
      return {
        ...common,
        kind: "object",
        bodies: rules.map((rule) => planInsertion(world, node, rule, [], admissions)),
        selections: [],
      };
  }
}

/** The bodies of a group where so many keys of it are asked for. */
export function planSelection(world: World, node: GroupNode, keys: number): Selection<Alternative | Insertion> {
  const params = Array.from({ length: keys }, (_, id): Local => ({ kind: "local", id, hint: "key" }));
  const admissions = admissionsOf(world.root, node, []);
  let isLess = false;
  const bodies = node.rules.flatMap((rule): readonly (Alternative | Insertion)[] => {
    try {
      return node.document === "set"
        ? [planElement(world, rule, params, admissions)]
        : [planInsertion(world, node, rule, params, admissions)];
    } catch (thrown) {
      // A set is compared as it is, and nothing is equal to one with a variable in it.
      if (!(thrown instanceof OpenVariable)) throw thrown;
      isLess = true;
      return [];
    }
  });
  return { isLess, params, bodies };
}

/**
 * A function as it is asked whether its result is one that is known: `f(x, 2)`. As in OPA the result is held against
 * what a rule gives before its body runs, so a rule that gives something else is as good as one that fails: its `else`
 * may still give the result, and nothing is in conflict.
 */
export function planResultGroup(world: World, node: GroupNode): Group {
  const args = paramsOf(node.rules[0]);
  const params: readonly Local[] = [...args, { kind: "local", id: args.length, hint: "result" }];
  const admissions = admissionsOf(world.root, node, args);
  const rules = node.rules.filter((rule) => !rule.rule.isDefault);
  const fallback = node.rules.find((rule) => rule.rule.isDefault);
  const common = { id: resultGroup(node.id), path: [...node.path, "is"], masks: [], kind: "function", params } as const;
  const chains = rules.map((checked) =>
    chainOf(checked).map((rule) => planWithResult(world, checked, rule, params, admissions.get(rule))),
  );
  if (fallback === undefined) return { ...common, chains };
  return { ...common, chains, default: planWithResult(world, fallback, fallback.rule, params) };
}

function planWithResult(
  world: World,
  checked: CheckedRule,
  rule: Rule,
  params: readonly Local[],
  admission: Admission = always,
): Alternative {
  const { args = [], value, span } = rule.head;
  const yes = yesOf(rule);
  const common = { admission, isWritten: true, value: { kind: "constant", term: yes }, span } as const;
  if (hasOpenArgument(args)) return neverOf(rule, admission);
  const scope = Scope.root(world, checked.names, params.length);
  try {
    bindArguments(scope, [...args, value ?? yes], params);
  } catch (thrown) {
    // A set is compared as it is, and nothing is equal to one with a variable in it.
    if (!(thrown instanceof OpenVariable)) throw thrown;
    return neverOf(rule, admission);
  }
  scope.plan(rule.body);
  return { ...common, goals: scope.goals };
}

function yesOf({ head: { span } }: Rule): Term {
  return { kind: "boolean", value: true, span };
}

/** A rule that nothing matches. */
function neverOf(rule: Rule, admission: Admission): Alternative {
  const value = { kind: "constant", term: yesOf(rule) } as const;
  return { admission, isWritten: true, goals: [{ kind: "fail" }], value, span: rule.head.span };
}

function paramsOf(checked: CheckedRule | undefined): readonly Local[] {
  if (checked === undefined) return [];
  return (checked.rule.head.args ?? []).map((arg, at) => {
    const written = arg.kind === "var" && arg.wildcard !== true ? (checked.names.get(arg.name) ?? arg.name) : "arg";
    return { kind: "local", id: at, hint: written };
  });
}

type Admissions = ReadonlyMap<Rule, Admission>;

function planChain(world: World, checked: CheckedRule, params: readonly Local[], admissions: Admissions): Chain {
  return chainOf(checked).map((rule) => planAlternative(world, checked, rule, params, admissions.get(rule)));
}

/** A rule and its elses in order. */
function chainOf(checked: CheckedRule): readonly Rule[] {
  const chain: Rule[] = [];
  for (let rule: Rule | undefined = checked.rule; rule !== undefined; rule = rule.else) chain.push(rule);
  return chain;
}

function planDefault(world: World, checked: CheckedRule, params: readonly Local[]): Alternative {
  return planAlternative(world, checked, checked.rule, params, always);
}

function planAlternative(
  world: World,
  checked: CheckedRule,
  rule: Rule,
  params: readonly Local[],
  admission: Admission = always,
): Alternative {
  const { args = [] } = rule.head;
  if (hasOpenArgument(args)) return neverOf(rule, admission);
  const scope = Scope.root(world, checked.names, params.length);
  bindArguments(scope, args, params);
  scope.plan(rule.body);
  const value = headValue(scope, rule);
  const isWritten = rule.head.value === undefined || isConstant(rule.head.value);
  return { admission, isWritten, goals: scope.goals, value, span: rule.head.span };
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
  return { kind: "constant", term: yesOf(rule) };
}

/** The terms that are keys, and the values that they are asked to have; without a value they are left as they are. */
function bindKeys(scope: Scope, keys: readonly Term[], asked: readonly Local[]): void {
  for (const [at, term] of keys.entries()) {
    const local = asked[at];
    if (local !== undefined) unify(scope, { term }, { operand: local });
  }
}

function planElement(world: World, checked: CheckedRule, asked: readonly Local[], admissions: Admissions): Alternative {
  const { rule } = checked;
  const scope = Scope.root(world, checked.names, asked.length);
  if (rule.head.key === undefined) throw new Error("a rule of a set has an element");
  bindKeys(scope, [rule.head.key], asked);
  scope.plan(rule.body);
  const value = scope.evaluateDefined(rule.head.key);
  const admission = admissions.get(rule) ?? always;
  return { admission, isWritten: false, goals: scope.goals, value, span: rule.head.span };
}

function planInsertion(
  world: World,
  node: GroupNode,
  checked: CheckedRule,
  asked: readonly Local[],
  admissions: Admissions,
): Insertion {
  const { rule } = checked;
  const scope = Scope.root(world, checked.names, asked.length);
  const names = checked.path.slice(node.path.length).map(segmentTerm);
  bindKeys(scope, [...names, ...checked.keys, ...(rule.head.key === undefined ? [] : [rule.head.key])], asked);
  scope.plan(rule.body);
  const fixed = names.map((term): Operand => ({ kind: "constant", term }));
  const keys = [...fixed, ...checked.keys.map((key) => scope.evaluateDefined(key))];
  const { key } = rule.head;
  const element = key === undefined ? undefined : scope.evaluateDefined(key);
  const value = element ?? headValue(scope, rule);
  const leaf = element === undefined ? "value" : "element";
  const admission = admissions.get(rule) ?? always;
  return { admission, goals: scope.goals, keys, leaf, value, span: rule.head.span };
}

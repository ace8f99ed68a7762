/** Hands over what the passes have made. */
import type { Rule, Term } from "../syntax/ast.ts";
import { type Compilation, isFunction, isMultiValue, rulePath, type WorkRule } from "./compilation.ts";
import { groundPrefix } from "./constants.ts";
import type { Graph } from "./graph.ts";
import { type CheckedRule, pathSegment, type Program, ruleKey, type RuleTree } from "./program.ts";
import { distinctNames } from "./distinct-names.ts";
import type { TreeNode } from "./tree.ts";
import type { Type } from "./type.ts";

/** The ground path of a rule below `data`. */
export function groundPath(rule: WorkRule): readonly string[] {
  return groundPrefix(rulePath(rule)).slice(1).map(pathSegment);
}

function documentOf(rule: WorkRule, keys: readonly Term[]): CheckedRule["document"] {
  if (isFunction(rule)) return "function";
  if (keys.length > 0) return "object";
  return isMultiValue(rule) ? "set" : "complete";
}

function finished(rule: WorkRule, names: Map<string, string>, fresh: () => string): Rule {
  const { head, body } = distinctNames(rule, names, fresh);
  return {
    ...rule.source,
    head,
    body,
    ...(rule.else === undefined ? {} : { else: finished(rule.else, names, fresh) }),
  };
}

function checkedRule(compilation: Compilation, rule: WorkRule): CheckedRule {
  const names = compilation.written;
  const prefix = groundPrefix(rulePath(rule));
  const keys = rulePath(rule).slice(prefix.length);
  return {
    rule: finished(rule, names, () => compilation.names.name()),
    path: groundPath(rule),
    keys,
    document: documentOf(rule, keys),
    names,
  };
}

function treeOf(node: TreeNode, checked: ReadonlyMap<WorkRule, CheckedRule>): RuleTree {
  const children = new Map<string, RuleTree>();
  for (const child of node.children.values()) {
    if (child.key !== undefined) children.set(pathSegment(child.key), treeOf(child, checked));
  }
  const rules: CheckedRule[] = [];
  for (const rule of node.rules) {
    const found = checked.get(rule);
    if (found !== undefined) rules.push(found);
  }
  return { rules, children };
}

function dependenciesOf(graph: Graph): ReadonlyMap<string, ReadonlySet<string>> {
  const keys = new Map<WorkRule, string>();
  for (const rule of graph.rules) keys.set(rule, ruleKey(groundPath(rule)));
  const result = new Map<string, Set<string>>();
  for (const rule of graph.rules) {
    const key = keys.get(rule) ?? "";
    const needs = result.get(key) ?? new Set<string>();
    result.set(key, needs);
    for (const need of graph.edges.get(rule) ?? []) needs.add(keys.get(need) ?? "");
  }
  return result;
}

/** The program that the passes have made of the modules. */
export function programOf(
  compilation: Compilation,
  tree: TreeNode,
  graph: Graph,
  types: ReadonlyMap<string, Type>,
): Program {
  const checked = new Map<WorkRule, CheckedRule>();
  const modules = compilation.modules.map((module) => {
    const rules = module.rules.map((rule) => {
      const done = checkedRule(compilation, rule);
      checked.set(rule, done);
      return done;
    });
    return { source: module.source, version: module.source.version, rules, annotations: module.source.annotations };
  });
  const root = tree.children.get("$data");
  return {
    modules,
    tree: root === undefined ? { rules: [], children: new Map() } : treeOf(root, checked),
    dependencies: dependenciesOf(graph),
    types,
  };
}

/** Rules that need themselves. */
import type { Diagnostic } from "../diagnostics.ts";
import { elseChain, problem, rulePath, type Compilation, type WorkRule } from "./compilation.ts";
import { writtenRef } from "./functions.ts";
import type { Graph } from "./graph.ts";
import { dynamicCause } from "./recursion-cause.ts";
import { printRef } from "../syntax/print.ts";
import { depthFirst, type TreeNode } from "./tree.ts";

/** The rules that lie on some cycle: those of Tarjan's components that have one, found without recursion. */
function cyclicRules(graph: Graph): ReadonlySet<WorkRule> {
  const cyclic = new Set<WorkRule>();
  const index = new Map<WorkRule, number>();
  const low = new Map<WorkRule, number>();
  const open: WorkRule[] = [];
  const isOpen = new Set<WorkRule>();
  const enter = (rule: WorkRule): { rule: WorkRule; edges: readonly WorkRule[]; next: number } => {
    low.set(rule, index.size);
    index.set(rule, index.size);
    open.push(rule);
    isOpen.add(rule);
    return { rule, edges: [...(graph.edges.get(rule) ?? [])], next: 0 };
  };
  const lower = (rule: WorkRule, value: number): void => {
    low.set(rule, Math.min(low.get(rule) ?? value, value));
  };
  const close = (rule: WorkRule): void => {
    if (low.get(rule) !== index.get(rule)) return;
    const component = open.splice(open.indexOf(rule));
    for (const each of component) isOpen.delete(each);
    if (component.length > 1 || graph.edges.get(rule)?.has(rule) === true)
      for (const each of component) cyclic.add(each);
  };
  for (const start of graph.rules) {
    if (index.has(start)) continue;
    const stack = [enter(start)];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.edges[top.next];
      top.next += 1;
      if (next === undefined) {
        close(top.rule);
        stack.pop();
        const above = stack.at(-1);
        if (above !== undefined) lower(above.rule, low.get(top.rule) ?? 0);
      } else if (!index.has(next)) stack.push(enter(next));
      else if (isOpen.has(next)) lower(top.rule, index.get(next) ?? 0);
    }
  }
  return cyclic;
}

/** A way from a rule back to itself. */
function cycleOf(
  rule: WorkRule,
  cyclic: ReadonlySet<WorkRule>,
  edges: (rule: WorkRule) => Iterable<WorkRule>,
): readonly WorkRule[] | undefined {
  const visited = new Set<WorkRule>();
  const path: WorkRule[] = [rule];
  // A way that closes at once is the one to show.
  const ways = (from: WorkRule): WorkRule[] => {
    const next = [...edges(from)];
    return next.includes(rule) ? [rule] : next;
  };
  const stack = [ways(rule)];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const next = top.shift();
    if (next === undefined) {
      stack.pop();
      path.pop();
    } else if (next === rule) {
      return [...path, rule];
    } else if (cyclic.has(next) && !visited.has(next)) {
      visited.add(next);
      path.push(next);
      stack.push(ways(next));
    }
  }
  return undefined;
}

/** Tells of every rule that needs itself, certainly or by a variable's value. */
export function checkRecursion(compilation: Compilation, tree: TreeNode, graph: Graph): void {
  const cyclic = cyclicRules(graph);
  if (cyclic.size === 0) return;
  const text = (rule: WorkRule): string => {
    const terms = rulePath(rule);
    return printRef(writtenRef({ kind: "ref", span: rule.source.span, terms }, compilation.written).terms);
  };
  const error = (rule: WorkRule): Diagnostic | undefined => {
    let path = cycleOf(rule, cyclic, (each) => graph.edges.get(each) ?? []);
    if (path === undefined) return undefined;
    let verb = "is";
    let cause = "";
    const isDynamic = path.some((each, at) => at > 0 && graph.dynamic.get(path?.[at - 1] ?? each)?.has(each) === true);
    if (isDynamic) {
      const certain = cycleOf(rule, cyclic, (each) =>
        [...(graph.edges.get(each) ?? [])].filter((next) => graph.dynamic.get(each)?.has(next) !== true),
      );
      if (certain === undefined) {
        verb = "may be";
        cause = dynamicCause(compilation, graph, path, text);
      } else path = certain;
    }
    const message = `rule ${text(rule)} ${verb} recursive: ${path.map(text).join(" -> ")}${cause}`;
    return problem("rego_recursion_error", rule.source.span, message);
  };
  depthFirst(tree, (node) => {
    for (const first of node.rules) {
      for (const rule of elseChain(first)) {
        if (!cyclic.has(rule)) continue;
        const found = error(rule);
        if (found !== undefined) compilation.errors.fail(found);
      }
    }
    return false;
  });
}

/** Which rules need which. */
import type { Body, RefTerm, RuleHead, Term } from "../syntax/ast.ts";
import { elseChain, rulesOf, type WorkModule, type WorkRule } from "./compilation.ts";
import { isConstant } from "./constants.ts";
import { knownBindings, narrow } from "./narrowing.ts";
import { isResolvedHead } from "./resolve.ts";
import { type TreeNode, rulesReadBy } from "./tree.ts";
import { addExpression, addTerm, everyVariable, type Variables } from "./variables.ts";
import { walkExpression, walkHead } from "./walk.ts";
import { selects } from "./selection.ts";

/** A ref that may read a rule only if a variable in it has the right value. */
export interface DynamicEdge {
  /** As written. */
  readonly ref: RefTerm;
  /** Narrowed to what its variables can be, where that leaves one ref. */
  readonly selecting: RefTerm;
  /** The body expression that it stands in; past the body for the head. */
  readonly at: number;
  readonly bound: ReadonlySet<string>;
  /** The rule's head and body as they were then. */
  readonly head: RuleHead;
  readonly body: Body;
}

/** The rules with what each needs. */
export interface Graph {
  readonly rules: readonly WorkRule[];
  readonly edges: ReadonlyMap<WorkRule, ReadonlySet<WorkRule>>;
  readonly reverse: ReadonlyMap<WorkRule, ReadonlySet<WorkRule>>;
  /** The edges that only a variable's value makes. */
  readonly dynamic: ReadonlyMap<WorkRule, ReadonlyMap<WorkRule, DynamicEdge>>;
}

interface Dependency extends DynamicEdge {
  readonly rule: WorkRule;
  readonly isStatic: boolean;
}

function hasVariables(ref: RefTerm): boolean {
  return ref.terms.some((term, index) => index > 0 && !isConstant(term));
}

function namesBefore(rule: WorkRule, at: number): ReadonlySet<string> {
  const names: Variables = new Map();
  walkHead(rule.head, {
    term: (term) => {
      addTerm(term, everyVariable, names);
      return true;
    },
  });
  const [, key] = rule.head.ref.terms;
  // The key of `p[x] := …` counts as part of the head; those of longer refs do not.
  if (key !== undefined && rule.head.ref.terms.length === 2) addTerm(key, everyVariable, names);
  for (const expression of rule.body.slice(0, at)) addExpression(expression, everyVariable, names);
  return new Set(names.keys());
}

function startsAtData(term: Term): term is RefTerm {
  if (term.kind !== "ref") return false;
  const [head] = term.terms;
  return head?.kind === "var" && head.name === "data" && !(isResolvedHead(head) && head.hidden);
}

function dependenciesOf(rule: WorkRule, tree: TreeNode): readonly Dependency[] {
  const result: Dependency[] = [];
  const { head, body } = rule;
  let bindings: ReturnType<typeof knownBindings> | undefined;
  const bounds = new Map<number, ReadonlySet<string>>();
  const add = (ref: RefTerm, at: number): void => {
    if (!hasVariables(ref)) {
      for (const read of rulesReadBy(tree, ref)) {
        result.push({ ref, selecting: ref, at, bound: new Set(), rule: read, isStatic: true, head, body });
      }
      return;
    }
    bindings ??= knownBindings(rule.body);
    const narrowed = narrow(ref, bindings, at);
    const [only] = narrowed;
    const selecting = narrowed.length === 1 && only !== undefined ? only : ref;
    let bound = bounds.get(at);
    if (bound === undefined) {
      bound = namesBefore(rule, at);
      bounds.set(at, bound);
    }
    for (const each of narrowed) {
      for (const read of rulesReadBy(tree, each)) {
        result.push({ ref, selecting, at, bound, rule: read, isStatic: selects(selecting, read, bound), head, body });
      }
    }
  };
  const visitor = (at: number): { readonly term: (term: Term) => boolean } => ({
    term: (term) => {
      if (startsAtData(term)) add(term, at);
      return false;
    },
  });
  rule.body.forEach((expression, index) => walkExpression(expression, visitor(index)));
  walkHead(rule.head, visitor(rule.body.length));
  return result;
}

/** Builds the graph of all rules. */
export function buildGraph(modules: readonly WorkModule[], tree: TreeNode): Graph {
  const rules: WorkRule[] = [];
  const edges = new Map<WorkRule, Set<WorkRule>>();
  const reverse = new Map<WorkRule, Set<WorkRule>>();
  const dynamic = new Map<WorkRule, Map<WorkRule, DynamicEdge>>();
  for (const module of modules) {
    for (const rule of rulesOf(module)) {
      rules.push(rule);
      const out = new Set<WorkRule>();
      edges.set(rule, out);
      const dependencies = dependenciesOf(rule, tree);
      const settled = new Set<WorkRule>();
      for (const { rule: read, isStatic } of dependencies) {
        if (isStatic) settled.add(read);
        for (const each of elseChain(read)) {
          out.add(each);
          const back = reverse.get(each);
          if (back === undefined) reverse.set(each, new Set([rule]));
          else back.add(rule);
        }
      }
      const causes = new Map<WorkRule, DynamicEdge>();
      for (const dependency of dependencies) {
        if (settled.has(dependency.rule)) continue;
        for (const each of elseChain(dependency.rule)) if (!causes.has(each)) causes.set(each, dependency);
      }
      if (causes.size > 0) dynamic.set(rule, causes);
    }
  }
  return { rules, edges, reverse, dynamic };
}

function byPlace(a: WorkRule, b: WorkRule): number {
  const left = a.source.span;
  const right = b.source.span;
  if (left.source.name !== right.source.name) return left.source.name < right.source.name ? -1 : 1;
  return left.start - right.start;
}

/** The rules, each after those that it needs. The graph has no cycle. */
export function inOrder(graph: Graph): readonly WorkRule[] {
  const result: WorkRule[] = [];
  const seen = new Set<WorkRule>();
  const sorted = (rules: Iterable<WorkRule>): WorkRule[] => [...rules].toSorted(byPlace);
  for (const start of sorted(graph.rules)) {
    if (seen.has(start)) continue;
    seen.add(start);
    const stack = [{ rule: start, needs: sorted(graph.edges.get(start) ?? []), next: 0 }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const need = top.needs[top.next];
      top.next += 1;
      if (need === undefined) {
        result.push(top.rule);
        stack.pop();
      } else if (!seen.has(need)) {
        seen.add(need);
        stack.push({ rule: need, needs: sorted(graph.edges.get(need) ?? []), next: 0 });
      }
    }
  }
  return result;
}

/** The rules and packages by their paths. */
import type { RefTerm, Term } from "../syntax/ast.ts";
import { rulePath, type WorkModule, type WorkRule } from "./compilation.ts";
import { groundPrefix, isConstant } from "./constants.ts";
import { termKey } from "./term-key.ts";
import { compareTerms } from "../syntax/compare.ts";

/** A place under `data`, with the rules whose ground prefix ends there. */
export interface TreeNode {
  readonly key: Term | undefined;
  readonly rules: WorkRule[];
  readonly children: Map<string, TreeNode>;
}

/** A place in the tree of packages. */
export interface PackageNode {
  readonly modules: WorkModule[];
  readonly children: Map<string, PackageNode>;
}

function emptyNode(key: Term | undefined): TreeNode {
  return { key, rules: [], children: new Map() };
}

/** A tree of no rules. */
export function emptyTree(): TreeNode {
  return emptyNode(undefined);
}

/** The child of a node under a term. */
export function childOf(node: TreeNode, term: Term): TreeNode | undefined {
  if (node.children.size === 0 || term.kind === "ref" || term.kind === "call") return undefined;
  return node.children.get(termKey(term));
}

/** Follows a path from a node. */
export function findNode(node: TreeNode, path: readonly Term[]): TreeNode | undefined {
  let at: TreeNode | undefined = node;
  for (const term of path) {
    at = childOf(at, term);
    if (at === undefined) return undefined;
  }
  return at;
}

function placeFor(root: TreeNode, path: readonly Term[]): TreeNode {
  let node = root;
  for (const term of path) {
    const key = termKey(term);
    let child = node.children.get(key);
    if (child === undefined) {
      child = emptyNode(term);
      node.children.set(key, child);
    }
    node = child;
  }
  return node;
}

/** The tree of all rules. A package without rules has its place in it as well. */
export function buildRuleTree(modules: readonly WorkModule[]): TreeNode {
  const root = emptyNode(undefined);
  for (const module of modules) {
    if (module.rules.length === 0) placeFor(root, module.path.terms);
    for (const rule of module.rules) placeFor(root, groundPrefix(rulePath(rule))).rules.push(rule);
  }
  return root;
}

/** The tree of packages, by the keys of their paths. */
export function buildPackageTree(modules: readonly WorkModule[]): PackageNode {
  const root: PackageNode = { modules: [], children: new Map() };
  for (const module of modules) {
    let node = root;
    for (const term of module.path.terms) {
      const key = termKey(term);
      let child = node.children.get(key);
      if (child === undefined) {
        child = { modules: [], children: new Map() };
        node.children.set(key, child);
      }
      node = child;
    }
    node.modules.push(module);
  }
  return root;
}

/** Visits nodes, parents first and children in the order of their keys. True keeps from going below. */
export function depthFirst(node: TreeNode, visit: (node: TreeNode) => boolean): void {
  if (visit(node)) return;
  for (const child of sortedChildren(node)) depthFirst(child, visit);
}

/** The children of a node in the order of their keys. */
export function sortedChildren(node: TreeNode): readonly TreeNode[] {
  const children = [...node.children.values()];
  if (children.length < 2) return children;
  return children.toSorted((a, b) => (a.key === undefined || b.key === undefined ? 0 : compareTerms(a.key, b.key)));
}

function mayIntersect(path: readonly Term[], ref: readonly Term[], from: number): boolean {
  for (let index = from; index < path.length && index < ref.length; index += 1) {
    const left = path[index]!;
    const right = ref[index]!;
    if (isConstant(left) && isConstant(right) && termKey(left) !== termKey(right)) return false;
  }
  return true;
}

/** The rules that a ref may read, whatever its variables turn out to be. */
export function rulesReadBy(root: TreeNode, ref: RefTerm): ReadonlySet<WorkRule> {
  const found = new Set<WorkRule>();
  const { terms } = ref;
  const intersecting = (node: TreeNode, index: number): void => {
    for (const rule of node.rules) if (mayIntersect(rulePath(rule), terms, index)) found.add(rule);
  };
  const visit = (node: TreeNode, index: number): void => {
    const term = terms[index];
    if (term === undefined) {
      depthFirst(node, (below) => {
        for (const rule of below.rules) found.add(rule);
        return false;
      });
      return;
    }
    if (index === 0 || isConstant(term)) {
      const child = childOf(node, term);
      if (child === undefined) return;
      intersecting(child, index + 1);
      visit(child, index + 1);
      return;
    }
    for (const child of node.children.values()) {
      intersecting(child, index + 1);
      visit(child, index + 1);
    }
  };
  visit(root, 0);
  return found;
}

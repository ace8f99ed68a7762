/** Rules that cannot stand beside one another under one path. */
import type { Span } from "../source.ts";
import type { Term } from "../syntax/ast.ts";
import { type Compilation, isFunction, isMultiValue, problem, rowOf, rulePath, type WorkRule } from "./compilation.ts";
import { groundPrefix } from "./constants.ts";
import { isGround } from "../syntax/build.ts";
import { writtenRef } from "./functions.ts";
import { compareTerms } from "../syntax/compare.ts";
import { printRef } from "../syntax/print.ts";
import { termKey } from "./term-key.ts";
import { depthFirst, type PackageNode, sortedChildren, type TreeNode } from "./tree.ts";

interface Place {
  readonly terms: readonly Term[];
  readonly span: Span;
}

function isGroundPath(terms: readonly Term[]): boolean {
  return terms.slice(1).every(isGround);
}

function hasPrefix(terms: readonly Term[], prefix: readonly Term[]): boolean {
  return prefix.length <= terms.length && prefix.every((term, index) => termKey(term) === termKey(terms[index]!));
}

function comparePaths(a: readonly Term[], b: readonly Term[]): number {
  for (let index = 0; index < a.length && index < b.length; index += 1) {
    const result = compareTerms(a[index]!, b[index]!);
    if (result !== 0) return result;
  }
  return a.length - b.length;
}

/** The rules below a node, those left out that lie below another of them. */
function rulesBelow(node: TreeNode, wanted: (rule: WorkRule) => boolean): readonly Place[] {
  let places: Place[] = [];
  for (const child of node.children.values()) {
    depthFirst(child, (below) => {
      for (const rule of below.rules) {
        if (!wanted(rule)) continue;
        const terms = rulePath(rule);
        if (places.some((place) => hasPrefix(terms, place.terms))) continue;
        places = [{ terms, span: rule.source.span }, ...places.filter((place) => !hasPrefix(place.terms, terms))];
      }
      return false;
    });
  }
  return places.toSorted((a, b) => comparePaths(a.terms, b.terms));
}

function place(span: Span): string {
  return `${span.source.name}:${rowOf(span)}`;
}

class Conflicts {
  readonly #compilation: Compilation;

  constructor(compilation: Compilation) {
    this.#compilation = compilation;
  }

  #text(terms: readonly Term[]): string {
    const [first] = terms;
    if (first === undefined) return "";
    return printRef(writtenRef({ kind: "ref", span: first.span, terms }, this.#compilation.written).terms);
  }

  /** Checks the rules at one place of the tree. True keeps from going below. */
  check(node: TreeNode): boolean {
    const [first] = node.rules;
    if (first === undefined) return false;
    const name = this.#text(rulePath(node.rules.at(-1) ?? first));
    const { errors } = this.#compilation;
    const below = this.#extent(node);
    if (below !== undefined) {
      const list = below.map(({ terms, span }) => `  rule ${this.#text(terms)} at ${place(span)}`);
      const message = `rule ${name} conflicts with:\n${list.join("\n")}`;
      return !errors.fail(problem("rego_type_error", first.source.span, message));
    }
    if (this.#isMixed(node.rules)) {
      return !errors.fail(problem("rego_type_error", first.source.span, `conflicting rules ${name} found`));
    }
    const defaults = node.rules.filter((rule) => rule.source.isDefault);
    const [one] = defaults;
    if (one !== undefined && defaults.length > 1) {
      const places = defaults.map((rule) => place(rule.source.span)).join(", ");
      const message = `multiple default rules ${name} found at ${places}`;
      return !errors.fail(problem("rego_type_error", one.module.source.package.span, message));
    }
    return false;
  }

  /** Rules inside of a document that is one value, and functions inside of one with variable keys. */
  #extent(node: TreeNode): readonly Place[] | undefined {
    if (node.children.size === 0) return undefined;
    const grounds = node.rules.map((rule) => isGroundPath(rulePath(rule)));
    if (grounds.includes(true)) {
      const below = rulesBelow(node, () => true);
      if (below.length > 0) return below;
    }
    if (!grounds.includes(false)) return undefined;
    const functions = rulesBelow(node, isFunction);
    return functions.length > 0 ? functions : undefined;
  }

  #isMixed(rules: readonly WorkRule[]): boolean {
    const kinds = new Set<string>();
    const arities = new Set<number>();
    for (const rule of rules) {
      const ground = isGroundPath(rulePath(rule));
      if (isMultiValue(rule)) kinds.add(ground ? "set" : "sets");
      else kinds.add(ground ? "complete" : "object");
      arities.add(rule.head.args?.length ?? 0);
    }
    return kinds.size > 1 || arities.size > 1;
  }

  /** Packages whose path is a rule of another package. */
  packages(root: PackageNode): void {
    const { errors } = this.#compilation;
    const visit = (node: PackageNode): void => {
      for (const module of node.modules) {
        for (const rule of module.rules) {
          const terms = rule.head.ref.terms;
          const path = rulePath(rule).slice(module.path.terms.length);
          if (groundPrefix(terms).length < terms.length) continue;
          let at: PackageNode | undefined = node;
          for (const term of path) at = at?.children.get(termKey(term));
          for (const other of at?.modules ?? []) {
            if (other === module) continue;
            const message = `package ${packageText(other.path.terms)} conflicts with rule ${printRef(terms)} defined at ${place(rule.source.span)}`;
            errors.fail(problem("rego_type_error", module.source.package.span, message));
          }
        }
      }
      for (const child of node.children.values()) visit(child);
    };
    visit(root);
  }

  /** Rules at paths where base data has something. */
  data(root: TreeNode, exists: (path: readonly string[]) => boolean): void {
    const visit = (node: TreeNode, above: readonly string[]): void => {
      if (node.key?.kind !== "string") return;
      const path = [...above, node.key.value];
      const [first] = node.rules;
      if (first !== undefined && exists(path)) {
        const message = `conflicting rule for data path ${path.join("/")} found`;
        this.#compilation.errors.fail(problem("rego_compile_error", first.source.span, message));
        return;
      }
      for (const child of sortedChildren(node)) visit(child, path);
    };
    for (const child of sortedChildren(root)) for (const below of sortedChildren(child)) visit(below, []);
  }
}

function packageText(terms: readonly Term[]): string {
  const [, first, ...rest] = terms;
  return first === undefined ? "" : printRef([first, ...rest]);
}

/** Checks all rules against one another, and against packages and base data. */
export function checkConflicts(compilation: Compilation, tree: TreeNode, packages: PackageNode): void {
  const conflicts = new Conflicts(compilation);
  depthFirst(tree, (node) => conflicts.check(node));
  if (compilation.options.pathExists !== undefined) conflicts.data(tree, compilation.options.pathExists);
  conflicts.packages(packages);
}

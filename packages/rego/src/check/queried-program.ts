/** A program as queries look at it. What all of them ask is worked out once, and only when one of them asks. */
import type { RefTerm, Term } from "../syntax/ast.ts";
import { rulePath, type WorkModule, type WorkRule } from "./compilation.ts";
import { groundPrefix } from "./constants.ts";
import { buildGraph } from "./graph.ts";
import { type Program, ruleKey } from "./program.ts";
import { groundPath } from "./program-of.ts";
import { packageKey } from "./resolve.ts";
import { buildRuleTree, depthFirst, type TreeNode } from "./tree.ts";
import { TypeTree } from "./type-environment.ts";
import { dependentPaths } from "./types.ts";

type Dependents = (ref: RefTerm) => readonly (readonly Term[])[];

/** The rules of a program, their types and what needs them. */
export class QueriedProgram {
  readonly tree: TreeNode;
  readonly #program: Program;
  readonly #modules: readonly WorkModule[];
  #packages: ReadonlyMap<string, readonly WorkRule[]> | undefined;
  #types: TypeTree | undefined;
  #dependents: Dependents | undefined;

  constructor(program: Program) {
    this.#program = program;
    this.#modules = program.modules.map(({ source, rules }) => {
      const module: WorkModule = { source, path: source.package.path, imports: source.imports, rules: [] };
      for (const { rule } of rules) {
        module.rules.push({ module, source: rule, else: undefined, head: rule.head, body: rule.body });
      }
      return module;
    });
    this.tree = buildRuleTree(this.#modules);
  }

  /** The rules of all modules of a package. */
  rulesOf(path: RefTerm): readonly WorkRule[] {
    this.#packages ??= rulesByPackage(this.#modules);
    return this.#packages.get(packageKey(path)) ?? [];
  }

  /** What is known of the types of all documents and functions, by their paths. */
  get types(): TypeTree {
    if (this.#types !== undefined) return this.#types;
    const types = new TypeTree(undefined);
    depthFirst(this.tree, ({ rules: [rule] }) => {
      const type = rule === undefined ? undefined : this.#program.types.get(ruleKey(groundPath(rule)));
      if (rule !== undefined && type !== undefined) types.put(groundPrefix(rulePath(rule)), type);
      return false;
    });
    this.#types = types;
    return types;
  }

  /** The paths of the rules that a ref may read, and of all that need these. */
  get dependents(): Dependents {
    this.#dependents ??= dependentPaths(this.tree, buildGraph(this.#modules, this.tree));
    return this.#dependents;
  }
}

function rulesByPackage(modules: readonly WorkModule[]): ReadonlyMap<string, readonly WorkRule[]> {
  const packages = new Map<string, WorkRule[]>();
  for (const { path, rules } of modules) {
    const key = packageKey(path);
    const known = packages.get(key);
    if (known === undefined) packages.set(key, [...rules]);
    else known.push(...rules);
  }
  return packages;
}

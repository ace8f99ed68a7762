/**
 * Modules in, a Program out: the passes in OPA's order, each in a file of its own.
 *
 * A pass that finds something wrong which would mislead the next ones ends the run; other errors gather. What is said
 * is sorted by place, and cut at a limit.
 */
import type { Outcome } from "../diagnostics.ts";
import { AnnotationSet } from "./annotations.ts";
import { rewriteMetadata } from "./metadata.ts";
import type { Module } from "../syntax/ast.ts";
import { type Arity, arityFrom, builtinOf } from "./calls.ts";
import { type CheckOptions, type Compilation, startCompilation } from "./compilation.ts";
import { rewriteComprehensions } from "./comprehension-heads.ts";
import { checkConflicts } from "./conflicts.ts";
import { checkUnwantedBuiltins } from "./deprecated.ts";
import { hoistDynamics } from "./dynamics.ts";
import { rewriteEqualities } from "./equality.ts";
import { flattenTerms } from "./flatten.ts";
import { checkCalls } from "./functions.ts";
import { buildGraph, type Graph } from "./graph.ts";
import { rewriteHeadRefs, rewriteHeadTerms } from "./heads.ts";
import { checkDuplicateImports, checkRootOverrides, checkUnusedImports } from "./imports.ts";
import { rewriteLocals } from "./locals.ts";
import { checkVoidCalls, rewritePrint } from "./print.ts";
import { programOf } from "./program-of.ts";
import type { Program } from "./program.ts";
import { checkRecursion } from "./recursion.ts";
import { resolveReferences } from "./resolve.ts";
import { checkBodySafety, checkHeadSafety } from "./safety.ts";
import { takenNames } from "./taken-names.ts";
import { rewriteTemplates } from "./templates.ts";
import { tooDeep } from "./too-deep.ts";
import { buildPackageTree, buildRuleTree, type TreeNode } from "./tree.ts";
import { mismatchDetails } from "./type-bodies.ts";
import { checkTypes, type Types } from "./types.ts";
import { rewriteWith } from "./with.ts";

/** The passes up to the rules' tree: names, imports, local variables. */
function namePasses(compilation: Compilation): TreeNode | undefined {
  const { errors } = compilation;
  const unused = resolveReferences(compilation);
  if (errors.fatal) return undefined;
  checkUnusedImports(compilation, unused);
  if (errors.fatal) return undefined;
  rewriteHeadRefs(compilation);
  checkRootOverrides(compilation);
  if (errors.fatal) return undefined;
  checkDuplicateImports(compilation);
  if (errors.fatal) return undefined;
  return buildRuleTree(compilation.modules);
}

/** What the rules are like once they have their final shape. */
interface Shaped {
  readonly graph: Graph;
  readonly annotations: AnnotationSet;
}

/** The passes that bring the rules into their final shape; true when all went well. */
function shapePasses(compilation: Compilation, tree: TreeNode, arity: Arity): Shaped | undefined {
  const { errors, options } = compilation;
  rewriteLocals(compilation);
  if (errors.fatal) return undefined;
  rewriteTemplates(compilation, arity, tree);
  if (errors.fatal) return undefined;
  checkVoidCalls(compilation, (operator) => {
    const builtin = operator.kind === "ref" ? builtinOf(options.builtins, operator) : undefined;
    return builtin !== undefined && builtin.result === undefined;
  });
  if (errors.fatal) return undefined;
  rewritePrint(compilation, arity);
  if (errors.fatal) return undefined;
  flattenTerms(compilation);
  const annotations = new AnnotationSet(compilation.modules);
  errors.fail(...annotations.errors);
  if (errors.fatal) return undefined;
  rewriteMetadata(compilation, annotations);
  const graph = buildGraph(compilation.modules, tree);
  rewriteComprehensions(compilation);
  rewriteHeadTerms(compilation);
  rewriteWith(compilation, tree);
  return errors.fatal ? undefined : { graph, annotations };
}

/** The passes that check the rules against one another and order their bodies. */
function rulePasses(
  compilation: Compilation,
  tree: TreeNode,
  { graph, annotations }: Shaped,
  arity: Arity,
): Types | undefined {
  const { errors } = compilation;
  checkConflicts(compilation, tree, buildPackageTree(compilation.modules));
  if (errors.fatal) return undefined;
  checkCalls(compilation, { arity, written: compilation.written, mismatch: mismatchDetails(compilation.options) });
  if (errors.fatal) return undefined;
  checkHeadSafety(compilation);
  if (errors.fatal) return undefined;
  checkBodySafety(compilation, arity);
  if (errors.fatal) return undefined;
  rewriteEqualities(compilation);
  hoistDynamics(compilation);
  checkRecursion(compilation, tree, graph);
  if (errors.fatal) return undefined;
  const types = checkTypes(compilation, tree, graph, { annotations, named: compilation.options.schemas });
  if (errors.fatal) return undefined;
  checkUnwantedBuiltins(compilation, types.called);
  return errors.any ? undefined : types;
}

function run(modules: readonly Module[], options: CheckOptions): Outcome<Program> {
  const compilation = startCompilation(modules, options, takenNames(modules));
  const tree = namePasses(compilation);
  const arity = tree === undefined ? undefined : arityFrom(options.builtins, tree);
  const shaped = tree === undefined || arity === undefined ? undefined : shapePasses(compilation, tree, arity);
  if (tree !== undefined && arity !== undefined && shaped !== undefined) {
    const types = rulePasses(compilation, tree, shaped, arity);
    if (types !== undefined) return { ok: true, value: programOf(compilation, tree, shaped.graph, types.groups) };
  }
  return { ok: false, diagnostics: compilation.errors.list() };
}

/** Checks modules together, as OPA compiles them: a Program for the planner, or all that is wrong. */
export function checkModules(modules: readonly Module[], options: CheckOptions): Outcome<Program> {
  try {
    return run(modules, options);
  } catch (error) {
    const deep = tooDeep(error, modules[0]?.span);
    if (deep === undefined) throw error;
    return { ok: false, diagnostics: [deep] };
  }
}

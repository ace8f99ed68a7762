/**
 * What the checker hands to the planner: the same tree, rewritten until little is left to interpret.
 *
 * INVARIANTS of a Program (the planner relies on each):
 * - every name is resolved: a ref's first term is the var `data`, the var `input`, or a local; rules and functions
 *   are `data.<package>.<rule>`; a call's operator is a ref of `data…` (a function of the policy) or a builtin's name;
 * - every local variable is unique within its rule (`x` of two scopes has two names); `:=` and `some` are gone,
 *   `some k, v in xs` has become `v = xs[k]`, `x == y` in a rule body with two operands that may be unified is `eq`;
 * - calls stand only as expressions with their output as last argument (`plus(a, b, __local3__)`), never inside terms;
 *   `internal.print` and `internal.template_string` stand for print and template strings;
 * - a rule's head holds only scalars and vars, and terms made of these; the rest has moved into its body;
 * - an `every` has its key, a wildcard or a generated name where none was written;
 * - bodies are in an order in which every expression is safe once those before it have run;
 * - the rule graph has no cycle.
 */
import type { Annotation, Body, Module, RegoVersion, Rule, Term } from "../syntax/ast.ts";
import type { Type } from "./type.ts";

/** A checked set of modules. */
export interface Program {
  readonly modules: readonly CheckedModule[];
  /** The rules by path below `data`. */
  readonly tree: RuleTree;
  /** The name of a rule group (see `ruleKey`) to the groups that it needs. */
  readonly dependencies: ReadonlyMap<string, ReadonlySet<string>>;
  /** What is known of the type of each group's document, or of each function. */
  readonly types: ReadonlyMap<string, Type>;
}

export interface CheckedModule {
  readonly source: Module;
  readonly version: RegoVersion;
  readonly rules: readonly CheckedRule[];
  readonly annotations: readonly Annotation[];
}

/** One rule as the planner reads it. `else` rules have been checked alike. */
export interface CheckedRule {
  readonly rule: Rule;
  /** The ground prefix below `data`: `["pkg", "p"]` for `p[x].y` (see `pathSegment`). The group it belongs to is `ruleKey(path)`. */
  readonly path: readonly string[];
  /** What was written after the ground prefix: keys of a partial object, in order. */
  readonly keys: Rule["head"]["ref"]["terms"];
  readonly document: "complete" | "set" | "object" | "function";
  /** Local variables' generated names to the names that were written, for messages and traces. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * How a ground term of a head's ref stands in a path: a string as it is, anything else as its text after a NUL, so that
 * `p[1]` and `p["1"]` are two paths.
 */
export function pathSegment(term: Term): string {
  if (term.kind === "string") return term.value;
  return `\0${term.kind === "number" ? term.text : term.kind === "boolean" ? String(term.value) : "null"}`;
}

/** A node of the tree under `data`. */
export interface RuleTree {
  readonly rules: readonly CheckedRule[];
  readonly children: ReadonlyMap<string, RuleTree>;
}

/** The key of a group of rules that make one document: its path as JSON text. */
export function ruleKey(path: readonly string[]): string {
  return JSON.stringify(path);
}

/** A query after the same rewriting: what `eval` runs. */
export interface CheckedQuery {
  readonly body: Body;
  /** The variables that a solution shows: generated name to written name. */
  readonly variables: ReadonlyMap<string, string>;
}

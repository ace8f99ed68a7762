/** Where a variable of a ref gets its value, for messages. */
import type { Body, Term } from "../syntax/ast.ts";
import { arityFrom, operatorName } from "./calls.ts";
import type { CheckOptions } from "./compilation.ts";
import { isConstant } from "./constants.ts";
import { isEquality } from "./declared.ts";
import type { DynamicEdge } from "./graph.ts";
import { emptyTree } from "./tree.ts";

/** Where a value comes from. */
export type Origin =
  | { readonly kind: "input" | "rule"; readonly terms: readonly Term[] }
  | { readonly kind: "collection"; readonly collection: Term }
  | { readonly kind: "builtin"; readonly name: string }
  | { readonly kind: "key" | "argument" };

interface Sources {
  readonly bindings: ReadonlyMap<string, Term>;
  readonly outputs: ReadonlyMap<string, string>;
}

function sourcesIn(body: Body, options: CheckOptions): Sources {
  const bindings = new Map<string, Term>();
  const outputs = new Map<string, string>();
  const arity = arityFrom(options.builtins, emptyTree());
  for (const expression of body) {
    if (expression.kind !== "call" || expression.negated || expression.with.length > 0) continue;
    const [left, right] = expression.args;
    if (isEquality(expression)) {
      if (left?.kind === "var" && right !== undefined && !bindings.has(left.name)) bindings.set(left.name, right);
      if (right?.kind === "var" && left !== undefined && !bindings.has(right.name)) bindings.set(right.name, left);
      continue;
    }
    const wanted = arity(expression.operator);
    const output = expression.args.at(-1);
    if (wanted === undefined || expression.args.length !== wanted + 1 || output?.kind !== "var") continue;
    outputs.set(output.name, operatorName(expression.operator));
  }
  return { bindings, outputs };
}

function collectionOf(term: Term, bindings: ReadonlyMap<string, Term>, depth: number): Term | undefined {
  let at: Term | undefined = term;
  for (let steps = depth; steps <= bindings.size && at?.kind === "var"; steps += 1) at = bindings.get(at.name);
  if (at === undefined || !isConstant(at)) return undefined;
  return at.kind === "array" || at.kind === "set" || at.kind === "object" ? at : undefined;
}

function constantPrefix(terms: readonly Term[]): readonly Term[] {
  const end = terms.findIndex((term, index) => index > 0 && !isConstant(term));
  return end === -1 ? terms : terms.slice(0, end);
}

function ofRef(terms: readonly Term[], { bindings }: Sources, depth: number): Origin | undefined {
  const [head, key] = terms;
  if (head?.kind === "var" && head.name === "input") return { kind: "input", terms: constantPrefix(terms) };
  if (head?.kind === "var" && head.name === "data") return { kind: "rule", terms: constantPrefix(terms) };
  if (head === undefined || key === undefined || terms.length !== 2 || isConstant(key)) return undefined;
  const collection = collectionOf(head, bindings, depth);
  return collection === undefined ? undefined : { kind: "collection", collection };
}

function headOrigin({ head }: DynamicEdge, name: string): Origin | undefined {
  const isName = (term: Term | undefined): boolean => term?.kind === "var" && term.name === name;
  if (head.args?.some(isName) === true) return { kind: "argument" };
  return isName(head.key) || head.ref.terms.slice(1).some(isName) ? { kind: "key" } : undefined;
}

/** Where a variable has its value from, when the edge's ref is read. */
export function originOf(edge: DynamicEdge, name: string, options: CheckOptions): Origin | undefined {
  const sources = sourcesIn(edge.body.slice(0, edge.at), options);
  let at = name;
  for (let depth = 0; depth <= edge.body.length; depth += 1) {
    const builtin = sources.outputs.get(at);
    if (builtin !== undefined) return { kind: "builtin", name: builtin };
    const bound = sources.bindings.get(at);
    if (bound?.kind === "var") {
      at = bound.name;
      continue;
    }
    const found = bound?.kind === "ref" ? ofRef(bound.terms, sources, depth) : undefined;
    return found ?? headOrigin(edge, at);
  }
  return undefined;
}

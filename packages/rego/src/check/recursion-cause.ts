/** Says which ref may close a cycle, and for which values of its variables. */
import type { Term } from "../syntax/ast.ts";
import { type CheckOptions, type Compilation, rulePath, type WorkRule } from "./compilation.ts";
import { writtenRef } from "./functions.ts";
import type { DynamicEdge, Graph } from "./graph.ts";
import { membersOf } from "./narrowing.ts";
import { originOf } from "./origins.ts";
import { conditions } from "./selection.ts";
import { termKey } from "./term-key.ts";
import { printRef, printTerm } from "../syntax/print.ts";
import { containsType, typeOfKey } from "./type-algebra.ts";
import { constantKey } from "./type-environment.ts";

/** More conditions than this are not told. */
const mostConditions = 2;
/** A collection of more members than this is not told whole. */
const mostMembers = 5;

interface Condition {
  readonly at: number;
  readonly term: Term;
  readonly value: Term;
}

/** The terms with the values that they need; undefined where one needs two. */
function conditionsOf(
  terms: readonly Term[],
  path: readonly Term[],
  positions: readonly number[],
): readonly Condition[] | undefined {
  const result: Condition[] = [];
  for (const at of positions) {
    const term = terms[at];
    const value = path[at];
    if (term === undefined || value === undefined) return undefined;
    const earlier = result.find((condition) => termKey(condition.term) === termKey(term));
    if (earlier === undefined) result.push({ at, term, value });
    else if (termKey(earlier.value) !== termKey(value)) return undefined;
  }
  return result;
}

/** Whether what a builtin answers may be a value. */
function mayAnswer(name: string, value: Term, options: CheckOptions): boolean {
  const result = options.builtins.get(name)?.result;
  const constant = constantKey(value);
  if (result === undefined || constant === undefined) return true;
  return containsType(result, typeOfKey(constant.key));
}

/** Whether a condition cannot hold: the variable is never that value. */
function cannotHold(edge: DynamicEdge, condition: Condition, options: CheckOptions): boolean {
  const term = edge.ref.terms[condition.at];
  const origin = term?.kind === "var" ? originOf(edge, term.name, options) : undefined;
  if (origin?.kind === "builtin") return !mayAnswer(origin.name, condition.value, options);
  if (origin?.kind !== "collection") return false;
  const wanted = termKey(condition.value);
  return membersOf(origin.collection)?.some((member) => termKey(member) === wanted) !== true;
}

function note(compilation: Compilation, edge: DynamicEdge, { at, term }: Condition, rule: string): string | undefined {
  const written = edge.ref.terms[at];
  if (written?.kind === "ref") {
    const [head] = written.terms;
    return head?.kind === "var" && head.name === "data" ? "rule values aren't known at compile time" : undefined;
  }
  const origin = written?.kind === "var" ? originOf(edge, written.name, compilation.options) : undefined;
  const shown = printTerm(term);
  switch (origin?.kind) {
    case "input": {
      const ref = writtenRef({ ...edge.ref, terms: origin.terms }, compilation.written);
      return `${shown} comes from ${printRef(ref.terms)}`;
    }
    case "rule":
      return `${shown} comes from rule ${printRef(origin.terms)}, whose value isn't known at compile time`;
    case "collection": {
      const count = membersOf(origin.collection)?.length ?? 0;
      return count > mostMembers
        ? `${shown} is one of ${count} values`
        : `${shown} is one of ${printTerm(origin.collection)}`;
    }
    case "builtin":
      return `${shown} is computed by ${origin.name}`;
    case "key":
      return `${shown} is a key of ${rule}`;
    case "argument":
      return `${shown} is an argument of ${rule}`;
    case undefined:
      return undefined;
  }
}

/** The end of a message about a cycle that only a variable's value makes. */
export function dynamicCause(
  compilation: Compilation,
  graph: Graph,
  path: readonly WorkRule[],
  text: (rule: WorkRule) => string,
): string {
  for (let index = 1; index < path.length; index += 1) {
    const from = path[index - 1]!;
    const target = path[index]!;
    const edge = graph.dynamic.get(from)?.get(target);
    if (edge === undefined) continue;
    const targetPath = rulePath(target);
    const { terms } = writtenRef(
      { ...edge.ref, terms: edge.ref.terms.slice(0, targetPath.length) },
      compilation.written,
    );
    const where = index > 1 ? ` in ${text(from)}` : "";
    const positions = conditions(edge.selecting, target, edge.bound) ?? [];
    const needed = conditionsOf(terms, targetPath, positions);
    const isVague =
      needed === undefined ||
      needed.length === 0 ||
      needed.length > mostConditions ||
      needed.some((condition) => cannotHold(edge, condition, compilation.options));
    if (isVague) return ` (${printRef(terms)}${where} could refer to ${text(target)})`;
    const texts = needed.map((condition) => {
      const origin = note(compilation, edge, condition, text(from));
      const plain = `${printTerm(condition.term)} is ${printTerm(condition.value)}`;
      return origin === undefined ? plain : `${plain} (${origin})`;
    });
    return ` (${printRef(terms)}${where} refers to ${text(target)} if ${texts.join(" and ")})`;
  }
  return "";
}

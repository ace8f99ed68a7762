/** Says which ref may close a cycle, and for which values of its variables. */
import type { Compilation, WorkRule } from "./compilation.ts";
import { rulePath } from "./compilation.ts";
import { writtenRef } from "./functions.ts";
import type { Graph } from "./graph.ts";
import { conditions } from "./selection.ts";
import { refText, termText } from "./text.ts";
import type { Term } from "../syntax/ast.ts";

/** More conditions than this are not told. */
const mostConditions = 2;

function conditionTexts(
  terms: readonly Term[],
  path: readonly Term[],
  positions: readonly number[],
): readonly string[] | undefined {
  const values = new Map<string, string>();
  for (const at of positions) {
    const term = terms[at];
    const value = path[at];
    if (term === undefined || value === undefined) return undefined;
    const earlier = values.get(termText(term));
    if (earlier !== undefined && earlier !== termText(value)) return undefined;
    values.set(termText(term), termText(value));
  }
  return [...values].map(([term, value]) => `${term} is ${value}`);
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
    const texts = conditionTexts(terms, targetPath, positions);
    if (texts === undefined || texts.length === 0 || texts.length > mostConditions) {
      return ` (${refText(terms)}${where} could refer to ${text(target)})`;
    }
    return ` (${refText(terms)}${where} refers to ${text(target)} if ${texts.join(" and ")})`;
  }
  return "";
}

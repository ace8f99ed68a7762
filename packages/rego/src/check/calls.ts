/** What calls refer to: the names of builtins, and how many arguments are wanted. */
import type { BuiltinSignature } from "../builtins/builtin.ts";
import type { RefTerm, Term } from "../syntax/ast.ts";
import { printRef } from "../syntax/print.ts";
import { findNode, type TreeNode } from "./tree.ts";

/** How many arguments what a ref names takes: undefined where it names neither a builtin nor a rule. */
export type Arity = (ref: RefTerm) => number | undefined;

/** The name that a ref of a name and strings spells: `regex.match`. */
export function dottedName(terms: readonly Term[]): string | undefined {
  const [head] = terms;
  if (head?.kind !== "var") return undefined;
  let name = head.name;
  for (let index = 1; index < terms.length; index += 1) {
    const term = terms[index];
    if (term?.kind !== "string") return undefined;
    name += `.${term.value}`;
  }
  return name;
}

/** The name of a builtin as a call writes it: `count`, `regex.match`. */
export function operatorName(operator: RefTerm): string {
  const [head] = operator.terms;
  if (head?.kind === "var" && head.name !== "data") {
    const name = dottedName(operator.terms);
    if (name !== undefined) return name;
  }
  return printRef(operator.terms);
}

/** The builtin that a call names. */
export function builtinOf(
  builtins: ReadonlyMap<string, BuiltinSignature>,
  operator: RefTerm,
): BuiltinSignature | undefined {
  const [head] = operator.terms;
  if (head?.kind !== "var" || head.name === "data") return undefined;
  const name = dottedName(operator.terms);
  return name === undefined ? undefined : builtins.get(name);
}

/** Answers arities from the builtins and the rules. */
export function arityFrom(builtins: ReadonlyMap<string, BuiltinSignature>, tree: TreeNode): Arity {
  return (ref) => {
    const builtin = builtinOf(builtins, ref);
    if (builtin !== undefined) return builtin.args.length;
    const [rule] = findNode(tree, ref.terms)?.rules ?? [];
    return rule === undefined ? undefined : (rule.head.args?.length ?? 0);
  };
}

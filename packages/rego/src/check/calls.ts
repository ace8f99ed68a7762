/** What calls refer to: the names of builtins, and how many arguments are wanted. */
import type { BuiltinSignature } from "../builtins/builtin.ts";
import type { RefTerm } from "../syntax/ast.ts";
import { refText } from "./text.ts";
import { findNode, type TreeNode } from "./tree.ts";

/** How many arguments what a ref names takes: undefined where it names neither a builtin nor a rule. */
export type Arity = (ref: RefTerm) => number | undefined;

/** The name of a builtin as a call writes it: `count`, `regex.match`. */
export function operatorName(operator: RefTerm): string {
  const [head, ...rest] = operator.terms;
  if (head?.kind !== "var" || rest.some((term) => term.kind !== "string")) return refText(operator.terms);
  // Plain dots, also before a keyword: `bits.and` is the builtin's name.
  return [head.name, ...rest.flatMap((term) => (term.kind === "string" ? [term.value] : []))].join(".");
}

/** The builtin that a call names. */
export function builtinOf(
  builtins: ReadonlyMap<string, BuiltinSignature>,
  operator: RefTerm,
): BuiltinSignature | undefined {
  const [head] = operator.terms;
  if (head?.kind !== "var" || head.name === "data") return undefined;
  return builtins.get(operatorName(operator));
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

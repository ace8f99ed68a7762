import type { Expression, RefTerm, Term } from "./ast.ts";
import { operatorName } from "./build.ts";

/** The symbols of the operators on two operands, by the names of their functions. */
export const operatorSymbols: ReadonlyMap<string, string> = new Map([
  ["plus", "+"],
  ["minus", "-"],
  ["mul", "*"],
  ["div", "/"],
  ["rem", "%"],
  ["and", "&"],
  ["or", "|"],
  ["eq", "="],
  ["equal", "=="],
  ["assign", ":="],
  ["neq", "!="],
  ["gt", ">"],
  ["lt", "<"],
  ["gte", ">="],
  ["lte", "<="],
]);

/** Membership is written with an operator too, with one operand or two before it. */
const symbols: ReadonlyMap<string, string> = new Map([
  ...operatorSymbols,
  ["internal.member_2", "in"],
  ["internal.member_3", "in"],
]);

/** The symbol of a built-in function that is an infix operator, however it was written; undefined for other functions. */
export function symbolOf(operator: RefTerm): string | undefined {
  return symbols.get(operatorName(operator) ?? "");
}

/** Whether a term is a union, whose `|` would make a comprehension of the braces around it. */
export function isUnion(term: Term): boolean {
  return term.kind === "call" && symbolOf(term.operator) === "|";
}

/** Whether an expression is a bare union. */
export function isUnionExpression(expression: Expression): boolean {
  return expression.kind === "call" && expression.args.length === 2 && symbolOf(expression.operator) === "|";
}

/** The operand that an infix call is written first with: the result of `z = x | y`, else the left side. */
export function leadingOperand(call: { readonly operator: RefTerm; readonly args: readonly Term[] }): Term | undefined {
  const symbol = symbolOf(call.operator);
  if (symbol === undefined) return undefined;
  const arity = operatorName(call.operator) === "internal.member_3" ? 3 : 2;
  if (call.args.length === arity) return call.args[0];
  return call.args.length === arity + 1 ? call.args.at(-1) : undefined;
}

/** Whether an expression is written with a brace first, which in an operand's place would open a body. */
export function leadsWithBrace(expression: Expression): boolean {
  if (expression.kind === "term") return termLeadsWithBrace(expression.term);
  if (expression.kind !== "call") return false;
  const lead = leadingOperand(expression);
  return lead !== undefined && termLeadsWithBrace(lead);
}

function termLeadsWithBrace(term: Term): boolean {
  switch (term.kind) {
    case "set":
      return term.items.length > 0;
    case "object":
    case "setComprehension":
    case "objectComprehension":
      return true;
    case "ref":
      return term.terms[0] !== undefined && termLeadsWithBrace(term.terms[0]);
    case "call": {
      const [left] = term.args;
      return symbolOf(term.operator) !== undefined && left !== undefined && termLeadsWithBrace(left);
    }
    default:
      return false;
  }
}

import type { Operand } from "../plan/plan.ts";
import type { Span } from "../source.ts";
import { type Code, join, js } from "./fragment.ts";
import type { FunctionUnit } from "./function-unit.ts";

/** A builtin's call as an expression. Comparisons are the runtime's own; the rest go through the table's functions. */
export function emitBuiltinCall(
  fn: FunctionUnit,
  name: string,
  args: readonly Code[],
  _operands: readonly Operand[],
  _span: Span,
): { readonly kind: "condition" | "value"; readonly code: Code } {
  const { unit } = fn;
  const both = join(args, ", ");
  switch (name) {
    case "eq":
    case "equal":
      return { kind: "condition", code: js`${unit.runtime("equal")}(${both})` };
    case "neq":
      return { kind: "condition", code: js`!${unit.runtime("equal")}(${both})` };
    case "lt":
      return { kind: "condition", code: js`${unit.runtime("compare")}(${both}) < 0` };
    case "lte":
      return { kind: "condition", code: js`${unit.runtime("compare")}(${both}) <= 0` };
    case "gt":
      return { kind: "condition", code: js`${unit.runtime("compare")}(${both}) > 0` };
    case "gte":
      return { kind: "condition", code: js`${unit.runtime("compare")}(${both}) >= 0` };
    default:
      return { kind: "value", code: js`${unit.builtin(name)}(${join([fn.state(), ...args], ", ")})` };
  }
}

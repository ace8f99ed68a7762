import type { Operand } from "../plan/plan.ts";
import type { Span } from "../source.ts";
import { type Code, join, js } from "./fragment.ts";
import type { FunctionUnit } from "./function-unit.ts";
import type { RuntimeName } from "./runtime-names.ts";

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
      return { kind: "condition", code: js`${unit.runtime("isLess")}(${both})` };
    case "lte":
      return { kind: "condition", code: js`${unit.runtime("isLessOrEqual")}(${both})` };
    case "gt":
      return { kind: "condition", code: js`${unit.runtime("isLess")}(${join(args.toReversed(), ", ")})` };
    case "gte":
      return { kind: "condition", code: js`${unit.runtime("isLessOrEqual")}(${join(args.toReversed(), ", ")})` };
    default: {
      const call = js`${unit.builtin(name)}(${join([fn.state(), ...args], ", ")})`;
      const quick = QUICK.get(name);
      return { kind: "value", code: quick === undefined ? call : js`${unit.runtime(quick)}(${both}) ?? ${call}` };
    }
  }
}

/** Builtins with a shortcut for their commonest operands. */
const QUICK: ReadonlyMap<string, RuntimeName> = new Map([
  ["contains", "quickContains"],
  ["startswith", "quickStartsWith"],
  ["endswith", "quickEndsWith"],
  ["count", "quickCount"],
  ["plus", "quickAdd"],
  ["minus", "quickSubtract"],
]);

import type { Operand } from "../plan/plan.ts";
import { type Code, join, js, optionalProperty } from "./fragment.ts";
import type { FunctionUnit } from "./function-unit.ts";
import { shapeOf } from "./operand.ts";
import { isOrdinaryName } from "./ordinary-name.ts";
import type { RuntimeName } from "./runtime-names.ts";
import { emitSprintf } from "./sprintf.ts";

/** A call as an expression: one that is always a boolean, with its opposite, or a value that may be undefined. */
export type Invocation =
  | { readonly kind: "condition"; readonly code: Code; readonly opposite: Code }
  | { readonly kind: "value"; readonly code: Code }
  /** A string, certainly. */
  | { readonly kind: "text"; readonly code: Code };

/** A builtin's call as an expression. Comparisons are the runtime's own; the rest go through the table's functions. */
export function emitBuiltinCall(
  fn: FunctionUnit,
  name: string,
  operands: readonly Operand[],
  emitted: (operand: Operand) => Code,
): Invocation {
  const { unit } = fn;
  if (name === "sprintf") {
    const text = emitSprintf(fn, operands, emitted);
    if (text !== undefined) return { kind: "text", code: text };
  }
  const args = operands.map(emitted);
  const both = join(args, ", ");
  switch (name) {
    case "eq":
    case "equal":
      return condition(js`${unit.runtime("equal")}(${both})`);
    case "neq":
      return opposite(condition(js`${unit.runtime("equal")}(${both})`));
    case "lt":
      return condition(js`${unit.runtime("isLess")}(${both})`);
    case "lte":
      return condition(js`${unit.runtime("isLessOrEqual")}(${both})`);
    case "gt":
      return condition(js`${unit.runtime("isLess")}(${join(args.toReversed(), ", ")})`);
    case "gte":
      return condition(js`${unit.runtime("isLessOrEqual")}(${join(args.toReversed(), ", ")})`);
    default: {
      const call = js`${unit.builtin(name)}(${join([fn.state(), ...args], ", ")})`;
      const field = name === "object.get" ? emitGet(fn, operands, args) : undefined;
      if (field !== undefined) return { kind: "value", code: js`${field} ?? ${call}` };
      const quick = quickForms.get(name);
      return { kind: "value", code: quick === undefined ? call : js`${unit.runtime(quick)}(${both}) ?? ${call}` };
    }
  }
}

/** Asks a plain object for a field, with something in its place: the field is read as fields are. */
function emitGet(
  fn: FunctionUnit,
  [object, key]: readonly Operand[],
  [from, , fallback]: readonly Code[],
): Code | undefined {
  if (object?.kind !== "local" || key?.kind !== "constant" || key.term.kind !== "string") return undefined;
  if (from === undefined || fallback === undefined || shapeOf(fn, object) !== "plain") return undefined;
  if (!isOrdinaryName(key.term.value)) return undefined;
  return js`${fn.unit.runtime("quickField")}(${optionalProperty(from, key.term.value)}, ${from}, ${fallback})`;
}

type Condition = Invocation & { readonly kind: "condition" };

function condition(code: Code): Condition {
  return { kind: "condition", code, opposite: js`!${code}` };
}

function opposite(of: Condition): Condition {
  return { kind: "condition", code: of.opposite, opposite: of.code };
}

/** Builtins with a shortcut for their commonest operands. */
const quickForms: ReadonlyMap<string, RuntimeName> = new Map([
  ["and", "quickIntersect"],
  ["concat", "quickConcat"],
  ["contains", "quickContains"],
  ["startswith", "quickStartsWith"],
  ["endswith", "quickEndsWith"],
  ["any", "quickAny"],
  ["count", "quickCount"],
  ["internal.member_2", "quickIsMember"],
  ["lower", "quickLower"],
  ["object.get", "quickGet"],
  ["trim_prefix", "quickTrimPrefix"],
  ["trim_suffix", "quickTrimSuffix"],
  ["upper", "quickUpper"],
  ["plus", "quickAdd"],
  ["minus", "quickSubtract"],
]);

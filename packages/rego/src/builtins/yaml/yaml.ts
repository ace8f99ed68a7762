import type { Value } from "../../runtime/value.ts";
import type { BuiltinContext, BuiltinFunction } from "../builtin.ts";
import { BuiltinFailure } from "../failure.ts";
import type { Family } from "../family.ts";
import { stringOperand } from "../operand.ts";
import { readYAML } from "./read.ts";
import { writeYAML } from "./write.ts";

/** yaml.* */
export const yaml: Family = new Map<string, BuiltinFunction>([
  ["yaml.marshal", (_context, value: Value) => writeYAML(value)],
  ["yaml.unmarshal", (context, text: Value) => readYAML(context, stringOperand(text, 1))],
  ["yaml.is_valid", isValid],
]);

function isValid(context: BuiltinContext, text: Value): Value {
  if (typeof text !== "string") return false;
  try {
    readYAML(context, text);
    return true;
  } catch (failure) {
    if (failure instanceof BuiltinFailure) return false;
    throw failure;
  }
}

import { isArray } from "../runtime/order.ts";
import type { Value } from "../runtime/value.ts";
import type { BuiltinContext, BuiltinFunction } from "./builtin.ts";
import type { Family } from "./family.ts";
import { arrayOperand, countOperand } from "./operand.ts";

/** array.* */
export const arrays: Family = new Map<string, BuiltinFunction>([
  ["array.concat", (_context, a: Value, b: Value) => [...arrayOperand(a, 1), ...arrayOperand(b, 2)]],
  ["array.flatten", flatten],
  ["array.reverse", (_context, array: Value) => arrayOperand(array, 1).toReversed()],
  ["array.slice", slice],
]);

function flatten(_context: BuiltinContext, value: Value): Value {
  const flat: Value[] = [];
  for (const item of arrayOperand(value, 1)) {
    if (isArray(item)) for (const inner of item) flat.push(inner);
    else flat.push(item);
  }
  return flat;
}

/** Positions outside the array mean its ends. */
function slice(_context: BuiltinContext, value: Value, from: Value, to: Value): Value {
  const array = arrayOperand(value, 1);
  const start = countOperand(from, 2);
  const stop = Math.min(Math.max(countOperand(to, 3), 0), array.length);
  return array.slice(Math.min(Math.max(start, 0), stop), stop);
}

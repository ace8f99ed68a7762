import { RegoSet } from "../runtime/set.ts";
import { difference, intersect, unite } from "../runtime/set-operations.ts";
import type { Value } from "../runtime/value.ts";
import type { BuiltinContext, BuiltinFunction } from "./builtin.ts";
import type { Family } from "./family.ts";
import { setOperand } from "./operand.ts";

/** What is made of sets. */
export const sets: Family = new Map<string, BuiltinFunction>([
  ["and", (_context, a: Value, b: Value) => intersect(setOperand(a, 1), setOperand(b, 2))],
  ["or", (_context, a: Value, b: Value) => unite([setOperand(a, 1), setOperand(b, 2)])],
  ["intersection", intersectionOfAll],
  [
    "union",
    (_context, value: Value) =>
      unite(
        setOperand(value, 1)
          .values()
          .map((item) => setOperand(item, 1)),
      ),
  ],
  ["set_diff", (_context, a: Value, b: Value) => difference(setOperand(a, 1), setOperand(b, 2))],
]);

function intersectionOfAll(_context: BuiltinContext, value: Value): Value {
  const parts = setOperand(value, 1)
    .values()
    .map((item) => setOperand(item, 1));
  return parts.length === 0 ? new RegoSet() : parts.reduce(intersect);
}

import { RegoSet } from "../runtime/set.ts";
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

/** The members of a that are in b too. */
export function intersect(a: RegoSet, b: RegoSet): RegoSet {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  const common = new RegoSet();
  for (const item of small.items()) if (large.has(item)) common.add(item);
  return common;
}

/** The members of any. */
export function unite(parts: Iterable<RegoSet>): RegoSet {
  const whole = new RegoSet();
  for (const part of parts) for (const item of part.items()) whole.add(item);
  return whole;
}

/** The members of a that are not in b. */
export function difference(a: RegoSet, b: RegoSet): RegoSet {
  const rest = new RegoSet();
  for (const item of a.items()) if (!b.has(item)) rest.add(item);
  return rest;
}

function intersectionOfAll(_context: BuiltinContext, value: Value): Value {
  const parts = setOperand(value, 1)
    .values()
    .map((item) => setOperand(item, 1));
  return parts.length === 0 ? new RegoSet() : parts.reduce(intersect);
}

import { compare, equal } from "../runtime/order.ts";
import type { Value } from "../runtime/value.ts";
import type { Family } from "./family.ts";

/** Comparison of any two values, of one type or not. */
export const comparison: Family = new Map([
  ["equal", (_context, a: Value, b: Value) => equal(a, b)],
  ["neq", (_context, a: Value, b: Value) => !equal(a, b)],
  ["lt", (_context, a: Value, b: Value) => compare(a, b) < 0],
  ["lte", (_context, a: Value, b: Value) => compare(a, b) <= 0],
  ["gt", (_context, a: Value, b: Value) => compare(a, b) > 0],
  ["gte", (_context, a: Value, b: Value) => compare(a, b) >= 0],
]);

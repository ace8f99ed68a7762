/**
 * The commonest calls of the commonest types, without the builtin's own way through operands and failures. Each answers
 * undefined where the operands are of other types: then the builtin itself is asked, which knows what to say.
 */
import { compare } from "./order.ts";
import { RegoSet } from "./set.ts";
import type { Value } from "./value.ts";

export function quickContains(text: Value, part: Value): boolean | undefined {
  return typeof text === "string" && typeof part === "string" ? text.includes(part) : undefined;
}

export function quickStartsWith(text: Value, prefix: Value): boolean | undefined {
  return typeof text === "string" && typeof prefix === "string" ? text.startsWith(prefix) : undefined;
}

export function quickEndsWith(text: Value, suffix: Value): boolean | undefined {
  return typeof text === "string" && typeof suffix === "string" ? text.endsWith(suffix) : undefined;
}

export function quickCount(value: Value): number | undefined {
  if (Array.isArray(value)) return value.length;
  return value instanceof RegoSet ? value.size : undefined;
}

export function quickAdd(a: Value, b: Value): number | undefined {
  if (!Number.isSafeInteger(a) || !Number.isSafeInteger(b)) return undefined;
  // as: a safe integer is a number
  const sum = (a as number) + (b as number);
  return Number.isSafeInteger(sum) ? sum : undefined;
}

export function quickSubtract(a: Value, b: Value): number | undefined {
  if (!Number.isSafeInteger(a) || !Number.isSafeInteger(b)) return undefined;
  // as: a safe integer is a number
  const difference = (a as number) - (b as number);
  return Number.isSafeInteger(difference) ? difference : undefined;
}

export function isLess(a: Value, b: Value): boolean {
  return typeof a === "number" && typeof b === "number" ? a < b : compare(a, b) < 0;
}

export function isLessOrEqual(a: Value, b: Value): boolean {
  return typeof a === "number" && typeof b === "number" ? a <= b : compare(a, b) <= 0;
}

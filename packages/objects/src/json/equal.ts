import type { JsonValue } from "./value.ts";

/** Whether two values are the same JSON; the order of keys does not matter. */
export function equalJson(left: JsonValue, right: JsonValue): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false;
    return left.every((item, at) => {
      const other: JsonValue | undefined = right[at];
      return other !== undefined && equalJson(item, other);
    });
  }
  if (Array.isArray(right)) return false;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  // Both are plain objects here: arrays were dealt with above.
  const [a, b] = [left as { readonly [key: string]: JsonValue }, right as { readonly [key: string]: JsonValue }];
  return keys.every((key) => {
    if (!Object.hasOwn(b, key)) return false;
    const [mine, other] = [a[key], b[key]];
    return mine !== undefined && other !== undefined && equalJson(mine, other);
  });
}

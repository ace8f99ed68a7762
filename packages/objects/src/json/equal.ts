import { isJsonArray, isJsonObject, type JsonValue } from "./value.ts";

type Pairs = [left: JsonValue | undefined, right: JsonValue | undefined][];

/** Whether two values are the same JSON, however deep they are nested; the order of keys does not matter. */
export function equalJson(left: JsonValue, right: JsonValue): boolean {
  const pairs: Pairs = [[left, right]];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [one, other] = pair;
    if (one !== other && !areAlike(one, other, pairs)) return false;
  }
  return true;
}

/** Whether two values may be equal; what they hold is left to be compared. */
function areAlike(left: JsonValue | undefined, right: JsonValue | undefined, pairs: Pairs): boolean {
  if (isJsonArray(left)) {
    if (!isJsonArray(right) || left.length !== right.length) return false;
    for (const [at, item] of left.entries()) pairs.push([item, right[at]]);
    return true;
  }
  if (!isJsonObject(left) || !isJsonObject(right)) return false;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  for (const key of keys) {
    if (!Object.hasOwn(right, key)) return false;
    const [mine, other] = [left[key], right[key]];
    if (mine !== other) pairs.push([mine, other]);
  }
  return true;
}

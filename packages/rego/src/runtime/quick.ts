/**
 * The commonest calls of the commonest types, without the builtin's own way through operands and failures. Each answers
 * undefined where the operands are of other types: then the builtin itself is asked, which knows what to say.
 */
import { compare, equal } from "./order.ts";
import { RegoSet } from "./set.ts";
import { difference, intersect } from "./set-operations.ts";
import { Tagged } from "./tagged.ts";
import type { PlainObject, Value } from "./value.ts";

/** Whether a value is a string without bytes outside UTF-8: one with them may be found within a code point. */
function isText(part: Value): part is string {
  return typeof part === "string" && part.isWellFormed();
}

export function quickContains(text: Value, part: Value): boolean | undefined {
  return typeof text === "string" && isText(part) ? text.includes(part) : undefined;
}

export function quickStartsWith(text: Value, prefix: Value): boolean | undefined {
  return typeof text === "string" && isText(prefix) ? text.startsWith(prefix) : undefined;
}

export function quickEndsWith(text: Value, suffix: Value): boolean | undefined {
  return typeof text === "string" && isText(suffix) ? text.endsWith(suffix) : undefined;
}

export function quickCount(value: Value): number | undefined {
  if (Array.isArray(value)) return value.length;
  return value instanceof RegoSet ? value.size : undefined;
}

/** `object.get` of a field that was read already: what was found, or the fallback where an object lacks it. */
export function quickField(found: Value | undefined, object: Value, fallback: Value): Value | undefined {
  if (found !== undefined) return found;
  const isObject =
    typeof object === "object" && object !== null && !Array.isArray(object) && !(object instanceof Tagged);
  return isObject ? fallback : undefined;
}

export function quickGet(object: Value, path: Value, fallback: Value): Value | undefined {
  if (typeof object !== "object" || object === null || Array.isArray(object) || object instanceof Tagged)
    return undefined;
  // INVARIANT: what is no array and none of our classes is a caller's object.
  const plain = object as PlainObject;
  return typeof path !== "string" ? undefined : Object.hasOwn(plain, path) ? plain[path] : fallback;
}

export function quickTrimPrefix(text: Value, prefix: Value): string | undefined {
  if (typeof text !== "string" || !isText(prefix)) return undefined;
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

export function quickTrimSuffix(text: Value, suffix: Value): string | undefined {
  if (typeof text !== "string" || !isText(suffix)) return undefined;
  return text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text;
}

export function quickIsMember(value: Value, collection: Value): boolean | undefined {
  if (collection instanceof RegoSet) return collection.has(value);
  if (!Array.isArray(collection)) return undefined;
  // as: an array that is a value holds values
  const items = collection as readonly Value[];
  for (let at = 0; at < items.length; at += 1) if (equal(items[at] as Value, value)) return true;
  return false;
}

export function quickAny(items: Value): boolean | undefined {
  return Array.isArray(items) ? items.includes(true) : undefined;
}

export function quickAdd(a: Value, b: Value): number | undefined {
  if (!Number.isSafeInteger(a) || !Number.isSafeInteger(b)) return undefined;
  // as: a safe integer is a number
  const sum = (a as number) + (b as number);
  return Number.isSafeInteger(sum) ? sum : undefined;
}

export function quickSubtract(a: Value, b: Value): number | RegoSet | undefined {
  if (a instanceof RegoSet && b instanceof RegoSet) return difference(a, b);
  if (!Number.isSafeInteger(a) || !Number.isSafeInteger(b)) return undefined;
  // as: a safe integer is a number
  const rest = (a as number) - (b as number);
  return Number.isSafeInteger(rest) ? rest : undefined;
}

/** `&` of sets. */
export function quickIntersect(a: Value, b: Value): RegoSet | undefined {
  return a instanceof RegoSet && b instanceof RegoSet ? intersect(a, b) : undefined;
}

/** What lower and upper case mean is simple for ASCII alone. */
export function quickLower(text: Value): string | undefined {
  if (typeof text !== "string") return undefined;
  let changes = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 0x7f) return undefined;
    changes ||= code >= 0x41 && code <= 0x5a;
  }
  return changes ? text.toLowerCase() : text;
}

export function quickUpper(text: Value): string | undefined {
  if (typeof text !== "string") return undefined;
  let changes = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 0x7f) return undefined;
    changes ||= code >= 0x61 && code <= 0x7a;
  }
  return changes ? text.toUpperCase() : text;
}

/** `concat` of a list of texts. */
export function quickConcat(delimiter: Value, items: Value): string | undefined {
  if (typeof delimiter !== "string" || !Array.isArray(items)) return undefined;
  let text = "";
  for (let at = 0; at < items.length; at += 1) {
    const item: unknown = items[at];
    if (typeof item !== "string") return undefined;
    text = at === 0 ? item : text + delimiter + item;
    // A long one is charged for by the builtin, which also sees to bytes outside UTF-8 that come together.
    if (text.length >= 64) return undefined;
  }
  return text.isWellFormed() ? text : undefined;
}

export function isLess(a: Value, b: Value): boolean {
  return typeof a === "number" && typeof b === "number" ? a < b : compare(a, b) < 0;
}

export function isLessOrEqual(a: Value, b: Value): boolean {
  return typeof a === "number" && typeof b === "number" ? a <= b : compare(a, b) <= 0;
}

/**
 * Numbers as Gatekeeper's policies see them: OPA is given Go's doubles, and shows one as Go prints it, `1e+06` and
 * `1e-05`. In what comes from a cluster integers are none, as far as 64 bits hold them; in a review all numbers are.
 */
import { formatGoFloat, isJsonArray, own, setOwn, type JsonObject, type JsonValue } from "@portcullis/objects";
import { readNumber, type PlainObject, type Value } from "@portcullis/rego";

/** Which integers are doubles: all, or those alone that 64 bits do not hold. */
export type IntegerForm = "doubles" | "exact";

/**
 * A review, whose numbers are all doubles but those of the namespace, which OPA is given another way. Nothing else is
 * looked at where its numbers are known to be plain.
 */
export function reviewAsGoShows(review: JsonObject, namespace: IntegerForm, hasPlainNumbers: boolean): PlainObject {
  if (hasPlainNumbers && isShownAlike(own(review, "namespaceObject") ?? null, namespace)) return review as PlainObject;
  const { namespaceObject, ...rest } = review;
  const shown = asGoShows(rest, "doubles");
  if (namespaceObject === undefined) return shown === rest ? (review as PlainObject) : (shown as PlainObject);
  const shownNamespace = asGoShows(namespaceObject, namespace);
  // JSON's values are Rego's.
  if (shown === rest && shownNamespace === namespaceObject) return review as PlainObject;
  return { ...(shown as PlainObject), namespaceObject: shownNamespace };
}

/** A value for Rego; itself where Go and JavaScript print all of its numbers alike, as is nearly always so. */
export function asGoShows(value: JsonValue, integers: IntegerForm): Value {
  if (isShownAlike(value, integers)) return value as Value;
  return withDoubles(value, integers);
}

/** What is reviewed may be nested deeper than calls may be; from here on, which is never usual, a list is kept instead. */
const deepestCall = 100;

/** For every review, and so without making anything: nearly all of what is in one are texts. */
function isShownAlike(value: JsonValue, integers: IntegerForm, depth: number = 0): boolean {
  if (typeof value === "number" || typeof value === "bigint") return isPlain(value, integers);
  if (typeof value !== "object" || value === null) return true;
  if (depth === deepestCall) return isShownAlikeByList(value, integers);
  if (isJsonArray(value)) {
    for (const item of value) if (typeof item !== "string" && !isShownAlike(item, integers, depth + 1)) return false;
    return true;
  }
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue;
    const item = value[key];
    if (typeof item !== "string" && item !== undefined && !isShownAlike(item, integers, depth + 1)) return false;
  }
  return true;
}

function isShownAlikeByList(whole: JsonValue, integers: IntegerForm): boolean {
  const left: JsonValue[] = [whole];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (typeof value === "number" || typeof value === "bigint") {
      if (!isPlain(value, integers)) return false;
    } else if (typeof value === "object" && value !== null) {
      for (const item of Object.values(value)) if (typeof item !== "string") left.push(item);
    }
  }
  return true;
}

const most64 = 2n ** 63n;

/** Whether a number is an integer to Go, or a double that JavaScript prints alike. */
function isPlain(value: number | bigint, integers: IntegerForm): boolean {
  if (typeof value === "bigint") return integers === "exact" && value >= -most64 && value < most64;
  const size = Math.abs(value);
  if (size < 1e6 && (size >= 1e-4 || size === 0)) return true;
  return integers === "exact" && Number.isInteger(value) && size < Number(most64);
}

type Filled = Value[] | { [key: string]: Value };
type Unfilled = (readonly [from: JsonValue, to: Filled])[];

function withDoubles(whole: JsonValue, integers: IntegerForm): Value {
  const left: Unfilled = [];
  const made = copyOf(whole, left, integers);
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const [from, to] = next;
    for (const [key, item] of Object.entries(from ?? {})) {
      const copy = copyOf(item, left, integers);
      if (Array.isArray(to)) to.push(copy);
      else setOwn(to, key, copy);
    }
  }
  return made;
}

/** A scalar, or an empty list or object that is to be filled. */
function copyOf(item: JsonValue, left: Unfilled, integers: IntegerForm): Value {
  if (typeof item === "number" || typeof item === "bigint") {
    return isPlain(item, integers) ? item : (readNumber(formatGoFloat(Number(item))) ?? item);
  }
  if (typeof item !== "object" || item === null) return item;
  const made: Filled = isJsonArray(item) ? [] : {};
  left.push([item, made]);
  return made;
}

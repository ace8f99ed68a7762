import { objectEntries, RegoObject } from "./object.ts";
import { isObject } from "./order.ts";
import type { Value } from "./value.ts";

/** A document with the value at a path replaced; what is on the way is copied, and made where it is no object. */
export function pathInto(document: Value | undefined, path: readonly Value[], value: Value): Value {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const copy = new RegoObject(document !== undefined && isObject(document) ? objectEntries(document) : []);
  copy.set(key, pathInto(copy.get(key), rest, value));
  return copy;
}

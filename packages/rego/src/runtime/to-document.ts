import type { Value } from "./value.ts";
import { RegoObject } from "./object.ts";
import { RegoSet } from "./set.ts";

/** A value as JSON can hold it: sets become arrays in their order, keys that are no strings become JSON text. Numbers stay exact. */
export function toDocument(value: Value): Value {
  if (value instanceof RegoSet) return value.items.map(toDocument);
  if (value instanceof RegoObject) {
    throw new Error("objects with keys of any kind await the runtime's RegoObject");
  }
  return value;
}

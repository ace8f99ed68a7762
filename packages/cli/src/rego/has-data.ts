import type { PlainObject, Value } from "@portcullis/rego";
import { isDocument } from "./merge.ts";

/** Whether there is data at a path, or a value on the way to it. */
export function hasData(data: PlainObject, path: readonly string[]): boolean {
  let at: Value = data;
  if (path.length === 0) return false;
  for (const name of path) {
    if (!isDocument(at)) return true;
    const next: Value | undefined = Object.hasOwn(at, name) ? at[name] : undefined;
    if (next === undefined) return false;
    at = next;
  }
  return true;
}

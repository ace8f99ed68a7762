/** Base data from several files in one document. */
import type { PlainObject, Value } from "@portcullis/rego";

/** An object that is still being filled. */
export interface OpenDocument {
  [name: string]: Value;
}

/** Whether a value is an object with names for keys, as files hold them. */
export function isDocument(value: Value): value is PlainObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A value below a path. */
export function nested(path: readonly string[], value: Value): Value {
  return path.reduceRight<Value>((inner, name) => define({}, name, inner), value);
}

/** Where two documents both have something that is not an object on both sides, if anywhere. */
export function conflictOf(left: PlainObject, right: PlainObject): readonly string[] | undefined {
  for (const name of Object.keys(right)) {
    if (!Object.hasOwn(left, name)) continue;
    const [mine, other] = [left[name], right[name]];
    if (mine === undefined || other === undefined) continue;
    if (!isDocument(mine) || !isDocument(other)) return [name];
    const below = conflictOf(mine, other);
    if (below !== undefined) return [name, ...below];
  }
  return undefined;
}

/** Puts all of a document into another that has no conflict with it. */
export function mergeInto(target: OpenDocument, document: PlainObject): void {
  for (const name of Object.keys(document)) {
    const value = document[name];
    if (value === undefined) continue;
    const mine = Object.hasOwn(target, name) ? target[name] : undefined;
    if (mine !== undefined && isDocument(mine) && isDocument(value)) {
      const merged: OpenDocument = {};
      mergeInto(merged, mine);
      mergeInto(merged, value);
      define(target, name, merged);
    } else define(target, name, value);
  }
}

/** Sets a property of any name, `__proto__` too. */
function define(object: OpenDocument, name: string, value: Value): OpenDocument {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  return object;
}

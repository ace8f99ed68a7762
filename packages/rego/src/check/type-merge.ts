/** Types of documents that several rules make together. */
import type { Term } from "../syntax/ast.ts";
import { type Known, objectType, union } from "./type-algebra.ts";
import type { Type } from "./type.ts";

type ObjectType = Type & { readonly kind: "object" };

/** An object's type with one more value at a path of any keys. */
export function insertIntoObject(
  object: ObjectType,
  path: readonly Term[],
  type: Type,
  typeOf: (term: Term) => Known,
): ObjectType {
  const [head, ...tail] = path;
  if (head === undefined) return object;
  const value = tail.length === 0 ? type : insertIntoObject(objectType([]), tail, type, typeOf);
  const key = typeOf(head);
  const rest =
    object.rest === undefined
      ? { key, value }
      : { key: union(object.rest.key, key), value: union(object.rest.value, value) };
  return objectType(object.properties, rest);
}

function mergeObjects(a: ObjectType, b: ObjectType): Known {
  if (a.properties.length > 0 || b.properties.length > 0) return union(a, b);
  if (a.rest === undefined) return b;
  if (b.rest === undefined) return a;
  return objectType([], {
    key: union(a.rest.key, b.rest.key),
    value: mergeTypes(a.rest.value, b.rest.value),
  });
}

/** An object that joins the first of its kind among several types. */
function mergeIntoAny(any: Type & { readonly kind: "any" }, object: ObjectType): Known {
  const { rest } = object;
  if (rest === undefined || object.properties.length > 0) return union(any, object);
  const at = any.of.findIndex(
    (member) => member.kind === "object" && member.properties.length === 0 && member.rest !== undefined,
  );
  const member = any.of[at];
  if (member?.kind !== "object" || member.rest === undefined) return union(any, object);
  const merged = objectType([], {
    key: union(member.rest.key, rest.key),
    value: union(member.rest.value, rest.value),
  });
  return { kind: "any", of: any.of.with(at, merged) };
}

/** The type of a document that is of both types at once, or of either. */
export function mergeTypes(a: Known, b: Known): Known {
  if (a === undefined) return b;
  if (b === undefined) return a;
  if (a.kind === "object" && b.kind === "object") return mergeObjects(a, b);
  if (a.kind === "object" && b.kind === "any") return mergeIntoAny(b, a);
  if (a.kind === "any" && b.kind === "object") return mergeIntoAny(a, b);
  if (a.kind === "set" && b.kind === "set") return { kind: "set", of: union(a.of, b.of) };
  return union(a, b);
}

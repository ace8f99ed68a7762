/** Whether types go together, and what variables learn from it. */
import type { Term } from "../syntax/ast.ts";
import { isConstant } from "./constants.ts";
import { termKey } from "./term-key.ts";
import { anyType, isAnything, isUnknown, type Known, selectType, union, valuesOf } from "./type-algebra.ts";
import { selectConstant, type TypeEnvironment } from "./type-environment.ts";
import type { Type } from "./type.ts";

type ArrayType = Type & { readonly kind: "array" };
type ObjectType = Type & { readonly kind: "object" };

function itemAt(type: ArrayType, index: number): Known {
  return index < type.items.length ? type.items[index] : type.rest;
}

function itemsGoTogether(a: ArrayType, b: ArrayType): boolean {
  return a.items.every((item, index) => goTogether(item, itemAt(b, index)));
}

function propertiesGoTogether(a: ObjectType, b: ObjectType): boolean {
  return a.properties.every(({ key, value }) => {
    const other = selectType(b, key);
    if (other !== undefined) return goTogether(value, other);
    return a.rest?.value !== undefined || b.rest?.value !== undefined;
  });
}

function goesWithAny(any: Type & { readonly kind: "any" }, other: Type): boolean {
  if (other.kind === "function") return false;
  return any.of.length === 0 || any.of.some((member) => goTogether(member, other));
}

/** Whether a value of one type may be a value of the other. */
export function goTogether(a: Known, b: Known): boolean {
  if (a === undefined || b === undefined) return false;
  if (a.kind === "any" && goesWithAny(a, b)) return true;
  if (b.kind === "any" && goesWithAny(b, a)) return true;
  if (a.kind === "any" || b.kind === "any") return false;
  if (a.kind === "array" && b.kind === "array") {
    if (!itemsGoTogether(a, b) || !itemsGoTogether(b, a)) return false;
    return a.rest === undefined || b.rest === undefined || goTogether(a.rest, b.rest);
  }
  if (a.kind === "object" && b.kind === "object") {
    if (!propertiesGoTogether(a, b) || !propertiesGoTogether(b, a)) return false;
    return a.rest?.value === undefined || b.rest?.value === undefined || goTogether(a.rest.value, b.rest.value);
  }
  if (a.kind === "set" && b.kind === "set") {
    return a.of === undefined || b.of === undefined || goTogether(a.of, b.of);
  }
  if (a.kind === "function" && b.kind === "function") {
    return a.args.length === b.args.length && a.args.every((argument, index) => goTogether(argument, b.args[index]));
  }
  return a.kind === b.kind;
}

function learnArray(environment: TypeEnvironment, items: readonly Term[], type: ArrayType, join: boolean): boolean {
  if (items.length !== type.items.length && type.rest === undefined) return false;
  return items.every((item, index) => learn(environment, item, itemAt(type, index), join));
}

function learnObject(
  environment: TypeEnvironment,
  entries: readonly (readonly [Term, Term])[],
  type: ObjectType,
  join: boolean,
): boolean {
  if (entries.length !== type.properties.length && type.rest?.value === undefined) return false;
  return entries.every(([key, value]) => {
    if (!isConstant(key)) {
      learn(environment, value, anyType, join);
      return true;
    }
    const member = selectConstant(type, key);
    return member !== undefined && learn(environment, value, member, join);
  });
}

/** Learns from a collection that is one of several types, or of any. */
function learnFromAny(
  environment: TypeEnvironment,
  term: Term,
  members: readonly Term[],
  type: Type & { readonly kind: "any" },
): boolean {
  if (isAnything(type)) {
    for (const member of members) learn(environment, member, anyType, true);
    return true;
  }
  let fits = false;
  for (const each of type.of) if (learn(environment, term, each, true)) fits = true;
  return fits;
}

/** Whether a term may be of a type; variables in it that had none get theirs. */
export function learn(environment: TypeEnvironment, term: Term, type: Known, join: boolean): boolean {
  switch (term.kind) {
    case "array":
      if (type?.kind === "array") return learnArray(environment, term.items, type, join);
      return type?.kind === "any" && learnFromAny(environment, term, term.items, type);
    case "object":
      if (type?.kind === "object") return learnObject(environment, term.entries, type, join);
      return type?.kind === "any" && learnFromAny(environment, term, term.entries.flat(), type);
    case "set": {
      if (type?.kind === "any") return learnFromAny(environment, term, term.items, type);
      if (type?.kind !== "set") return false;
      const of = valuesOf(type);
      return term.items.every((item) => learn(environment, item, of, join));
    }
    case "var": {
      const known = environment.typeOf(term);
      if (join) environment.set(term, union(known, type));
      else if (known === undefined) environment.set(term, type);
      else return goTogether(known, type);
      return true;
    }
    case "null":
    case "boolean":
    case "number":
    case "string":
    case "ref":
    case "call":
    case "arrayComprehension":
    case "setComprehension":
    case "objectComprehension":
    case "templateString":
      return goTogether(environment.typeOf(term), type);
  }
}

function learnLeft(environment: TypeEnvironment, composite: Term, variable: Term): boolean {
  return (
    learn(environment, composite, anyType, false) && learn(environment, variable, environment.typeOf(composite), false)
  );
}

function matchMembers(environment: TypeEnvironment, a: Term, b: Term): boolean {
  if (a.kind === "array" && b.kind === "array") {
    return (
      a.items.length === b.items.length &&
      a.items.every((item, index) => matchTerms(environment, item, b.items[index] ?? item))
    );
  }
  if (a.kind !== "object" || b.kind !== "object") return false;
  const others = new Map(b.entries.map(([key, value]) => [termKey(key), value]));
  if (a.entries.length !== others.size) return false;
  return a.entries.every(([key, value]) => {
    const other = others.get(termKey(key));
    return other !== undefined && matchTerms(environment, value, other);
  });
}

/** Whether two terms may be equal; variables on either side learn from the other. */
export function matchTerms(environment: TypeEnvironment, a: Term, b: Term): boolean {
  const typeA = environment.typeOf(a);
  const typeB = environment.typeOf(b);
  const unknownA = isUnknown(typeA);
  const unknownB = isUnknown(typeB);
  if (unknownA && !unknownB) return learn(environment, a, typeB, false);
  if (unknownB && !unknownA) return learn(environment, b, typeA, false);
  if (!unknownA) return goTogether(typeA, typeB);
  const isCompositeA = a.kind === "array" || a.kind === "object";
  const isCompositeB = b.kind === "array" || b.kind === "object";
  if (isCompositeA) return b.kind === "var" ? learnLeft(environment, a, b) : matchMembers(environment, a, b);
  if (a.kind === "var") {
    if (b.kind === "var") return learnLeft(environment, a, b);
    if (isCompositeB) return learnLeft(environment, b, a);
    if (b.kind === "ref") return learn(environment, a, anyType, false);
    if (typeA === undefined && typeB !== undefined) return learn(environment, a, typeB, false);
  }
  if (b.kind === "var") {
    if (a.kind === "ref") return learn(environment, b, anyType, false);
    if (typeB === undefined && typeA !== undefined) return learn(environment, b, typeA, false);
  }
  return false;
}

/**
 * Two types side by side, with only what tells them apart: messages of types too wide for a line are unreadable
 * otherwise. What is the same on both sides is left out or cut to its outermost kind, and `...` stands for it.
 */
import { bracketed, labelled, typeText } from "./type-text.ts";
import { compareKeys, type Known, keyText } from "./type-algebra.ts";
import type { Type } from "./type.ts";

const elision = "...";
/** A wider line is cut. */
const widestLine = 80;
/** A wider type is cut to its outermost kind where it is not what the message is about. */
const widestType = 32;
const deepest = 8;

type Pair = readonly [left: string, right: string];
type ObjectType = Type & { readonly kind: "object" };
type ArrayType = Type & { readonly kind: "array" };
type FunctionType = Type & { readonly kind: "function" };

function width(text: string): number {
  return Array.from(text).length;
}

/** Whether a line of a message is too wide to be read. */
export function isTooWide(...lines: readonly string[]): boolean {
  return lines.some((line) => width(line) > widestLine);
}

function property(key: unknown, text: string): string {
  return `${keyText(key)}: ${text}`;
}

/** A type with what is more than some levels below left out. */
function shallow(type: Known, depth: number): string {
  const below = (inner: Known): string => (depth === 0 ? elision : shallow(inner, depth - 1));
  const members = <T>(list: readonly T[], text: (item: T) => string): readonly string[] =>
    depth === 0 && list.length > 0 ? [elision] : list.map(text);
  if (depth < 0) return typeText(type);
  switch (type?.kind) {
    case "set":
      return type.of === undefined ? "set" : `set[${below(type.of)}]`;
    case "array":
      return bracketed("array", members(type.items, below), type.rest === undefined ? undefined : below(type.rest));
    case "object": {
      const { rest } = type;
      const properties = members(type.properties, ({ key, value }) => property(key, below(value)));
      if (rest === undefined) return bracketed("object", properties, undefined);
      return bracketed("object", properties, depth === 0 ? elision : `${below(rest.key)}: ${below(rest.value)}`);
    }
    case "any":
      return bracketed("any", members(type.of, below), undefined);
    case "function": {
      const variadic = type.variadic === undefined ? [] : [`${below(type.variadic)}...`];
      const args = members([...type.args.map(below), ...variadic], (text) => text);
      return `(${args.join(", ")}) => ${type.result === undefined ? "???" : below(type.result)}`;
    }
    case "null":
    case "boolean":
    case "number":
    case "string":
    case undefined:
      return typeText(type);
  }
}

/** A type with its name, cut to its outermost kind unless both are short. */
export function elided(type: Known, label?: string): string {
  const whole = labelled(label, typeText(type));
  return width(whole) <= widestType ? whole : labelled(label, shallow(type, 0));
}

function withElision(parts: readonly string[], left: boolean): readonly string[] {
  return left ? [...parts, elision] : parts;
}

function arrays(a: ArrayType, b: ArrayType, depth: number): Pair {
  if (a.items.length !== b.items.length || (a.rest === undefined) !== (b.rest === undefined)) {
    return [shallow(a, 1), shallow(b, 1)];
  }
  const items = a.items.map((item, index) => differ(item, b.items[index], depth + 1));
  const rest = a.rest === undefined ? undefined : differ(a.rest, b.rest, depth + 1);
  return [
    bracketed(
      "array",
      items.map(([left]) => left),
      rest?.[0],
    ),
    bracketed(
      "array",
      items.map(([, right]) => right),
      rest?.[1],
    ),
  ];
}

function restTexts(a: ObjectType, b: ObjectType, depth: number): readonly [string | undefined, string | undefined] {
  if (a.rest !== undefined && b.rest !== undefined) {
    const key = differ(a.rest.key, b.rest.key, depth + 1);
    const value = differ(a.rest.value, b.rest.value, depth + 1);
    return [`${key[0]}: ${value[0]}`, `${key[1]}: ${value[1]}`];
  }
  const one = (rest: ObjectType["rest"]): string | undefined =>
    rest === undefined ? undefined : `${elided(rest.key)}: ${elided(rest.value)}`;
  return [one(a.rest), one(b.rest)];
}

function objects(a: ObjectType, b: ObjectType, depth: number): Pair {
  const left: string[] = [];
  const right: string[] = [];
  let same = false;
  for (const { key, value } of a.properties) {
    const other = b.properties.find((each) => compareKeys(each.key, key) === 0);
    if (other === undefined) left.push(property(key, elided(value)));
    else if (typeText(value) === typeText(other.value)) same = true;
    else {
      const [mine, its] = differ(value, other.value, depth + 1);
      left.push(property(key, mine));
      right.push(property(key, its));
    }
  }
  for (const { key, value } of b.properties) {
    if (!a.properties.some((each) => compareKeys(each.key, key) === 0)) right.push(property(key, elided(value)));
  }
  const rest = restTexts(a, b, depth);
  return [
    bracketed("object", withElision(left, same), rest[0]),
    bracketed("object", withElision(right, same), rest[1]),
  ];
}

function alternatives(a: readonly Type[], b: readonly Type[]): Pair {
  const inA = new Set(a.map(typeText));
  const inB = new Set(b.map(typeText));
  const left = a.filter((member) => !inB.has(typeText(member))).map((member) => elided(member));
  const right = b.filter((member) => !inA.has(typeText(member))).map((member) => elided(member));
  const same = left.length < a.length;
  return [bracketed("any", withElision(left, same), undefined), bracketed("any", withElision(right, same), undefined)];
}

function functions(a: FunctionType, b: FunctionType, depth: number): Pair {
  const args = a.args.map((argument, index) => differ(argument, b.args[index], depth + 1));
  const [left, right] = differ(a.result, b.result, depth + 1);
  return [
    `(${args.map(([text]) => text).join(", ")}) => ${left}`,
    `(${args.map(([, text]) => text).join(", ")}) => ${right}`,
  ];
}

/** Both types, with only what tells them apart. */
export function differ(a: Known, b: Known, depth = 0): Pair {
  if (depth >= deepest || a === undefined || b === undefined || typeText(a) === typeText(b)) {
    return [elided(a), elided(b)];
  }
  if (a.kind === "set" && b.kind === "set" && a.of !== undefined && b.of !== undefined) {
    const [left, right] = differ(a.of, b.of, depth + 1);
    return [`set[${left}]`, `set[${right}]`];
  }
  if (a.kind === "array" && b.kind === "array") return arrays(a, b, depth);
  if (a.kind === "object" && b.kind === "object") return objects(a, b, depth);
  if (a.kind === "any" && b.kind === "any") return alternatives(a.of, b.of);
  if (a.kind === "function" && b.kind === "function" && a.args.length === b.args.length) return functions(a, b, depth);
  return [elided(a), elided(b)];
}

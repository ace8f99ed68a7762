/**
 * Sets of field paths, in the form Kubernetes keeps them in managed fields: `f:name` is a member of an object,
 * `k:{…}` an element of a list known by its keys, `v:…` one known by its value.
 */
import type { FieldsV1 } from "../storage/api-object.ts";

/** A set of paths: whether the path that led here is in it, and what is below. */
export interface FieldTree {
  readonly member: boolean;
  readonly children: ReadonlyMap<string, FieldTree>;
}

/** A path, from the root. */
export type FieldPath = readonly string[];

/** The set that holds nothing. */
export const noFields: FieldTree = { member: false, children: new Map() };

/** The set that holds the path that led to it. */
export const oneField: FieldTree = { member: true, children: new Map() };

/** Whether nothing is in a set. */
export function isEmptyTree(tree: FieldTree): boolean {
  return !tree.member && tree.children.size === 0;
}

function tree(member: boolean, children: ReadonlyMap<string, FieldTree>): FieldTree {
  return member || children.size > 0 ? { member, children } : noFields;
}

/** The set with those children only that are not empty. */
export function treeOf(member: boolean, children: Iterable<readonly [string, FieldTree]>): FieldTree {
  return tree(member, new Map([...children].filter(([, child]) => !isEmptyTree(child))));
}

/** What is in either. */
export function union(left: FieldTree, right: FieldTree): FieldTree {
  const children = new Map(left.children);
  for (const [key, child] of right.children) {
    const known = children.get(key);
    children.set(key, known === undefined ? child : union(known, child));
  }
  return tree(left.member || right.member, children);
}

/** What is in the one and not in the other. */
export function difference(left: FieldTree, right: FieldTree): FieldTree {
  const children = new Map<string, FieldTree>();
  for (const [key, child] of left.children) {
    const other = right.children.get(key);
    const rest = other === undefined ? child : difference(child, other);
    if (!isEmptyTree(rest)) children.set(key, rest);
  }
  return tree(left.member && !right.member, children);
}

/** What is in both. */
export function intersection(left: FieldTree, right: FieldTree): FieldTree {
  const children = new Map<string, FieldTree>();
  for (const [key, child] of left.children) {
    const other = right.children.get(key);
    const both = other === undefined ? noFields : intersection(child, other);
    if (!isEmptyTree(both)) children.set(key, both);
  }
  return tree(left.member && right.member, children);
}

/** The paths in a set, parents before what is below them. */
export function pathsOf(fields: FieldTree, path: FieldPath = []): readonly FieldPath[] {
  const own = fields.member ? [path] : [];
  const below = [...fields.children].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return [...own, ...below.flatMap(([key, child]) => pathsOf(child, [...path, key]))];
}

/** Writes a set as managed fields hold it. */
export function encodeFields(fields: FieldTree): FieldsV1 {
  const entries = [...fields.children]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, child]): [string, FieldsV1] => {
      const below = encodeFields(child);
      return [key, child.member && child.children.size > 0 ? { ".": {}, ...below } : below];
    });
  return Object.fromEntries(entries);
}

/** Reads a set as managed fields hold it; what is no such thing counts as empty. */
export function decodeFields(value: unknown): FieldTree {
  if (typeof value !== "object" || value === null) return noFields;
  return treeOf(
    false,
    Object.entries(value).flatMap(([key, below]) => (key === "." ? [] : [[key, decodeChild(below)] as const])),
  );
}

function decodeChild(value: unknown): FieldTree {
  const below = decodeFields(value);
  const isLeaf = below.children.size === 0;
  const hasDot = typeof value === "object" && value !== null && Object.hasOwn(value, ".");
  return { member: isLeaf || hasDot, children: below.children };
}

/** A path as messages write it: `.spec.containers[name="web"].image`. */
export function formatPath(path: FieldPath): string {
  return path.map(formatStep).join("");
}

function formatStep(step: string): string {
  const rest = step.slice(2);
  switch (step.slice(0, 2)) {
    case "f:":
      return `.${rest}`;
    case "k:": {
      const keys: unknown = JSON.parse(rest);
      const pairs = Object.entries(typeof keys === "object" && keys !== null ? keys : {});
      return `[${pairs.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(",")}]`;
    }
    case "v:":
      return `[=${rest}]`;
    default:
      return `[${rest}]`;
  }
}

import { getOwn, isFields, type Fields } from "../storage/api-object.ts";
import { equalFields } from "../storage/equal-fields.ts";
import type { FieldShape, FieldShaper } from "./field-shape.ts";
import { noFields, oneField, treeOf, type FieldTree } from "./field-tree.ts";

/** Which fields one object has that another had not, has otherwise, or has no more. */
export interface FieldChanges {
  readonly added: FieldTree;
  readonly modified: FieldTree;
  readonly removed: FieldTree;
}

const unchanged: FieldChanges = { added: noFields, modified: noFields, removed: noFields };

/** All fields that an applied configuration names. */
export function fieldsIn(shaper: FieldShaper, value: unknown): FieldTree {
  const shape = shaper(value);
  switch (shape.kind) {
    case "leaf":
      return oneField;
    case "list":
      return treeOf(
        false,
        itemsOf(value).map((item) => [shape.step(item), asMember(fieldsIn(shape.element, item))] as const),
      );
    case "object":
      return treeOf(
        false,
        Object.entries(fieldsOf(value)).map(([name, member]) => {
          const below = fieldsIn(shape.member(name), member);
          const isEmpty = member === null || (isFields(member) && Object.keys(member).length === 0);
          return [`f:${name}`, isEmpty || !shape.names(name) ? asMember(below) : below] as const;
        }),
      );
  }
}

function asMember(fields: FieldTree): FieldTree {
  return { member: true, children: fields.children };
}

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function isEmptyContainer(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    (Array.isArray(value) ? value.length === 0 : isFields(value) && Object.keys(value).length === 0)
  );
}

/** Compares two objects field by field, as the shape says what a field is. */
export function compareFields(shaper: FieldShaper, before: unknown, after: unknown): FieldChanges {
  if (before === undefined && after === undefined) return unchanged;
  if (equalFields(before, after)) return unchanged;
  const shape = shaper(after ?? before);
  const other = shaper(before ?? after);
  const isLeaf =
    shape.kind === "leaf" || shape.kind !== other.kind || (isEmptyContainer(before) && isEmptyContainer(after));
  if (isLeaf) return leafChange(before, after);
  const children = shape.kind === "object" ? memberChanges(shape, before, after) : elementChanges(shape, before, after);
  const pick = (which: keyof FieldChanges, member: boolean): FieldTree =>
    treeOf(
      member,
      children.map(([step, change]) => [step, change[which]] as const),
    );
  return {
    added: pick("added", before === undefined),
    modified: pick("modified", false),
    removed: pick("removed", after === undefined),
  };
}

function leafChange(before: unknown, after: unknown): FieldChanges {
  if (before === undefined) return { ...unchanged, added: oneField };
  if (after === undefined) return { ...unchanged, removed: oneField };
  return { ...unchanged, modified: oneField };
}

type StepChanges = readonly (readonly [string, FieldChanges])[];

function memberChanges(shape: FieldShape & { kind: "object" }, before: unknown, after: unknown): StepChanges {
  const names = new Set([...Object.keys(fieldsOf(before)), ...Object.keys(fieldsOf(after))]);
  return [...names].map((name) => [
    `f:${name}`,
    compareFields(shape.member(name), getOwn(before, name), getOwn(after, name)),
  ]);
}

function elementChanges(shape: FieldShape & { kind: "list" }, before: unknown, after: unknown): StepChanges {
  const index = (list: unknown): Map<string, unknown> =>
    new Map(itemsOf(list).map((item) => [shape.step(item), item] as const));
  const [old, now] = [index(before), index(after)];
  return [...new Set([...old.keys(), ...now.keys()])].map((step) => [
    step,
    compareFields(shape.element, old.get(step), now.get(step)),
  ]);
}

import type { SchemaCatalogue, SchemaNode } from "../kinds/schema-node.ts";
import { getOwn, isFields } from "../storage/api-object.ts";
import { memberNode, resolve } from "./schema-view.ts";

/** How server-side apply looks at a value: as one thing, or as parts with owners of their own. */
export type FieldShape =
  | { readonly kind: "leaf" }
  | {
      readonly kind: "object";
      readonly member: (name: string) => FieldShaper;
      /** Whether the schema names the member; others are entries of a map, and are owned as such. */
      readonly names: (name: string) => boolean;
    }
  | { readonly kind: "list"; readonly element: FieldShaper; readonly step: (item: unknown) => string };

/** Gives the shape of the value that stands at a place of the schema. */
export type FieldShaper = (value: unknown) => FieldShape;

const leaf: FieldShape = { kind: "leaf" };

/** The shaper for a place of a schema; without a schema objects have parts and lists have none. */
export function shaperOf(catalogue: SchemaCatalogue, node: SchemaNode | undefined): FieldShaper {
  return (value) => shapeOf(catalogue, node, value);
}

function shapeOf(catalogue: SchemaCatalogue, node: SchemaNode | undefined, value: unknown): FieldShape {
  const schema = resolve(catalogue, node);
  const mark = <T>(read: (from: SchemaNode) => T | undefined): T | undefined =>
    (node === undefined ? undefined : read(node)) ?? (schema === undefined ? undefined : read(schema));
  if (isFields(value)) {
    if (mark((from) => from["x-kubernetes-map-type"]) === "atomic") return leaf;
    return {
      kind: "object",
      member: (name) => shaperOf(catalogue, memberNode(schema, name)),
      names: (name) => schema?.properties !== undefined && Object.hasOwn(schema.properties, name),
    };
  }
  if (!Array.isArray(value)) return leaf;
  const element = shaperOf(catalogue, schema?.items);
  switch (mark((from) => from["x-kubernetes-list-type"])) {
    case "set":
      return { kind: "list", element, step: (item) => `v:${JSON.stringify(item)}` };
    case "map": {
      const keys = mark((from) => from["x-kubernetes-list-map-keys"]) ?? [];
      const items = resolve(catalogue, schema?.items);
      return { kind: "list", element, step: (item) => keyStep(keys, items, item) };
    }
    default:
      return leaf;
  }
}

/** The step to an element by its keys; one that is absent has the schema's default. */
function keyStep(keys: readonly string[], items: SchemaNode | undefined, item: unknown): string {
  const entries = keys.toSorted().flatMap((key) => {
    const value = getOwn(item, key) ?? items?.properties?.[key]?.default;
    return value === undefined ? [] : [[key, value] as const];
  });
  return `k:${JSON.stringify(Object.fromEntries(entries))}`;
}

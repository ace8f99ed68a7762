import type { PatchField, PatchSchema } from "@portcullis/objects";
import type { SchemaCatalogue, SchemaNode } from "../kinds/schema-node.ts";

/** A schema node with its reference followed. */
export function resolve(catalogue: SchemaCatalogue, node: SchemaNode | undefined): SchemaNode | undefined {
  let current = node;
  // References do not go in circles without a node between, so this ends; the bound is for broken catalogues.
  for (let depth = 0; depth < 10 && current?.$ref !== undefined; depth += 1)
    current = catalogue.definition(current.$ref);
  return current;
}

/** The schema of a member of an object, unresolved: the field's own marks stand beside its reference. */
export function memberNode(object: SchemaNode | undefined, name: string): SchemaNode | undefined {
  const properties = object?.properties;
  if (properties !== undefined && Object.hasOwn(properties, name)) return properties[name];
  return typeof object?.additionalProperties === "object" ? object.additionalProperties : undefined;
}

/** A schema as strategic merge patches look at it. */
export function patchSchema(catalogue: SchemaCatalogue, node: SchemaNode | undefined): PatchSchema {
  const object = resolve(catalogue, node);
  return {
    field(name): PatchField | undefined {
      const member = memberNode(object, name);
      if (member === undefined) return undefined;
      const own = resolve(catalogue, member);
      const strategies = member["x-kubernetes-patch-strategy"] ?? own?.["x-kubernetes-patch-strategy"] ?? "";
      const mergeKey = member["x-kubernetes-patch-merge-key"] ?? own?.["x-kubernetes-patch-merge-key"];
      return {
        strategies: strategies.split(",").filter((strategy) => strategy !== ""),
        ...(mergeKey === undefined ? {} : { mergeKey }),
        get below(): PatchSchema {
          return patchSchema(catalogue, own?.type === "array" ? own.items : own);
        },
      };
    },
  };
}

import type { JsonObject } from "@portcullis/objects";

const glob: JsonObject = {
  type: "string",
  pattern: "^\\*?[-:a-z0-9]*\\*?$",
  description: "A name; a star at the front or the end stands for any text there.",
};

const labelSelector: JsonObject = {
  type: "object",
  "x-kubernetes-map-type": "atomic",
  properties: {
    matchLabels: { type: "object", additionalProperties: { type: "string" } },
    matchExpressions: {
      type: "array",
      "x-kubernetes-list-type": "atomic",
      items: {
        type: "object",
        required: ["key", "operator"],
        properties: {
          key: { type: "string" },
          operator: { type: "string" },
          values: { type: "array", "x-kubernetes-list-type": "atomic", items: { type: "string" } },
        },
      },
    },
  },
};

function described(schema: JsonObject, description: string): JsonObject {
  return { ...schema, description };
}

/** The schema of `match`, which constraints and mutators share. */
export const matchSchema: JsonObject = {
  type: "object",
  description: "Selects the objects that this applies to; whatever is given must match.",
  properties: {
    excludedNamespaces: {
      type: "array",
      items: glob,
      description: "Namespaces that this does not apply to, such as `kube-*`.",
    },
    kinds: {
      type: "array",
      description: "The groups and kinds of objects, one of which must match; `*` stands for all.",
      items: {
        type: "object",
        properties: {
          apiGroups: { type: "array", items: { type: "string" } },
          kinds: { type: "array", items: { type: "string" } },
        },
      },
    },
    labelSelector: described(labelSelector, "Selects by the object's own labels."),
    name: described(glob, "The object's name; a star at the front or the end stands for any text there."),
    namespaceSelector: described(
      labelSelector,
      "Selects by the labels of the object's namespace, or of the object itself if it is a Namespace.",
    ),
    namespaces: {
      type: "array",
      items: glob,
      description: "The namespaces that this applies to, such as `team-*`.",
    },
    scope: { type: "string", description: "`Cluster`, `Namespaced`, or `*` for both, which is the default." },
    source: {
      type: "string",
      enum: ["All", "Generated", "Original"],
      description: "`Generated` for what expansion makes, `Original` for all else, `All` for both, the default.",
    },
  },
};

import { fieldWords } from "./field-words-data.ts";
import { protobufData } from "./protobuf-data.ts";
import { schemaData } from "./schema-data.ts";
import type { SchemaCatalogue, SchemaNode } from "./schema-node.ts";

/**
 * The schemas of the built-in kinds, read from the table when first asked for. A catalogue keeps what it has read,
 * so one serves all sandboxes or each its own.
 */
export function builtInSchemas(describe: Describe = () => undefined): SchemaCatalogue {
  const plain = new Map<string, SchemaNode>();
  const described = new Map<string, SchemaNode>();
  const omissions = new Map<SchemaNode, ReadonlySet<string>>();
  const read = (known: Map<string, SchemaNode>, name: string, words: Describe): SchemaNode | undefined => {
    const found = known.get(name) ?? (Object.hasOwn(publishedScalars, name) ? publishedScalars[name] : undefined);
    if (found !== undefined) return found;
    const text = Object.hasOwn(schemaData, shortName(name)) ? schemaData[shortName(name)] : undefined;
    if (text === undefined) return undefined;
    const schema = typeSchema(text, name, words);
    known.set(name, schema);
    omissions.set(schema, fieldsWithoutZero(shortName(name), schema));
    return schema;
  };
  return {
    definition: (name) => read(plain, name, () => undefined),
    described: (name) => read(described, name, describe),
    omitsZero: (type, field) => omissions.get(type)?.has(field) === true,
    names: () => [...Object.keys(schemaData).map(fullName), ...Object.keys(publishedScalars)],
  };
}

/** Optional fields that an empty map may stand in nevertheless. */
const zerosShown = new Set(["rbac.v1.Role.rules", "rbac.v1.ClusterRole.rules"]);

/** The optional fields of a type that are no pointers in Go, and no structs either: their zero is as good as nothing. */
function fieldsWithoutZero(type: string, { required = [] }: SchemaNode): ReadonlySet<string> {
  const lines = Object.hasOwn(protobufData, type) ? (protobufData[type] ?? "").split("\n") : [];
  const names = lines.flatMap((line) => {
    const [, name = "", kind = ""] = line.split(" ");
    const isPlain = /^(?:[sbid]|bytes|\[\].*|\{\}.*)$/u.test(kind) && name !== "." && !name.endsWith("?");
    return isPlain && !required.includes(name) && !zerosShown.has(`${type}.${name}`) ? [name] : [];
  });
  return new Set(names);
}

/** What a type and its fields are for, in words. */
export interface TypeDescription {
  readonly description: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Gives the words for a type, by its published name. */
export type Describe = (name: string) => TypeDescription | undefined;

/** The published name of a type: `core.v1.Pod` is `io.k8s.api.core.v1.Pod`. */
export function fullName(short: string): string {
  if (short.startsWith("meta.")) return `io.k8s.apimachinery.pkg.apis.${short}`;
  if (short.startsWith("apiextensions.")) return `io.k8s.apiextensions-apiserver.pkg.apis.${short}`;
  return `io.k8s.api.${short}`;
}

function shortName(full: string): string {
  return full.replace(/^io\.k8s\.(?:apimachinery\.pkg\.apis|apiextensions-apiserver\.pkg\.apis|api)\./u, "");
}

function typeSchema(text: string, name: string, describe: Describe): SchemaNode {
  const described = describe(name);
  const properties: Record<string, SchemaNode> = {};
  const required: string[] = [];
  let atomic = false;
  for (const line of text.split("\n")) {
    if (line === "*atomic") atomic = true;
    else if (line !== "") {
      const field = fieldSchema(line, described, describe);
      properties[field.name] = field.schema;
      if (field.required) required.push(field.name);
    }
  }
  return {
    type: "object",
    ...(described === undefined ? {} : { description: described.description }),
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
    ...(required.length === 0 ? {} : { required }),
    ...(atomic ? { "x-kubernetes-map-type": "atomic" as const } : {}),
  };
}

function fieldSchema(
  line: string,
  described: TypeDescription | undefined,
  describe: Describe,
): { name: string; schema: SchemaNode; required: boolean } {
  const [first = "", type = "", ...rest] = line.split(" ");
  const required = first.endsWith("!");
  const name = required ? first.slice(0, -1) : first;
  const value = valueSchema(type);
  const isDescribed = described !== undefined && value.$ref !== undefined;
  const description = described?.fields[name] ?? (isDescribed ? wordsFor(name, value.$ref, describe) : undefined);
  const schema = { ...value, ...marks(rest.join(" "), type), ...(description ? { description } : {}) };
  return { name, schema, required };
}

/** A field without words of its own has ours, or those of its type. */
function wordsFor(name: string, type: string, describe: Describe): string | undefined {
  return Object.hasOwn(fieldWords, name) ? fieldWords[name] : describe(type)?.description;
}

/** The marks after the type; see the head of the table. */
function marks(text: string, type: string): SchemaNode {
  const result: Record<`x-${string}`, unknown> = {};
  const [words = "", initial] = text.split("=", 2);
  const strategies: string[] = [];
  for (const word of words.split(" ").filter((each) => each !== "")) {
    const argument = /\((.*)\)/u.exec(word)?.[1];
    if (word.startsWith("map(")) {
      result["x-kubernetes-list-type"] = "map";
      result["x-kubernetes-list-map-keys"] = argument?.split(",");
    } else if (word === "set") result["x-kubernetes-list-type"] = "set";
    else if (word === "atomic") result["x-kubernetes-map-type"] = "atomic";
    else if (word === "retainKeys") strategies.push("retainKeys");
    else {
      strategies.push("merge");
      if (argument !== undefined) result["x-kubernetes-patch-merge-key"] = argument;
    }
  }
  if (strategies.length > 0) result["x-kubernetes-patch-strategy"] = strategies.join(",");
  if (type.startsWith("[]") && result["x-kubernetes-list-type"] === undefined) {
    result["x-kubernetes-list-type"] = "atomic";
  }
  return initial === undefined ? result : { ...result, default: JSON.parse(initial) };
}

const scalars: Readonly<Record<string, SchemaNode>> = {
  string: { type: "string" },
  boolean: { type: "boolean" },
  int32: { type: "integer", format: "int32" },
  int64: { type: "integer", format: "int64" },
  double: { type: "number", format: "double" },
  bytes: { type: "string", format: "byte" },
  any: { "x-kubernetes-preserve-unknown-fields": true },
  object: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
};

/** Scalars that have a published name of their own, which `kubectl explain` shows as the field's type. */
const namedScalars: Readonly<Record<string, readonly [name: string, schema: SchemaNode]>> = {
  quantity: [
    "io.k8s.apimachinery.pkg.api.resource.Quantity",
    {
      description: "An amount with an optional suffix: 100m, 1.5, 64Mi, 2e3.",
      oneOf: [{ type: "string" }, { type: "number" }],
    },
  ],
  "int-or-string": [
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
    {
      description: "A whole number or a text, such as the number or the name of a port.",
      format: "int-or-string",
      oneOf: [{ type: "integer" }, { type: "string" }],
    },
  ],
  "date-time": [
    "io.k8s.apimachinery.pkg.apis.meta.v1.Time",
    { description: "A moment, as RFC 3339 writes it, to the second.", type: "string", format: "date-time" },
  ],
  "micro-time": [
    "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime",
    { description: "A moment, as RFC 3339 writes it, to the microsecond.", type: "string", format: "date-time" },
  ],
};

const publishedScalars: Readonly<Record<string, SchemaNode>> = Object.fromEntries(Object.values(namedScalars));

function valueSchema(type: string): SchemaNode {
  if (type.startsWith("[]")) return { type: "array", items: valueSchema(type.slice(2)) };
  if (type.startsWith("{}")) return { type: "object", additionalProperties: valueSchema(type.slice(2)) };
  const scalar = Object.hasOwn(scalars, type) ? scalars[type] : undefined;
  if (scalar !== undefined) return scalar;
  const named = Object.hasOwn(namedScalars, type) ? namedScalars[type] : undefined;
  return named === undefined ? { $ref: fullName(type) } : { $ref: named[0] };
}

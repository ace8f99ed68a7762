/** A small vocabulary for CRDs as data. */
import type { JsonObject, JsonValue } from "@portcullis/objects";

type Properties = Readonly<Record<string, JsonObject>>;

/** A text. */
export const text: JsonObject = { type: "string" };
/** A boolean. */
export const flag: JsonObject = { type: "boolean" };
/** An integer of 64 bits. */
export const int64: JsonObject = { type: "integer", format: "int64" };
/** Whatever anybody writes. */
export const anything: JsonObject = { "x-kubernetes-preserve-unknown-fields": true };

/** An object with these properties. */
export function object(properties: Properties, required: readonly string[] = []): JsonObject {
  return { type: "object", properties, ...(required.length > 0 ? { required: [...required] } : {}) };
}

/** A list of such items. */
export function list(items: JsonObject): JsonObject {
  return { type: "array", items };
}

/** The same schema with a word about what it is for. */
export function described(schema: JsonObject, description: string): JsonObject {
  return { ...schema, description };
}

/** One version of a CRD. */
export interface DefinitionVersion {
  readonly name: string;
  /** What the resource has beside apiVersion, kind and metadata. */
  readonly properties: Properties;
}

/** What tells one CRD from another. */
export interface Definition {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly scope: "Cluster" | "Namespaced";
  readonly description: string;
  /** The first is stored; all are served. */
  readonly versions: readonly DefinitionVersion[];
  readonly status: boolean;
}

/** Writes a CRD out. */
export function defineCrd(of: Definition): JsonObject {
  const versions: JsonValue = of.versions.map(({ name, properties }, at) => ({
    name,
    served: true,
    storage: at === 0,
    schema: {
      openAPIV3Schema: described(
        object({
          apiVersion: described(text, "The version of this object's schema."),
          kind: described(text, "The kind of this object."),
          metadata: { type: "object" },
          ...properties,
        }),
        of.description,
      ),
    },
    ...(of.status ? { subresources: { status: {} } } : {}),
  }));
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${of.plural}.${of.group}`, labels: { "gatekeeper.sh/system": "yes" } },
    spec: {
      group: of.group,
      names: { kind: of.kind, listKind: `${of.kind}List`, plural: of.plural, singular: of.kind.toLowerCase() },
      scope: of.scope,
      versions,
    },
  };
}

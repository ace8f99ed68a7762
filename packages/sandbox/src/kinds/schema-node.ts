/**
 * A node of an OpenAPI v3 schema as Kubernetes publishes it. `$ref` names another definition of the catalogue
 * (`io.k8s.api.core.v1.PodSpec`), without any prefix.
 */
export interface SchemaNode {
  readonly $ref?: string;
  readonly type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  readonly format?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly SchemaNode[];
  readonly default?: unknown;
  readonly "x-kubernetes-patch-strategy"?: string;
  readonly "x-kubernetes-patch-merge-key"?: string;
  readonly "x-kubernetes-list-type"?: "atomic" | "set" | "map";
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-map-type"?: "atomic" | "granular";
  readonly "x-kubernetes-int-or-string"?: boolean;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
  readonly "x-kubernetes-embedded-resource"?: boolean;
  readonly [extension: `x-${string}`]: unknown;
}

/** The definitions that schemas refer to by name. */
export interface SchemaCatalogue {
  definition(name: string): SchemaNode | undefined;
  /** The same with descriptions, where there are any: for documents, since words cost time to read. */
  described(name: string): SchemaNode | undefined;
  names(): readonly string[];
  /** Whether Go leaves a field of this type out where it is zero, so that what is stored has none. */
  omitsZero?(type: SchemaNode, field: string): boolean;
}

/**
 * A JSON schema as CustomResourceDefinitions hold it (`JSONSchemaProps`), decoded once.
 *
 * Only what Kubernetes knows is kept; the parts that it refuses in a structural schema are kept as facts in
 * `unsupported`, so that the checks can name them.
 */
import type { JsonValue } from "../json/value.ts";

export interface Schema {
  /** The empty string where none is given. */
  readonly type: string;
  readonly format: string;
  readonly title: string;
  readonly description: string;
  readonly nullable: boolean;
  /** Absent where there is none; a default of null counts as none, as in Kubernetes. */
  readonly default?: JsonValue;
  readonly properties: ReadonlyMap<string, Schema>;
  readonly items?: Schema;
  readonly additionalProperties?: { readonly allows: boolean; readonly schema?: Schema };
  readonly required: readonly string[];
  readonly enum: readonly JsonValue[];
  readonly maximum?: number;
  readonly exclusiveMaximum: boolean;
  readonly minimum?: number;
  readonly exclusiveMinimum: boolean;
  readonly multipleOf?: number;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly pattern: string;
  readonly maxItems?: number;
  readonly minItems?: number;
  readonly uniqueItems: boolean;
  readonly maxProperties?: number;
  readonly minProperties?: number;
  readonly allOf: readonly Schema[];
  readonly anyOf: readonly Schema[];
  readonly oneOf: readonly Schema[];
  readonly not?: Schema;
  readonly preserveUnknownFields?: boolean;
  readonly embeddedResource: boolean;
  readonly intOrString: boolean;
  readonly listType?: string;
  readonly listMapKeys: readonly string[];
  readonly mapType?: string;
  /** The rules in CEL, as they stand. */
  readonly validations: readonly JsonValue[];
  /** Keywords of JSON Schema that a CRD may not use, in the words of Kubernetes' refusal: `$ref`, `definitions`, … */
  readonly unsupported: readonly string[];
  /** `items` as a list of schemas, which is refused as well. */
  readonly itemList?: readonly Schema[];
}

/** A schema that says nothing. */
export const emptySchema: Schema = Object.freeze({
  type: "",
  format: "",
  title: "",
  description: "",
  nullable: false,
  properties: new Map(),
  required: [],
  enum: [],
  exclusiveMaximum: false,
  exclusiveMinimum: false,
  pattern: "",
  uniqueItems: false,
  allOf: [],
  anyOf: [],
  oneOf: [],
  embeddedResource: false,
  intOrString: false,
  listMapKeys: [],
  validations: [],
  unsupported: [],
});

/** Whether anything below uses rules in CEL, which nothing here evaluates: the paths of the rules. */
export function celRulesOf(schema: Schema, path = ""): readonly string[] {
  const found: string[] = schema.validations.length > 0 ? [path] : [];
  for (const [name, property] of schema.properties) found.push(...celRulesOf(property, `${path}.${name}`));
  if (schema.items !== undefined) found.push(...celRulesOf(schema.items, `${path}[]`));
  const additional = schema.additionalProperties?.schema;
  if (additional !== undefined) found.push(...celRulesOf(additional, `${path}.*`));
  for (const part of schema.allOf) found.push(...celRulesOf(part, path));
  return found;
}

import type { Regex } from "../regex/engine.ts";
import type { Rational } from "./rational.ts";

/** The draft that a schema is read by. `hybrid` takes the words of all where `$schema` does not say which. */
export type Draft = 4 | 6 | 7 | "hybrid";

/** Whether a draft has what came with another. */
export function isSince(draft: Draft, first: 6 | 7): boolean {
  return draft === "hybrid" || draft >= first;
}

/** A schema ready to validate with. Filled in while it is read, since schemas refer to one another in circles. */
export interface Schema {
  readonly draft: Draft;
  /** What a schema that is `true` or `false` says. */
  pass?: boolean;
  /** What `$ref` leads to; nothing else in the schema counts then. */
  reference?: Schema;
  readonly types: string[];
  items?: Schema | readonly Schema[];
  additionalItems?: Schema | boolean;
  readonly properties: Map<string, Schema>;
  additionalProperties?: Schema | boolean;
  readonly patternProperties: PatternProperty[];
  propertyNames?: Schema;
  readonly dependencies: Map<string, readonly string[] | Schema>;
  multipleOf?: Rational;
  minimum?: Rational | undefined;
  exclusiveMinimum?: Rational;
  maximum?: Rational | undefined;
  exclusiveMaximum?: Rational;
  minLength?: number;
  maxLength?: number;
  pattern?: { readonly text: string; readonly regex: Regex };
  format?: string;
  minProperties?: number;
  maxProperties?: number;
  readonly required: string[];
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  contains?: Schema;
  /** Values as texts that are equal where the values are. */
  constant?: string;
  enumeration?: readonly string[];
  oneOf: readonly Schema[];
  anyOf: readonly Schema[];
  allOf: readonly Schema[];
  not?: Schema;
  if?: Schema;
  then?: Schema;
  else?: Schema;
}

/** The values of the keys that match a pattern. */
export interface PatternProperty {
  readonly regex: Regex;
  readonly schema: Schema;
}

/** A schema that allows everything, to be filled in. */
export function emptySchema(draft: Draft): Schema {
  return {
    draft,
    types: [],
    properties: new Map(),
    patternProperties: [],
    dependencies: new Map(),
    required: [],
    oneOf: [],
    anyOf: [],
    allOf: [],
  };
}

/** The schemas of schemas: what json-schema.org's drafts 4, 6 and 7 say a schema is. */
import type { PlainObject } from "../../runtime/value.ts";

const itself = { $ref: "#" };
const schemas = { $ref: "#/definitions/schemaArray" };
const named = { type: "object", additionalProperties: itself, default: {} };
const text = { type: "string" };
const number = { type: "number" };
const flag = { type: "boolean", default: false };
const simpleTypes = { enum: ["array", "boolean", "integer", "null", "number", "object", "string"] };
const schemaArray = { type: "array", minItems: 1, items: itself };
const typeNames = {
  anyOf: [
    { $ref: "#/definitions/simpleTypes" },
    { type: "array", items: { $ref: "#/definitions/simpleTypes" }, minItems: 1, uniqueItems: true },
  ],
};
const dependencies = {
  type: "object",
  additionalProperties: { anyOf: [itself, { $ref: "#/definitions/stringArray" }] },
};

/** The bounds on sizes, by the definitions that they refer to. */
function sizes(count: string): PlainObject {
  const upper = { $ref: `#/definitions/${count}` };
  const lower = { $ref: `#/definitions/${count}Default0` };
  return {
    maxLength: upper,
    minLength: lower,
    maxItems: upper,
    minItems: lower,
    maxProperties: upper,
    minProperties: lower,
  };
}

function counts(count: string): PlainObject {
  return {
    [count]: { type: "integer", minimum: 0 },
    [`${count}Default0`]: { allOf: [{ $ref: `#/definitions/${count}` }, { default: 0 }] },
  };
}

const common: PlainObject = {
  $schema: text,
  title: text,
  description: text,
  maximum: number,
  minimum: number,
  pattern: { type: "string", format: "regex" },
  uniqueItems: flag,
  required: { $ref: "#/definitions/stringArray" },
  definitions: named,
  properties: named,
  patternProperties: named,
  dependencies,
  type: typeNames,
  format: text,
  allOf: schemas,
  anyOf: schemas,
  oneOf: schemas,
  not: itself,
};

const draft4: PlainObject = {
  id: "http://json-schema.org/draft-04/schema#",
  $schema: "http://json-schema.org/draft-04/schema#",
  definitions: {
    schemaArray,
    simpleTypes,
    ...counts("positiveInteger"),
    stringArray: { type: "array", items: text, minItems: 1, uniqueItems: true },
  },
  type: "object",
  properties: {
    ...common,
    ...sizes("positiveInteger"),
    id: text,
    default: {},
    multipleOf: { type: "number", minimum: 0, exclusiveMinimum: true },
    exclusiveMaximum: flag,
    exclusiveMinimum: flag,
    additionalItems: { anyOf: [{ type: "boolean" }, itself], default: {} },
    items: { anyOf: [itself, schemas], default: {} },
    additionalProperties: { anyOf: [{ type: "boolean" }, itself], default: {} },
    enum: { type: "array", minItems: 1, uniqueItems: true },
  },
  dependencies: { exclusiveMaximum: ["maximum"], exclusiveMinimum: ["minimum"] },
  default: {},
};

/** What drafts 6 and 7 have in common. `anything` is how each writes a schema that allows all. */
function later(url: string, anything: PlainObject | true, properties: PlainObject): PlainObject {
  return {
    $schema: url,
    $id: url,
    definitions: {
      schemaArray,
      simpleTypes,
      ...counts("nonNegativeInteger"),
      stringArray: { type: "array", items: text, uniqueItems: true, default: [] },
    },
    type: ["object", "boolean"],
    properties: {
      ...common,
      ...sizes("nonNegativeInteger"),
      $id: { type: "string", format: "uri-reference" },
      $schema: { type: "string", format: "uri" },
      $ref: { type: "string", format: "uri-reference" },
      default: anything,
      examples: { type: "array", items: anything },
      multipleOf: { type: "number", exclusiveMinimum: 0 },
      exclusiveMaximum: number,
      exclusiveMinimum: number,
      additionalItems: itself,
      items: { anyOf: [itself, schemas], default: anything },
      contains: itself,
      additionalProperties: itself,
      propertyNames: itself,
      const: anything,
      enum: { type: "array", minItems: 1, uniqueItems: true },
      ...properties,
    },
    default: anything,
  };
}

/** Each by the URL that schemas name it by, without a fragment. */
export const metaschemas: ReadonlyMap<string, PlainObject> = new Map([
  ["http://json-schema.org/draft-04/schema", draft4],
  ["http://json-schema.org/draft-06/schema", later("http://json-schema.org/draft-06/schema#", {}, {})],
  [
    "http://json-schema.org/draft-07/schema",
    later("http://json-schema.org/draft-07/schema#", true, {
      $comment: text,
      readOnly: flag,
      patternProperties: { ...named, propertyNames: { format: "regex" } },
      contentMediaType: text,
      contentEncoding: text,
      if: itself,
      then: itself,
      else: itself,
    }),
  ],
]);

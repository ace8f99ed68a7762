import { isValidJSON, readJSON } from "../../runtime/json-reader.ts";
import { isArray, isObject } from "../../runtime/order.ts";
import type { Value } from "../../runtime/value.ts";
import { bounded } from "../bounded.ts";
import type { BuiltinContext, BuiltinFunction } from "../builtin.ts";
import { BuiltinFailure, fail } from "../failure.ts";
import type { Family } from "../family.ts";
import { compileSchema } from "./compile.ts";
import { type JsonNode, nodeOf } from "./json-node.ts";
import { errorValue } from "./result.ts";
import type { Schema } from "./schema.ts";
import { validate } from "./validate.ts";

/** How many schemas that came as texts are kept ready. */
const mostSchemas = 16;

/**
 * json.match_schema and json.verify_schema, with gojsonschema's words. Where Go's maps leave the order of errors to
 * chance, it is the order of the keys. A schema that refers to another host's is refused, as by an OPA that may not
 * reach any.
 */
export function jsonSchemaFamily(): Family {
  const compiledOf = compilations();
  return new Map<string, BuiltinFunction>([
    ["json.match_schema", (context, document: Value, schema: Value) => match(context, document, schema, compiledOf)],
    ["json.verify_schema", verify],
  ]);
}

type Compile = (context: BuiltinContext, schema: Value) => Schema;

/** Reads schemas, and keeps those that it has read: values never change. */
function compilations(): Compile {
  const byObject = new WeakMap<object, Schema>();
  const slots = bounded(mostSchemas, (): { schema?: Schema } => ({}));
  return (context, value) => {
    if (typeof value === "string") {
      const slot = slots(value);
      return (slot.schema ??= compileSchema(context, documentOf(context, value)));
    }
    const known = typeof value === "object" && value !== null ? byObject.get(value) : undefined;
    if (known !== undefined) return known;
    const schema = compileSchema(context, documentOf(context, value));
    if (typeof value === "object" && value !== null) byObject.set(value, schema);
    return schema;
  };
}

function match(context: BuiltinContext, value: Value, schemaValue: Value, compiledOf: Compile): Value {
  const document = documentOf(context, value);
  const { valid, errors } = validate(context, compiledOf(context, schemaValue), document);
  context.charge(errors.length);
  return [valid, errors.map(errorValue)];
}

function verify(context: BuiltinContext, schema: Value): Value {
  try {
    compileSchema(context, documentOf(context, schema));
    return [true, null];
  } catch (failure) {
    if (failure instanceof BuiltinFailure) return [false, `jsonschema: ${failure.message}`];
    throw failure;
  }
}

/** A schema or document: a value, or JSON as a text. */
function documentOf(context: BuiltinContext, value: Value): JsonNode {
  if (typeof value !== "string") {
    if (isObject(value) || isArray(value)) return nodeOf(context, value);
    return fail("wrong type, expected string or object");
  }
  context.charge(value.length >> 4);
  if (!isValidJSON(value)) fail("invalid JSON string");
  const read = readJSON(value);
  return "value" in read ? nodeOf(context, read.value) : fail(read.error);
}

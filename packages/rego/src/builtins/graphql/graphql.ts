import { isObject } from "../../runtime/order.ts";
import { toDocument } from "../../runtime/to-document.ts";
import type { Value } from "../../runtime/value.ts";
import type { BuiltinContext, BuiltinFunction } from "../builtin.ts";
import { BuiltinFailure, fail } from "../failure.ts";
import type { Family } from "../family.ts";
import { failType, stringOperand } from "../operand.ts";
import type { QueryDocument, Schema, SchemaDocument } from "./document.ts";
import { errorText, GraphqlError, opaText } from "./graphql-error.ts";
import { parseQuery } from "./parse-query.ts";
import { parseSchema } from "./parse-schema.ts";
import { buildSchema } from "./schema.ts";
import { fromTree, toTree } from "./tree.ts";
import { validateQuery } from "./validate.ts";

/** `graphql.*`: parsing and validation as gqlparser does them, with its trees and its texts. */
export const graphql: Family = new Map<string, BuiltinFunction>([
  ["graphql.is_valid", (context, query: Value, schema: Value) => succeeds(() => verify(context, query, schema))],
  ["graphql.schema_is_valid", (context, schema: Value) => succeeds(() => toSchema(readSchema(context, schema, 0)))],
  ["graphql.parse", (context, query: Value, schema: Value) => verify(context, query, schema)],
  ["graphql.parse_and_verify", parseAndVerify],
  [
    "graphql.parse_query",
    (context, query: Value) => toTree("QueryDocument", readQuery(context, stringOperand(query, 1), 1)),
  ],
  [
    "graphql.parse_schema",
    (context, schema: Value) => toTree("SchemaDocument", readSchema(context, stringOperand(schema, 1), 1)),
  ],
]);

function succeeds(check: () => unknown): boolean {
  try {
    check();
    return true;
  } catch (failure) {
    if (failure instanceof BuiltinFailure) return false;
    throw failure;
  }
}

function parseAndVerify(context: BuiltinContext, query: Value, schema: Value): Value {
  try {
    return [true, ...verify(context, query, schema)];
  } catch (failure) {
    if (failure instanceof BuiltinFailure) return [false, {}, {}];
    throw failure;
  }
}

/** The trees of a query and of the schema that it is valid under. They are made before validation writes on the nodes. */
function verify(context: BuiltinContext, query: Value, schema: Value): [Value, Value] {
  const queryDocument = readQuery(context, query, 0);
  const schemaDocument = readSchema(context, schema, 1);
  const schemaTree = toTree("SchemaDocument", schemaDocument);
  const built = toSchema(schemaDocument);
  const queryTree = toTree("QueryDocument", queryDocument);
  const complaints = validateQuery(built, queryDocument);
  if (complaints !== "") fail(opaText(complaints));
  return [queryTree, schemaTree];
}

function readQuery(context: BuiltinContext, value: Value, position: number): QueryDocument {
  if (typeof value === "string") return inOpaWords(() => parseQuery(charged(context, value)));
  if (!isObject(value)) failType(position, value, "string", "object");
  // as: fromTree makes nodes of the shape that it is told
  return decoded(() => fromTree("QueryDocument", toDocument(value)) as QueryDocument);
}

function readSchema(context: BuiltinContext, value: Value, position: number): SchemaDocument {
  if (typeof value === "string") return inOpaWords(() => parseSchema(charged(context, value)));
  if (!isObject(value)) failType(position, value, "string", "object");
  // as: fromTree makes nodes of the shape that it is told
  return decoded(() => fromTree("SchemaDocument", toDocument(value)) as SchemaDocument);
}

function charged(context: BuiltinContext, text: string): string {
  context.charge(text.length);
  return text;
}

function inOpaWords<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof GraphqlError) fail(opaText(errorText(error.message, error.place)));
    throw error;
  }
}

function decoded<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof GraphqlError) fail(error.message);
    throw error;
  }
}

function toSchema(document: SchemaDocument): Schema {
  try {
    return buildSchema(document);
  } catch (error) {
    if (!(error instanceof GraphqlError)) throw error;
    return fail(`Error in gqlparser SchemaDocument to Schema conversion: ${errorText(error.message, error.place)}`);
  }
}

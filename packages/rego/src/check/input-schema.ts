import type { Type } from "./type.ts";
import { SchemaError, typeOfSchema } from "./schema-types.ts";

/** The name of the schema that is the input's, whatever annotations say. */
const nameForm = "schema";

/** What the input's own schema says of its type, or why it says nothing. */
export function inputSchema(schemas: ReadonlyMap<string, unknown> | undefined): {
  readonly type?: Type | undefined;
  readonly fault?: string;
} {
  const schema = schemas?.get(nameForm);
  if (schema === undefined) return {};
  try {
    return { type: typeOfSchema(schema) };
  } catch (error) {
    if (error instanceof SchemaError) return { fault: error.message };
    throw error;
  }
}

import type { QueryDocument, Schema } from "./document.ts";
import { errorText } from "./graphql-error.ts";
import { overlappingFieldsRules } from "./overlapping-fields.ts";
import { fieldRules } from "./rules-fields.ts";
import { fragmentRules } from "./rules-fragments.ts";
import { operationRules } from "./rules-operations.ts";
import { valueRules } from "./rules-values.ts";
import { walkDocument, type Walk } from "./walk.ts";

/** Every rule by name, in the order in which their complaints show. A name may stand for several rules. */
const rules = [fieldRules, fragmentRules, operationRules, overlappingFieldsRules, valueRules]
  .flatMap((table) => Object.entries(table))
  .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/** What is wrong with a query under a schema, as gqlparser prints a list of errors; empty where nothing is. */
export function validateQuery(schema: Schema, document: QueryDocument): string {
  const lines: string[] = [];
  const walk: Walk = {
    schema,
    document,
    operation: undefined,
    complain: (message, place) => lines.push(`${errorText(message, place)}\n`),
  };
  walkDocument(
    walk,
    rules.map(([, rule]) => rule()),
  );
  return lines.join("");
}

/** What annotations say of the types of documents. */
import type { Diagnostic } from "../diagnostics.ts";
import type { Term } from "../syntax/ast.ts";
import type { WorkRule } from "./compilation.ts";
import type { TypeEnvironment } from "./type-environment.ts";
import type { Type } from "./type.ts";

/** A document's type by an annotation, or why there is none. */
export type SchemaType = { readonly path: readonly Term[]; readonly type: Type } | { readonly error: string };

/** The annotations' types for a rule, outermost scope first. */
export type RuleSchemas = (rule: WorkRule) => readonly SchemaType[];

/** Puts what annotations say of a rule's documents into its environment. */
export function schemaOverrides(
  environment: TypeEnvironment,
  rule: WorkRule,
  schemas: RuleSchemas,
): readonly Diagnostic[] {
  const errors: Diagnostic[] = [];
  for (const schema of schemas(rule)) {
    if ("error" in schema) {
      errors.push({ code: "rego_type_error", severity: "error", message: schema.error, span: rule.source.span });
    } else environment.tree.put(schema.path, schema.type);
  }
  return errors;
}

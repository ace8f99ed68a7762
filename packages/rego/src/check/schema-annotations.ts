/** What annotations say of the types of documents. */
import type { Diagnostic } from "../diagnostics.ts";
import type { AnnotationSchema, Term } from "../syntax/ast.ts";
import type { AnnotationSet } from "./annotations.ts";
import { problem, type WorkRule } from "./compilation.ts";
import { SchemaError, typeOfSchema } from "./schema-types.ts";
import { printRef } from "../syntax/print.ts";
import { anyType, compareKeys, type Known, objectType } from "./type-algebra.ts";
import { constantKey, type TypeEnvironment } from "./type-environment.ts";
import type { Type } from "./type.ts";

/** The schemas that annotations may name, and the annotations. */
export interface RuleSchemas {
  readonly annotations: AnnotationSet;
  readonly named: ReadonlyMap<string, unknown> | undefined;
}

/** An object with a type at a path of keys, and anything beside it. */
function objectAt(keys: readonly unknown[], type: Type, rest: (Type & { kind: "object" })["rest"]): Type {
  const [key, ...below] = keys;
  const value = below.length === 0 ? type : objectAt(below, type, rest);
  return objectType([{ key, value }], rest);
}

/** A type in which what stands at a path has another type. */
function override(keys: readonly unknown[], type: Known, by: Type): Type {
  if (type?.kind !== "object") return objectAt(keys, by, { key: anyType, value: anyType });
  const [key, ...below] = keys;
  const known = type.properties.find((property) => compareKeys(property.key, key) === 0);
  if (known === undefined) {
    const added = objectAt(keys, by, type.rest);
    return objectType([...type.properties, ...(added.kind === "object" ? added.properties : [])], type.rest);
  }
  const value = below.length === 0 ? by : override(below, known.value, by);
  return objectType(
    type.properties.map((property) => (property === known ? { ...property, value } : property)),
    type.rest,
  );
}

function keysOf(terms: readonly Term[]): readonly unknown[] | undefined {
  const keys: unknown[] = [];
  for (const term of terms) {
    const constant = constantKey(term);
    if (constant === undefined) return undefined;
    keys.push(constant.key);
  }
  return keys;
}

function schemaOf(
  schema: AnnotationSchema,
  named: RuleSchemas["named"],
): { readonly definition: unknown } | { readonly error: string } | undefined {
  if (schema.schema === undefined) return { definition: schema.definition };
  if (named === undefined) return undefined;
  const name = printRef(schema.schema.terms);
  const definition = named.get(name);
  return definition === undefined ? { error: `undefined schema: ${name}` } : { definition };
}

function apply(environment: TypeEnvironment, { path }: AnnotationSchema, type: Type): string | undefined {
  const [head, ...rest] = path.terms;
  if (head === undefined) return undefined;
  if (rest.length === 0) {
    environment.tree.put(path.terms, type);
    return undefined;
  }
  const keys = keysOf(rest);
  if (keys === undefined) return "error getting key from value";
  environment.tree.put([head], override(keys, environment.typeOfRef([head]), type));
  return undefined;
}

function faultOf(
  environment: TypeEnvironment,
  schema: AnnotationSchema,
  named: RuleSchemas["named"],
): string | undefined {
  const found = schemaOf(schema, named);
  if (found === undefined) return undefined;
  if ("error" in found) return found.error;
  try {
    const type = typeOfSchema(found.definition);
    return type === undefined ? undefined : apply(environment, schema, type);
  } catch (error) {
    if (error instanceof SchemaError) return error.message;
    throw error;
  }
}

/** Puts what annotations say of a rule's documents into its environment. */
export function schemaOverrides(
  environment: TypeEnvironment,
  rule: WorkRule,
  { annotations, named }: RuleSchemas,
): readonly Diagnostic[] {
  const errors: Diagnostic[] = [];
  for (const annotation of annotations.inwards(rule)) {
    for (const schema of annotation.schemas ?? []) {
      const fault = faultOf(environment, schema, named);
      if (fault !== undefined) errors.push(problem("rego_type_error", rule.source.span, fault));
    }
  }
  return errors;
}

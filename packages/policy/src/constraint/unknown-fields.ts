import {
  findMisspeltFields,
  findUnknownFields,
  suggestField,
  type JsonValue,
  type MisspeltField,
} from "@portcullis/objects";
import type { ConstraintCrd } from "../template/constraint-crd.ts";

/** A field of a constraint that its kind does not have. Nothing would read it. */
export interface StrayField {
  readonly path: string;
  /** The field that was probably meant. */
  readonly suggestion?: string;
}

/** The fields of a constraint that its kind does not have. */
export function strayFieldsOf(constraint: JsonValue, crd: ConstraintCrd): readonly StrayField[] {
  return findUnknownFields(constraint, crd.schema).map((field) => {
    const suggestion = suggestField(field, crd.schema);
    return { path: field.path, ...(suggestion === undefined ? {} : { suggestion }) };
  });
}

/**
 * The fields of a constraint that its kind keeps, as one with a schema of the old form keeps everything, and that were
 * probably meant to be others: the policy would see no parameter, and most likely let everything through.
 */
export function misspeltFieldsOf(constraint: JsonValue, crd: ConstraintCrd): readonly MisspeltField[] {
  return findMisspeltFields(constraint, crd.schema);
}

/** The field as a text for its author. */
export function describeMisspeltField({ path, suggestion }: MisspeltField): string {
  return `field "${path}" is not declared by the template; did you mean "${suggestion}"?`;
}

/** The field as a text for its author. */
export function describeStrayField({ path, suggestion }: StrayField): string {
  return `unknown field "${path}"${suggestion === undefined ? "" : `; did you mean "${suggestion}"?`}`;
}

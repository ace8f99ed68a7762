import type { Diagnostic } from "@portcullis/rego";

/** What a problem is about; Gatekeeper tells the same apart by the errors that it wraps. */
export type ProblemKind =
  /** The object is no template that can be read: a field has a wrong type, or nobody knows the version. */
  | "decode"
  /** The template cannot be brought into the one form. */
  | "conversion"
  /** The template is not well formed: `invalid ConstraintTemplate: …`. */
  | "template"
  /** The template's code does not compile. */
  | "code"
  /** The constraint is not well formed: `invalid Constraint: …`. */
  | "constraint"
  /** The constraint does not fit its schema: `schema validation failed: …`. */
  | "schema"
  /** No template of that kind: `missing ConstraintTemplate: …`. */
  | "missing"
  /** The object to review, or to keep as data, cannot be one. */
  | "request"
  /** A part of Gatekeeper that is not here yet. */
  | "unsupported";

/** A place in a text of the user's, as people count: from 1. */
export interface Location {
  /** Which text: `template`, `libs["lib_0"]`. */
  readonly source: string;
  readonly row: number;
  readonly column: number;
}

/** Something that keeps an object of the user's from being used. A value, and never thrown. */
export interface Problem {
  readonly kind: ProblemKind;
  /** Gatekeeper's text to the letter where it has one. */
  readonly message: string;
  readonly location?: Location;
  /** What to do about it, in words of our own. */
  readonly help?: string;
  /** What the engine found, where the problem is in the code. */
  readonly diagnostics?: readonly Diagnostic[];
}

/** A value, or why there is none. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

/** The outcome that holds a value. */
export function success<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

/** The outcome that holds a problem. */
export function failure(
  kind: ProblemKind,
  message: string,
  more: Omit<Problem, "kind" | "message"> = {},
): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem: { kind, message, ...more } };
}

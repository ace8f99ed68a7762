import { positionAt, type Span } from "./source.ts";

/** OPA's codes for what can be wrong with a text; they are contract. */
export type DiagnosticCode =
  | "rego_parse_error"
  | "rego_compile_error"
  | "rego_type_error"
  | "rego_unsafe_var_error"
  | "rego_recursion_error"
  /** Ours: valid Rego that this engine does not run yet. Never a wrong answer instead. */
  | "rego_unsupported_error";

/** Something to tell the author of a policy. A value: it is collected and returned, never thrown across a phase. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: "error" | "warning";
  /** OPA's text to the letter where OPA has one. */
  readonly message: string;
  readonly span?: Span;
  /** OPA's further lines (`have: …`, `want: …`), printed below the message. */
  readonly details?: readonly string[];
  /** Whether OPA shows the line that it is in, with a mark below the place. */
  readonly excerpt?: true;
  /** What to do about it, in words of our own. */
  readonly help?: string;
}

/** What a phase returns: its value, or why there is none. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** One diagnostic as OPA prints it: `file:row: code: message`. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { span, code, message, details = [] } = diagnostic;
  const text = [message, ...details].join("\n\t");
  if (span === undefined) return `${code}: ${text}`;
  return `${span.source.name}:${positionAt(span.source, span.start).row}: ${code}: ${text}`;
}

/** OPA's text for a list of errors: `1 error occurred: …`, or a count and a line each. */
export function formatDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const lines = diagnostics.map(formatDiagnostic);
  if (lines.length === 0) return "no error(s)";
  if (lines.length === 1) return `1 error occurred: ${lines[0]}`;
  return `${lines.length} errors occurred:\n${lines.join("\n")}`;
}

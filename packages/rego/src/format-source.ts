import { builtinSignatures } from "./builtins/signatures-data.ts";
import { readinessForV1 } from "./check/readiness.ts";
import { termKind } from "./check/term-kind.ts";
import { typeText } from "./check/type-text.ts";
import type { Diagnostic } from "./diagnostics.ts";
import type { Source } from "./source.ts";
import type { RegoVersion } from "./syntax/ast.ts";
import { defaultCapabilities } from "./syntax/capabilities.ts";
import { formatModule, type LayoutOptions } from "./syntax/format.ts";
import type { OperandFault } from "./syntax/format-writer.ts";
import { parseModule, type ParserOptions } from "./syntax/parse.ts";

/** How a text is read and written. */
export interface FormatOptions extends ParserOptions, LayoutOptions {
  /** The version to write it for, if another than it is read as; `v0v1` is for both. */
  readonly target?: RegoVersion;
}

/** A module laid out, or why it is not: it cannot be read, or not be written (`layout`). */
export type Formatted =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[]; readonly stage: "read" | "layout" };

const signatures = new Map(builtinSignatures.map((signature) => [signature.name, signature]));

/** A module as `opa fmt` writes it; a broken one, or one that cannot be what it is written for, gives its errors. */
export function formatSource(source: Source, options: FormatOptions = {}): Formatted {
  const target = options.target ?? options.version ?? "v1";
  // What is written for two versions may use what both have.
  const capabilities = options.capabilities ?? defaultCapabilities(target);
  const parsed = parseModule(source, { ...options, capabilities });
  if (!parsed.ok) return { ...parsed, stage: "read" };
  const problems = target === "v0" ? [] : readinessForV1(parsed.value, signatures);
  if (problems.length > 0) return { ok: false, diagnostics: problems, stage: "read" };
  const { text, faults } = formatModule(parsed.value, target, options);
  if (faults.length === 0) return { ok: true, value: text };
  return { ok: false, diagnostics: faults.map((fault) => operandProblem(source, fault)), stage: "layout" };
}

function operandProblem(source: Source, { operator, operands, offset }: OperandFault): Diagnostic {
  const want = signatures.get(operator)?.args ?? [];
  return {
    code: "rego_type_error",
    severity: "error",
    message: `${operator}: arity mismatch`,
    span: { source, start: offset, end: offset },
    details: [`have: (${operands.map(termKind).join(",")})`, `want: (${want.map(typeText).join(",")})`],
  };
}

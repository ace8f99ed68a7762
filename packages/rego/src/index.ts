/**
 * The door of the engine: Rego in, JavaScript out, and verdicts from it.
 *
 * `compile()` takes modules and named queries to a `Policy`; `policy.evaluate()` is synchronous and pure: clock,
 * randomness, data and facts from outside are arguments of it. What it lacks from outside it hands back as needs.
 */
export { compile, check, type CompileOptions, type ModuleText, type Checked } from "./compile.ts";
export type { Capabilities } from "./capabilities.ts";
export { formatEvaluationError } from "./policy.ts";
export type {
  Policy,
  Session,
  Evaluation,
  Evaluated,
  EvaluatedValue,
  EvaluationError,
  Kept,
  Needs,
  Solution,
} from "./policy.ts";
export { Store } from "./runtime/store.ts";
export { toDocument } from "./runtime/to-document.ts";
export type { Value, PlainObject } from "./runtime/value.ts";
export type { Builtin, BuiltinContext, BuiltinFunction, BuiltinSignature } from "./builtins/builtin.ts";
export {
  formatDiagnostic,
  formatDiagnostics,
  type Diagnostic,
  type DiagnosticCode,
  type Outcome,
} from "./diagnostics.ts";
export { positionAt, textOf, type Position, type Source, type Span } from "./source.ts";
export { Decimal } from "./runtime/decimal.ts";
export { numberText, readNumber } from "./runtime/number.ts";
export type { Import, Module, RefTerm, RegoVersion, Term } from "./syntax/ast.ts";
export { parseModule, type ParserOptions } from "./syntax/parse.ts";
export { printRef } from "./syntax/print.ts";
export { loadRegexCompiler, type RegexCompiler } from "./regex.ts";

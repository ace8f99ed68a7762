/** The one way out of a tree too deep for the passes to go down. */
import type { Diagnostic } from "../diagnostics.ts";
import type { Span } from "../source.ts";
import { problem } from "./compilation.ts";

/** The diagnostic for a tree that used up the stack; undefined for any other error. */
export function tooDeep(error: unknown, span: Span | undefined): Diagnostic | undefined {
  if (!(error instanceof RangeError)) return undefined;
  const at = span === undefined ? undefined : { ...span, end: span.start };
  return {
    ...problem("rego_compile_error", at, "policy is nested too deeply"),
    help: "split the deepest expression into rules of its own",
  };
}

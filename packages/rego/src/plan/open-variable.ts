import type { Diagnostic } from "../diagnostics.ts";
import type { Span } from "../source.ts";

/**
 * A variable that nothing binds, in a body that the checker passed: as OPA's does, it takes no notice of variables in
 * sets. OPA then evaluates with the variable left open; here the policy is refused.
 */
export class OpenVariable extends Error {
  readonly diagnostic: Diagnostic;

  constructor(message: string, span: Span | undefined) {
    super(message);
    this.diagnostic = {
      code: "rego_unsafe_var_error",
      severity: "error",
      message,
      ...(span === undefined ? {} : { span }),
    };
  }
}

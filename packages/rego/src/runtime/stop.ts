import type { Value } from "./value.ts";

/** Why an evaluation ends at once. */
export type StopReason =
  | { readonly kind: "error"; readonly code: string; readonly message: string; readonly place?: number }
  | { readonly kind: "needs"; readonly needs: readonly { readonly key: string; readonly need: Value }[] };

/** Whether what was thrown is a conflict of rules. */
export function isConflict(thrown: unknown): boolean {
  return (
    thrown instanceof EvaluationStop && thrown.reason.kind === "error" && thrown.reason.code === "eval_conflict_error"
  );
}

/** Thrown from the depth of an evaluation and caught at its edge. Not an Error: no stack is wanted. */
export class EvaluationStop {
  readonly reason: StopReason;

  constructor(reason: StopReason) {
    this.reason = reason;
  }
}

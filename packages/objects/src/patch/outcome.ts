/** What applying a patch gave: the new document, or why it could not be applied. */
export type PatchOutcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: PatchProblem };

/**
 * `malformed`: the patch itself is no patch; `inapplicable`: it does not fit this document (a path that is not there,
 * a failed test, a list without its merge key).
 */
export interface PatchProblem {
  readonly kind: "malformed" | "inapplicable";
  readonly message: string;
}

/** How a patch stops inside this folder; the doors turn it into an outcome. */
export class PatchStop extends Error {
  readonly problem: PatchProblem;
  constructor(kind: PatchProblem["kind"], message: string) {
    super(message);
    this.problem = { kind, message };
  }
}

/** Runs a patch and turns a stop into an outcome. */
export function outcomeOf(run: () => unknown): PatchOutcome {
  try {
    return { ok: true, value: run() };
  } catch (stop) {
    if (stop instanceof PatchStop) return { ok: false, problem: stop.problem };
    throw stop;
  }
}

import { positionAt, type Span } from "./source.ts";
import type { Memo } from "./runtime/memo.ts";
import type { Store } from "./runtime/store.ts";
import type { Value } from "./runtime/value.ts";

/** What one evaluation is given. Nothing else reaches it. */
export interface Evaluation {
  /** `input`; absent means undefined, which is not `{}`. */
  readonly input?: Value | undefined;
  /** `data` below which the policy's own documents are merged; absent means `{}`. */
  readonly data?: Store | undefined;
  /** Nanoseconds since 1970: `time.now_ns()`. 0 when absent. */
  readonly now?: bigint | undefined;
  /** Facts from outside by the text of their need (`needKey`): what an earlier round asked for. */
  readonly facts?: ReadonlyMap<string, Value> | undefined;
  /** Steps that may be taken; 50 million when absent. */
  readonly budget?: number | undefined;
  /**
   * Asked when the steps are used up: how many further ones may be taken, none ending the evaluation. So a caller can
   * give an evaluation time instead of steps.
   */
  readonly furtherSteps?: (() => number) | undefined;
  /** Whether a builtin's error is the evaluation's error; else it is undefined. */
  readonly strictBuiltinErrors?: boolean | undefined;
  /** Random bytes (`rand.intn`, `uuid.rfc4122`); a fixed sequence when absent. */
  readonly random?: ((bytes: number) => Uint8Array) | undefined;
  /** What `opa.runtime()` shows; `{}` when absent. */
  readonly runtime?: Value | undefined;
  /** Where `print` goes; absent means nowhere. */
  readonly print?: ((line: string) => void) | undefined;
  /** Where the notes of `trace` go; absent means nowhere. */
  readonly note?: ((message: string) => void) | undefined;
}

/** One solution of a query: the names that were written to their values. */
export type Solution = ReadonlyMap<string, Value>;

/** Why an evaluation ended without an answer: an error of this policy and of nothing else. */
export interface EvaluationError {
  readonly kind: "error";
  /** OPA's: `eval_conflict_error`, `eval_builtin_error`, `eval_type_error`, `eval_internal_error`; ours: `eval_cancel_error` for the budget. */
  readonly code: string;
  readonly message: string;
  readonly span?: Span;
}

/** An error as OPA prints it: `file:row: code: message`. */
export function formatEvaluationError({ code, message, span }: EvaluationError): string {
  if (span === undefined) return `${code}: ${message}`;
  return `${span.source.name}:${positionAt(span.source, span.start).row}: ${code}: ${message}`;
}

/** What must be known from outside before the evaluation can end. Fetch it and evaluate again with it as `facts`. */
export interface Needs {
  readonly kind: "needs";
  readonly needs: readonly { readonly key: string; readonly need: Value }[];
}

/** The answer to a query: no solution means undefined. */
export type Evaluated = { readonly kind: "result"; readonly solutions: readonly Solution[] } | EvaluationError | Needs;

/** The answer to an entry that is a plain ref (`data.a.violation`): its document, or undefined. */
export type EvaluatedValue = { readonly kind: "value"; readonly value: Value | undefined } | EvaluationError | Needs;

/** A compiled policy. Immutable; may be evaluated any number of times. */
export interface Policy {
  /** The names of its entrypoints. */
  readonly entries: readonly string[];
  /** The generated code, to be read; `printStandalone` of the tools makes a module of a policy that runs by itself. */
  readonly code: string;
  /** All solutions of an entrypoint. */
  evaluate(entry: string, evaluation: Evaluation): Evaluated;
  /** The document of an entrypoint whose query is one ref without variables: cheaper, and what a driver wants. */
  value(entry: string, evaluation: Evaluation): EvaluatedValue;
  /**
   * For one input evaluated again and again with one of its keys changed: `session("violation", {input: {review}})`,
   * then `evaluate({parameters: p})` for each constraint. Rules that read nothing of the changing keys are worked out
   * once. The entry is one that `value()` would take; the base data may not change during a session.
   */
  session(entry: string, evaluation: Evaluation, changing: readonly string[]): Session;
}

/** See `Policy.session`. */
export interface Session {
  /**
   * The entry's document with these keys put into the session's input. Who comes again and again with the same keys, in
   * one session after another, brings a `Kept` that is for this policy and these very values: what depends on them alone
   * is worked out once and kept there.
   */
  value(keys: Readonly<Record<string, Value>>, kept?: Kept): EvaluatedValue;
}

/** Documents that depend on a session's changing keys alone. It starts empty; only sessions write it. */
export interface Kept {
  memo?: Memo;
}

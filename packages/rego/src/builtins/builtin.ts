import type { Type } from "../check/type.ts";
import type { Value } from "../runtime/value.ts";

/** What a builtin may ask of the evaluation that calls it. Nothing here does I/O. */
export interface BuiltinContext {
  /** Nanoseconds since 1970 of this evaluation: an argument of it, constant within it. */
  readonly now: bigint;
  /** Environment that `opa.runtime` shows. */
  readonly runtime: Value;
  /** A source of random bytes (uuid, rand); the caller's, so that a test can fix it. */
  random(bytes: number): Uint8Array;
  /** Counts work against the evaluation's budget: charge by the size of what is made. Throws when it is used up. */
  charge(steps: number): void;
  /**
   * Records an error of the builtin and answers undefined, so that `return context.fail(…)` is the way out. In strict
   * mode the first one recorded becomes the evaluation's error.
   */
  fail(code: "eval_builtin_error" | "eval_type_error", message: string): undefined;
  /** Ends the evaluation with an error whatever the mode (OPA's Halt). */
  halt(code: string, message: string): never;
  /**
   * A fact from outside, by a key that says all (`{"kind": "http.send", "request": …}`). Where the caller has not
   * supplied it, evaluation ends here with this as its need.
   */
  fact(need: Value): Value;
  /** A place where a builtin keeps what it must answer alike within one evaluation (`rand.intn`, `uuid.rfc4122`). */
  memo<T>(key: string, make: () => T): T;
  /** Where print goes; absent: print is erased. */
  readonly print?: ((line: string) => void) | undefined;
  /** Where the notes of `trace` go; absent: nobody reads them. */
  readonly note?: ((message: string) => void) | undefined;
}

/** Arguments are always defined; the answer may not be. */
export type BuiltinFunction = (context: BuiltinContext, ...args: Value[]) => Value | undefined;

/** A relation has many outputs: `walk`. */
export type RelationFunction = (context: BuiltinContext, ...args: Value[]) => Iterable<Value>;

/** What is known of a builtin without loading it: OPA's capabilities entry. */
export interface BuiltinSignature {
  readonly name: string;
  readonly args: readonly Type[];
  readonly variadic?: Type;
  /** Absent for `print`. */
  readonly result?: Type;
  readonly infix?: string;
  readonly relation?: boolean;
  readonly deprecated?: boolean;
  readonly nondeterministic?: boolean;
}

/** One entry of the builtins' table. `load` fetches the family's module the first time a policy uses it. */
export interface Builtin {
  readonly signature: BuiltinSignature;
  readonly load: () => BuiltinFunction | Promise<BuiltinFunction>;
  /** Whether equal arguments always give equal answers without the context, so that constants can be folded. */
  readonly pure: boolean;
}

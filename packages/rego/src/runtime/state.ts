import type { BuiltinContext } from "../builtins/builtin.ts";
import type { Memo } from "./memo.ts";
import { seededRandom } from "./random.ts";
import type { Store } from "./store.ts";
import { EvaluationStop } from "./stop.ts";
import type { Value } from "./value.ts";
import { writeJSON } from "./json-writer.ts";
import { valueToText } from "./value-text.ts";
import { toDocument } from "./to-document.ts";

/** What an evaluation is given, as far as its state needs it; see `Evaluation`. */
export interface Given {
  readonly data?: Store | undefined;
  readonly now?: bigint | undefined;
  readonly runtime?: Value | undefined;
  readonly random?: ((bytes: number) => Uint8Array) | undefined;
  readonly budget?: number | undefined;
  readonly furtherSteps?: (() => number) | undefined;
  readonly facts?: ReadonlyMap<string, Value> | undefined;
  readonly print?: ((line: string) => void) | undefined;
  readonly note?: ((message: string) => void) | undefined;
  readonly strictBuiltinErrors?: boolean | undefined;
}

/** Steps of an evaluation that is given no budget. */
const defaultBudget = 50_000_000;

const nothing: Value = {};

/** A builtin's error, kept until the evaluation ends. */
export interface RecordedError {
  readonly code: string;
  readonly message: string;
  /** The number of the call's place in the policy. */
  place?: number;
}

/** What is counted and kept once per evaluation, whatever `with` changes. Builtins get it as their context. */
export class State implements BuiltinContext {
  readonly newMemo: () => Memo;
  /** Steps left. Generated loops count it down. */
  fuel: number;
  /** The first error of a builtin, which strict mode makes the evaluation's. */
  error: RecordedError | undefined = undefined;
  readonly #given: Given;
  #random: ((bytes: number) => Uint8Array) | undefined = undefined;
  #shown: Value | undefined = undefined;
  #text = "";
  #kept: Map<string, unknown> | undefined = undefined;

  constructor(newMemo: () => Memo, given: Given) {
    this.newMemo = newMemo;
    this.fuel = given.budget ?? defaultBudget;
    this.#given = given;
  }

  /** Base data with its indexes. */
  get store(): Store | undefined {
    return this.#given.data;
  }

  get now(): bigint {
    return this.#given.now ?? 0n;
  }

  get runtime(): Value {
    return this.#given.runtime ?? nothing;
  }

  random(bytes: number): Uint8Array {
    this.#random ??= this.#given.random ?? seededRandom();
    return this.#random(bytes);
  }

  /** Whether a builtin's error is the evaluation's. */
  get isStrict(): boolean {
    return this.#given.strictBuiltinErrors === true;
  }

  get print(): ((line: string) => void) | undefined {
    return this.#given.print;
  }

  get note(): ((message: string) => void) | undefined {
    return this.#given.note;
  }

  /** A value as Rego text. Messages of one rule show the same lists again and again, so the last is kept. */
  shownText(value: Value): string {
    if (this.#shown !== value) {
      this.#shown = value;
      this.#text = valueToText(value);
    }
    return this.#text;
  }

  charge(steps: number): void {
    this.fuel -= steps;
    if (this.fuel < 0) this.exhausted();
  }

  /** Goes on with further steps where the caller has them, else ends the evaluation: its budget is used up. */
  exhausted(): void {
    const { furtherSteps } = this.#given;
    while (this.fuel < 0) {
      const steps = furtherSteps?.() ?? 0;
      if (steps <= 0) this.#stop(furtherSteps !== undefined);
      this.fuel += steps;
    }
  }

  #stop(byCaller: boolean): never {
    throw new EvaluationStop({
      kind: "error",
      code: "eval_cancel_error",
      message: byCaller ? "caller cancelled query execution" : "the evaluation used up its budget of steps",
    });
  }

  fail(code: "eval_builtin_error" | "eval_type_error", message: string): undefined {
    this.error ??= { code, message };
    return undefined;
  }

  /** Notes where the call stands that has just given nothing, if an error is why. */
  failedAt(place: number): void {
    if (this.error !== undefined) this.error.place ??= place;
  }

  halt(code: string, message: string): never {
    throw new EvaluationStop({ kind: "error", code, message });
  }

  /** The same, at a place in the policy by its number. */
  conflict(message: string, place: number): never {
    throw new EvaluationStop({ kind: "error", code: "eval_conflict_error", message, place });
  }

  fact(need: Value): Value {
    const key = needKey(need);
    const fact = this.#given.facts?.get(key);
    if (fact !== undefined) return fact;
    throw new EvaluationStop({ kind: "needs", needs: [{ key, need }] });
  }

  memo<T>(key: string, make: () => T): T {
    this.#kept ??= new Map();
    // as: a key has one kind of value, and its builtin is the one that chose it
    if (this.#kept.has(key)) return this.#kept.get(key) as T;
    const made = make();
    this.#kept.set(key, made);
    return made;
  }
}

/** The text that a need is known by: equal needs have equal texts. */
export function needKey(need: Value): string {
  return writeJSON(toDocument(need));
}

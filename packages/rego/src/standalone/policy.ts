import { policyOf } from "../evaluate.ts";
import type { Linked } from "../link.ts";
import type { Evaluation, Policy } from "../policy.ts";
import { Store } from "../runtime/store.ts";
import { toDocument } from "../runtime/to-document.ts";
import type { PlainObject, Value } from "../runtime/value.ts";
import type { Span } from "../source.ts";

/** What a printed policy says about itself, as JSON holds it. */
export interface Description {
  readonly variables: Readonly<Record<string, readonly string[]>>;
  readonly slots: Readonly<Record<string, readonly string[] | null>>;
  readonly sources: readonly string[];
  /** The places of errors: which source, and where in it. */
  readonly places: readonly (readonly [source: number, row: number, column: number])[];
  /** The base data that it was built with. */
  readonly data?: PlainObject;
}

/** What stands for everything that an evaluation may get; data may be a plain object. */
export interface Question extends Omit<Evaluation, "data"> {
  readonly data?: PlainObject;
}

/** A policy out of a file. */
export interface StandalonePolicy {
  readonly entries: Policy["entries"];
  /** All solutions of an entrypoint. */
  evaluate(entry: string, question: Question): ReturnType<Policy["evaluate"]>;
  /**
   * The document of an entrypoint as JSON has it (sets are arrays), undefined where it has none. Throws where the
   * evaluation ends in an error, or needs something from outside.
   */
  decide(input: Value | undefined, question?: Question & { readonly entry?: string }): Value | undefined;
}

/** The methods of a policy around its generated code. */
export function standalone(linked: Linked, description: Description): StandalonePolicy {
  const policy = policyOf(
    linked,
    {
      variables: new Map(Object.entries(description.variables)),
      slots: new Map(
        Object.entries(description.slots).map(([slot, keys]) => [slot, keys === null ? undefined : new Set(keys)]),
      ),
      pure: new Set(),
      spans: description.places.map(([source, row, column]) => spanAt(description.sources[source] ?? "", row, column)),
    },
    () => "",
  );
  const base = description.data === undefined ? undefined : new Store(description.data);
  const evaluationOf = ({ data, ...question }: Question): Evaluation => ({
    now: BigInt(Date.now()) * 1_000_000n,
    data: data === undefined ? base : new Store(data),
    ...question,
  });
  return {
    entries: policy.entries,
    evaluate: (entry, question) => policy.evaluate(entry, evaluationOf(question)),
    decide(input, { entry = policy.entries[0] ?? "", ...question } = {}) {
      const answer = policy.value(entry, { ...evaluationOf(question), input });
      if (answer.kind === "error") throw new Error(`${answer.code}: ${answer.message}`);
      if (answer.kind === "needs") throw new Error("the policy needs an answer from the network");
      return answer.value === undefined ? undefined : toDocument(answer.value);
    },
  };
}

/** A place in a text that is not there any more: its rows and columns are all that is known of it. */
function spanAt(name: string, row: number, column: number): Span {
  const text = "\n".repeat(row - 1) + " ".repeat(column - 1);
  return { source: { name, text }, start: text.length, end: text.length };
}

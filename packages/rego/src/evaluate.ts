import type { Emitted } from "./emit/module.ts";
import type { Linked, LinkedEntry } from "./link.ts";
import type {
  Evaluated,
  EvaluatedValue,
  Evaluation,
  EvaluationError,
  Kept,
  Needs,
  Policy,
  Session,
  Solution,
} from "./policy.ts";
import { Context } from "./runtime/context.ts";
import { notKnown } from "./runtime/memo.ts";
import { type RecordedError, State } from "./runtime/state.ts";
import { EvaluationStop, isConflict } from "./runtime/stop.ts";
import type { PlainObject, Value } from "./runtime/value.ts";

const empty: PlainObject = {};

/** What evaluation must know of generated code besides the code. */
export type Described = Pick<Emitted, "variables" | "slots" | "pure" | "spans">;

/** A policy around a linked module, and how to print it. */
export function policyOf(linked: Linked, emitted: Described, print: () => string): Policy {
  const entries = new Map(linked.entries.map((entry) => [entry.name, entry]));
  // What a session forgets by the keys that change in it: few policies are asked for more than one kind of session.
  const plans = new Map<string, SessionSlots>();
  const entryNamed = (name: string): LinkedEntry => {
    const entry = entries.get(name);
    if (entry === undefined) throw new Error(`the policy has no entrypoint ${JSON.stringify(name)}`);
    return entry;
  };
  return {
    entries: [...entries.keys()],
    get code() {
      return print();
    },
    evaluate(name: string, evaluation: Evaluation): Evaluated {
      const entry = entryNamed(name);
      const variables = emitted.variables.get(name) ?? [];
      return run(linked, emitted, evaluation, (context): Evaluated => {
        const solutions = entry.solve(context).map((values) => solutionOf(variables, values));
        return { kind: "result", solutions };
      });
    },
    value(name: string, evaluation: Evaluation): EvaluatedValue {
      const entry = entryNamed(name);
      const state = new State(linked.newMemo, evaluation);
      return answerOf(emitted, evaluation, state, entry, new Context(state, evaluation.input, dataOf(evaluation)));
    },
    session(name: string, evaluation: Evaluation, changing: readonly string[]): Session {
      const text = JSON.stringify(changing);
      const slots = plans.get(text) ?? slotsOfSession(emitted, changing);
      plans.set(text, slots);
      return sessionOf(linked, emitted, entryNamed(name), evaluation, slots);
    },
  };
}

/** One memo for all evaluations of a session; what reads a changing key is forgotten before each. */
function sessionOf(
  linked: Linked,
  emitted: Described,
  entry: LinkedEntry,
  evaluation: Evaluation,
  slots: SessionSlots,
): Session {
  const memo = linked.newMemo();
  let isFresh = true;
  // as: a session's input is an object whose keys change
  const fixed = (evaluation.input ?? empty) as PlainObject;
  const data = dataOf(evaluation);
  return {
    value(keys: Readonly<Record<string, Value>>, kept?: Kept): EvaluatedValue {
      if (!isFresh) for (const slot of slots.forgotten) memo[slot] = notKnown;
      isFresh = false;
      const keeping = evaluation.strictBuiltinErrors === true || slots.kept.length === 0 ? undefined : kept;
      const before = keeping?.memo;
      if (before !== undefined) for (const slot of slots.kept) memo[slot] = before[slot];
      const state = new State(linked.newMemo, evaluation);
      const context = new Context(state, { ...fixed, ...keys }, data, memo);
      const answer = answerOf(emitted, evaluation, state, entry, context);
      if (keeping !== undefined) {
        const after = (keeping.memo ??= linked.newMemo());
        for (const slot of slots.kept) if (after[slot] === notKnown) after[slot] = memo[slot];
      }
      return answer;
    },
  };
}

/** The slots of a policy's memo, as they matter to a session. */
interface SessionSlots {
  /** Those that read a changing key, or may read all of the input. */
  readonly forgotten: readonly string[];
  /** Of these, those that read nothing else. */
  readonly kept: readonly string[];
}

function slotsOfSession({ slots, pure }: Described, changing: readonly string[]): SessionSlots {
  const forgotten: string[] = [];
  const kept: string[] = [];
  for (const [slot, reads] of slots) {
    if (reads !== undefined && !changing.some((key) => reads.has(key))) continue;
    forgotten.push(slot);
    if (reads !== undefined && pure.has(slot) && [...reads].every((key) => changing.includes(key))) kept.push(slot);
  }
  return { forgotten, kept };
}

function read(entry: LinkedEntry, context: Context): Value | undefined {
  if (entry.read === undefined) throw new Error(`the entrypoint ${entry.name} is not one document`);
  return entry.read(context);
}

function solutionOf(variables: readonly string[], values: readonly Value[]): Solution {
  const solution = new Map<string, Value>();
  for (const [at, name] of variables.entries()) {
    const value = values[at];
    if (value !== undefined) solution.set(name, value);
  }
  return solution;
}

function dataOf({ data }: Evaluation): PlainObject {
  return data === undefined ? empty : data.root;
}

/** The document of an entry. The commonest way through the engine, so it goes straight: see `finish`. */
function answerOf(
  emitted: Described,
  evaluation: Evaluation,
  state: State,
  entry: LinkedEntry,
  context: Context,
): EvaluatedValue {
  let answer: EvaluatedValue;
  try {
    answer = { kind: "value", value: read(entry, context) };
  } catch (thrown) {
    return finish(emitted, evaluation, state, thrown);
  }
  if (state.error === undefined || evaluation.strictBuiltinErrors !== true) return answer;
  return errorOf(emitted, state.error);
}

/** Runs generated code, and turns what ends it early into an outcome of this policy. */
function run<T>(
  linked: Linked,
  emitted: Described,
  evaluation: Evaluation,
  body: (context: Context) => T,
): T | EvaluationError | Needs {
  const state = new State(linked.newMemo, evaluation);
  let outcome: T;
  try {
    outcome = body(new Context(state, evaluation.input, dataOf(evaluation)));
  } catch (thrown) {
    return finish(emitted, evaluation, state, thrown);
  }
  if (state.error === undefined || evaluation.strictBuiltinErrors !== true) return outcome;
  return errorOf(emitted, state.error);
}

/** What becomes of an evaluation that has thrown. In strict mode a builtin's error goes before a conflict found after it. */
function finish(
  emitted: Described,
  { strictBuiltinErrors }: Evaluation,
  state: State,
  thrown: unknown,
): EvaluationError | Needs {
  const outcome = outcomeOf(thrown, emitted);
  if (state.error === undefined || strictBuiltinErrors !== true || !isConflict(thrown)) return outcome;
  return errorOf(emitted, state.error);
}

function errorOf(emitted: Described, error: RecordedError): EvaluationError {
  const { code, message, place } = error;
  const span = place === undefined ? undefined : emitted.spans[place];
  return span === undefined ? { kind: "error", code, message } : { kind: "error", code, message, span };
}

function outcomeOf(thrown: unknown, emitted: Described): EvaluationError | Needs {
  if (thrown instanceof EvaluationStop) {
    const { reason } = thrown;
    if (reason.kind === "needs") return { kind: "needs", needs: reason.needs };
    return errorOf(emitted, reason);
  }
  // The depth limit is the stack's: values nested too deeply end the policy's evaluation and nothing else.
  if (thrown instanceof RangeError) {
    return { kind: "error", code: "eval_cancel_error", message: "the evaluation went too deep" };
  }
  throw thrown;
}

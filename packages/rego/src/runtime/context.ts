/**
 * One evaluation's world, as generated code sees it: `state` for what is counted and kept once per evaluation, and a
 * context for what `with` can change. A context keeps the documents that were worked out in it.
 */
import type { Asked } from "./asked.ts";
import { pathInto } from "./change.ts";
import type { Memo } from "./memo.ts";
import { equal } from "./order.ts";
import type { State } from "./state.ts";
import type { Value } from "./value.ts";

/** A function of the policy, or a builtin, in the place of another. */
export type Mock =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "document"; readonly read: (context: Context) => Value | undefined }
  | { readonly kind: "function"; readonly call: (context: Context, ...args: Value[]) => Value | undefined }
  | { readonly kind: "builtin"; readonly call: (state: State, ...args: Value[]) => Value | undefined };

const nothing: readonly never[] = [];

/** See the head of this file. */
export class Context {
  readonly state: State;
  input: Value | undefined;
  data: Value;
  memo: Memo;
  masks: readonly (boolean | undefined)[] = nothing;
  mocks: readonly (Mock | undefined)[] = nothing;
  asked: Asked | undefined = undefined;

  constructor(state: State, input: Value | undefined, data: Value, memo: Memo = state.newMemo()) {
    this.state = state;
    this.input = input;
    this.data = data;
    this.memo = memo;
  }

  /** A context for a `with`: the same until something is replaced, and with nothing worked out yet. */
  derive(): Context {
    const context = new Context(this.state, this.input, this.data);
    context.masks = this.masks;
    context.mocks = this.mocks;
    return context;
  }

  replaceInput(path: readonly Value[], value: Value): void {
    this.#refuseKeys(path);
    this.input = pathInto(this.input, path, value);
  }

  /** Replaces base data, and hides the rules' documents at and below the path (by its number). */
  replaceData(path: readonly Value[], value: Value, mask: number): void {
    this.#refuseKeys(path);
    this.data = pathInto(this.data, path, value);
    const masks = [...this.masks];
    masks[mask] = true;
    this.masks = masks;
  }

  /** Only names lead into a document. */
  #refuseKeys(path: readonly Value[]): void {
    if (path.some((key) => typeof key !== "string")) this.state.halt("eval_conflict_error", "bad document path");
  }

  mockValue(mock: number, value: Value): void {
    this.#mock(mock, { kind: "value", value });
  }

  mockDocument(mock: number, read: (context: Context) => Value | undefined): void {
    this.#mock(mock, { kind: "document", read });
  }

  mockCall(mock: number, call: (...args: never[]) => Value | undefined, isBuiltin: boolean): void {
    // as: generated code hands over a function of the kind that it says it is
    this.#mock(mock, { kind: isBuiltin ? "builtin" : "function", call } as Mock);
  }

  #mock(number: number, mock: Mock): void {
    const mocks = [...this.mocks];
    mocks[number] = mock;
    this.mocks = mocks;
  }

  /** The same context with nothing mocked: what a replacement runs in. */
  withoutMocks(): Context {
    const context = new Context(this.state, this.input, this.data, this.memo);
    context.masks = this.masks;
    return context;
  }
}

/**
 * Calls what stands in the place of a function. A document in its place is read only where the result is wanted: a bare
 * call of it succeeds whatever it is.
 */
export function mocked(context: Context, number: number, args: readonly Value[], isWanted: boolean): Value | undefined {
  const mock = context.mocks[number];
  if (mock === undefined) throw new Error("nothing is mocked by that number");
  switch (mock.kind) {
    case "value":
      return mock.value;
    case "document":
      return isWanted ? mock.read(context) : true;
    case "function":
      return mock.call(context.withoutMocks(), ...args);
    case "builtin":
      return mock.call(context.state, ...args);
  }
}

/** Whether what a function gives is the result that is known. */
export function isResult(given: Value | undefined, known: Value): boolean {
  return given !== undefined && equal(given, known);
}

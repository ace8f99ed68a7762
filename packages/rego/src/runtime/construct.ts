/** Making values: what generated code calls for constants, comprehensions and partial objects. */
import { readNumber } from "./number.ts";
import { RegoObject } from "./object.ts";
import { equal, isSet } from "./order.ts";
import { RegoSet } from "./set.ts";
import type { State } from "./state.ts";
import type { Value } from "./value.ts";

/** A number from the text that it was written with. */
export function numberOf(text: string): Value {
  const number = readNumber(text);
  if (number === undefined) throw new Error(`not a number: ${text}`);
  return number;
}

/** A set of these values. */
export function setOf(values: readonly Value[]): RegoSet {
  const set = new RegoSet();
  for (const value of values) set.add(value);
  return set;
}

/** An object of these entries; of two with the same key the later counts. */
export function objectOf(entries: readonly (readonly [Value, Value])[]): RegoObject {
  return new RegoObject(entries);
}

/** OPA's text for two values under one key. */
const keysConflict = "object keys must be unique";

/** Puts an entry into an object that a comprehension makes. */
export function putUnique(state: State, object: RegoObject, key: Value, value: Value, place: number): void {
  const there = object.get(key);
  if (there !== undefined && !equal(there, value)) state.conflict(keysConflict, place);
  // Of `1` and `1.0` the later is shown.
  object.set(key, value);
}

/** Two answers of a complete rule must be the same. */
export function agree(state: State, before: Value | undefined, value: Value, place: number): Value {
  if (before === undefined) return value;
  if (equal(before, value)) return before;
  return state.conflict("complete rules must not produce multiple outputs", place);
}

/** Two answers of a function for the same arguments must be the same. */
export function agreeFunction(state: State, before: Value | undefined, value: Value, place: number): Value {
  if (before === undefined) return value;
  if (equal(before, value)) return before;
  return state.conflict("functions must not produce multiple outputs for same inputs", place);
}

/** Builds the object of rules with keys in their heads: values and sets at paths of keys, which must not meet. */
export class ObjectBuilder {
  readonly value: RegoObject = new RegoObject();
  readonly #state: State;
  /** Objects and sets within it that this builder made, and so may still change; most objects hold none. */
  #own: Set<RegoObject | RegoSet> | undefined = undefined;

  constructor(state: State) {
    this.#state = state;
  }

  /** Puts a value at a path. */
  put(keys: readonly Value[], value: Value, place: number): void {
    const last = keys[keys.length - 1];
    if (last === undefined) throw new Error("a partial object has keys");
    const parent = this.#descend(keys, place);
    const there = parent.get(last);
    if (there === undefined) parent.set(last, value);
    else if (!equal(there, value)) this.#conflict(place);
    // What was put together from below may be said as a whole too, but then nothing more comes below it.
    else if (there instanceof RegoObject) this.#own?.delete(there);
  }

  /** Adds an element to the set at a path. */
  add(keys: readonly Value[], element: Value, place: number): void {
    const last = keys[keys.length - 1];
    if (last === undefined) throw new Error("a partial object has keys");
    const parent = this.#descend(keys, place);
    const there = parent.get(last);
    if (there === undefined) {
      const set = new RegoSet();
      set.add(element);
      (this.#own ??= new Set()).add(set);
      parent.set(last, set);
    } else if (isSet(there)) {
      // A set that somebody else made stays as it is.
      const set = this.#isOwn(there) ? there : setOf(there.items());
      if (set !== there) {
        (this.#own ??= new Set()).add(set);
        parent.set(last, set);
      }
      set.add(element);
    } else {
      this.#conflict(place);
    }
  }

  /** The object that holds the last key of a path. */
  #descend(keys: readonly Value[], place: number): RegoObject {
    let node = this.value;
    // INVARIANT: the index is within the path.
    for (let at = 0; at < keys.length - 1; at += 1) {
      const key = keys[at] as Value;
      const there = node.get(key);
      if (there === undefined) {
        const made = new RegoObject();
        (this.#own ??= new Set()).add(made);
        node.set(key, made);
        node = made;
      } else if (there instanceof RegoObject && this.#isOwn(there)) {
        node = there;
      } else {
        return this.#conflict(place);
      }
    }
    return node;
  }

  #conflict(place: number): never {
    return this.#state.conflict(keysConflict, place);
  }

  #isOwn(value: Value): boolean {
    if (this.#own === undefined) return false;
    return (value instanceof RegoSet || value instanceof RegoObject) && this.#own.has(value);
  }
}

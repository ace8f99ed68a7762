import { writeJson, type JsonValue } from "@portcullis/objects";

/**
 * Keeps equal values as one. Constraints of a template often have the same parameters and differ in what they match; what
 * a policy says under one of them it says under all, and is asked once.
 */
export class SharedValues {
  readonly #known = new Map<string, { readonly value: JsonValue; count: number }>();

  /** The one value that is equal to this. What is taken must be given back. */
  take(value: JsonValue): JsonValue {
    const text = writeJson(value);
    const known = this.#known.get(text);
    if (known === undefined) {
      this.#known.set(text, { value, count: 1 });
      return value;
    }
    known.count += 1;
    return known.value;
  }

  /** Says that somebody who took the value holds it no more. */
  giveBack(value: JsonValue): void {
    const text = writeJson(value);
    const known = this.#known.get(text);
    if (known === undefined) return;
    known.count -= 1;
    if (known.count === 0) this.#known.delete(text);
  }
}

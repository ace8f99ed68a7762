import { normalise } from "./decimal.ts";
import { isDecimal } from "./order.ts";
import type { Value } from "./value.ts";

/** A body of a rule as a function of its own. */
type BodyFunction = (...args: never[]) => unknown;

const none: readonly BodyFunction[] = [];

/** The bodies of a group of rules by the constant that each compares one and the same thing with. */
export class BodyTable {
  readonly #bodies = new Map<Value, readonly BodyFunction[]>();

  constructor(entries: readonly (readonly [Value, readonly BodyFunction[]])[]) {
    for (const [constant, bodies] of entries) {
      const key = keyOf(constant);
      // Two texts of one number (`1`, `1.0`) are one constant.
      this.#bodies.set(key, [...(this.#bodies.get(key) ?? none), ...bodies]);
    }
  }

  /** Those that can match a value. */
  of(value: Value | undefined): readonly BodyFunction[] {
    return value === undefined ? none : (this.#bodies.get(keyOf(value)) ?? none);
  }
}

/** A number in a form in which equal numbers are the same to a Map. A text that collides with it does no harm: bodies compare again. */
function keyOf(value: Value): Value {
  if (!isDecimal(value)) return value;
  if (value.plain !== undefined) return value.plain;
  const { coefficient, exponent } = normalise(value);
  return `${coefficient}e${exponent}`;
}

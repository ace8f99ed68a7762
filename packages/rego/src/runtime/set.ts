import { Tagged } from "./tagged.ts";
import { compare, equal, hash, isDecimal, stir } from "./order.ts";
import type { Value } from "./value.ts";

type Primitive = null | boolean | number | bigint | string;

function isPrimitive(value: Value): value is Primitive {
  return typeof value !== "object" || value === null;
}

/**
 * A set of values. Whoever makes one adds to it; from then on it is never changed. Order is found when first asked for.
 */
export class RegoSet extends Tagged {
  readonly #primitives: Set<Primitive> = new Set();
  #others: Map<number, Value[]> | undefined;
  #othersSize = 0;
  #sorted: readonly Value[] | undefined;
  #hash: number | undefined;

  constructor(values?: Iterable<Value>) {
    super();
    if (values !== undefined) for (const value of values) this.add(value);
  }

  override get tag(): "set" {
    return "set";
  }

  get size(): number {
    return this.#primitives.size + this.#othersSize;
  }

  /** Adds a value; one that is equal to a member changes nothing. */
  add(value: Value): this {
    if (this.#sorted !== undefined || this.#hash !== undefined) this.#sorted = this.#hash = undefined;
    if (isPrimitive(value) && this.#others === undefined) {
      this.#primitives.add(value);
    } else if (!this.has(value)) {
      this.#insert(value);
    }
    return this;
  }

  #insert(value: Value): void {
    if (isPrimitive(value)) {
      this.#primitives.add(value);
      return;
    }
    this.#others ??= new Map();
    const code = hash(value);
    const bucket = this.#others.get(code);
    if (bucket === undefined) this.#others.set(code, [value]);
    else bucket.push(value);
    this.#othersSize++;
  }

  has(value: Value): boolean {
    if (isPrimitive(value)) {
      if (this.#primitives.has(value)) return true;
      // Only a Decimal can be equal to a primitive: `1.0` to `1`.
      if (this.#others === undefined || (typeof value !== "number" && typeof value !== "bigint")) return false;
    } else if (isDecimal(value)) {
      const { plain } = value;
      if (plain !== undefined && this.#primitives.has(plain)) return true;
    }
    return this.#find(value) !== undefined;
  }

  /** The member that is equal to a value, as it was added. */
  get(value: Value): Value | undefined {
    if (isPrimitive(value) && this.#primitives.has(value)) return value;
    if (isDecimal(value) && value.plain !== undefined && this.#primitives.has(value.plain)) return value.plain;
    return this.#find(value);
  }

  #find(value: Value): Value | undefined {
    const bucket = this.#others?.get(hash(value));
    return bucket?.find((other) => equal(other, value));
  }

  /** The members in no particular order: for where order cannot be seen. */
  *items(): IterableIterator<Value> {
    yield* this.#primitives;
    if (this.#others !== undefined) for (const bucket of this.#others.values()) yield* bucket;
  }

  /** The members in Rego's order. */
  values(): readonly Value[] {
    this.#sorted ??= this.#unordered().sort(compare);
    return this.#sorted;
  }

  #unordered(): Value[] {
    const all: Value[] = [...this.#primitives];
    if (this.#others !== undefined) for (const bucket of this.#others.values()) all.push(...bucket);
    return all;
  }

  [Symbol.iterator](): Iterator<Value> {
    return this.values()[Symbol.iterator]();
  }

  /** The same for equal sets. */
  hash(): number {
    if (this.#hash === undefined) {
      let bits = 0x3c6ef372 ^ this.size;
      for (const item of this.#unordered()) bits = (bits + stir(hash(item))) | 0;
      this.#hash = bits;
    }
    return this.#hash;
  }
}

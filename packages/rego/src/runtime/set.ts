import { Tagged } from "./tagged.ts";
import { compare, equal, hash, isDecimal, stir } from "./order.ts";
import type { Value } from "./value.ts";

type Primitive = null | boolean | number | bigint | string;

/** Up to this many members are looked through one by one: quicker than hashing, above all where they are large. */
const FEW = 8;

function isPrimitive(value: Value): value is Primitive {
  return typeof value !== "object" || value === null;
}

/**
 * A set of values. Whoever makes one adds to it; from then on it is never changed. Order is found when first asked for,
 * and members are hashed only where there are more than a few.
 */
export class RegoSet extends Tagged {
  readonly #members: Value[] = [];
  #index: Index | undefined = undefined;
  #sorted: readonly Value[] | undefined = undefined;
  #hash: number | undefined = undefined;

  constructor(values?: Iterable<Value>) {
    super();
    if (values !== undefined) for (const value of values) this.add(value);
  }

  override get tag(): "set" {
    return "set";
  }

  get size(): number {
    return this.#members.length;
  }

  /** Adds a value; one that is equal to a member changes nothing. */
  add(value: Value): this {
    if (this.#find(value) !== undefined) return this;
    this.#sorted = undefined;
    this.#hash = undefined;
    this.#members.push(value);
    if (this.#index !== undefined) this.#index.add(value);
    else if (this.#members.length > FEW) this.#index = new Index(this.#members);
    return this;
  }

  has(value: Value): boolean {
    return this.#find(value) !== undefined;
  }

  /** The member that is equal to a value, as it was added. */
  get(value: Value): Value | undefined {
    return this.#find(value);
  }

  #find(value: Value): Value | undefined {
    if (this.#index !== undefined) return this.#index.find(value);
    const members = this.#members;
    for (let at = 0; at < members.length; at += 1) {
      // INVARIANT: the index is within the array, and members are never undefined.
      const member = members[at] as Value;
      if (member === value || equal(member, value)) return member;
    }
    return undefined;
  }

  /** The members in no particular order: for where order cannot be seen. Not to be changed. */
  items(): readonly Value[] {
    return this.#members;
  }

  /** The members in Rego's order. */
  values(): readonly Value[] {
    this.#sorted ??= this.#members.length < 2 ? this.#members.slice() : this.#members.toSorted(compare);
    return this.#sorted;
  }

  [Symbol.iterator](): Iterator<Value> {
    return this.values()[Symbol.iterator]();
  }

  /** The same for equal sets. */
  hash(): number {
    if (this.#hash === undefined) {
      let bits = 0x3c6ef372 ^ this.size;
      for (const item of this.#members) bits = (bits + stir(hash(item))) | 0;
      this.#hash = bits;
    }
    return this.#hash;
  }
}

/** Where the members of a set are. */
class Index {
  readonly #primitives: Set<Primitive> = new Set();
  /** What is no primitive, by its hash. */
  #others: Map<number, Value[]> | undefined = undefined;

  constructor(values: readonly Value[]) {
    for (const value of values) this.add(value);
  }

  add(value: Value): void {
    if (isPrimitive(value)) {
      this.#primitives.add(value);
      return;
    }
    this.#others ??= new Map();
    const code = hash(value);
    const bucket = this.#others.get(code);
    if (bucket === undefined) this.#others.set(code, [value]);
    else bucket.push(value);
  }

  find(value: Value): Value | undefined {
    if (isPrimitive(value)) {
      if (this.#primitives.has(value)) return value;
      // Only a Decimal can be equal to a primitive: `1.0` to `1`.
      if (this.#others === undefined || (typeof value !== "number" && typeof value !== "bigint")) return undefined;
    } else if (isDecimal(value) && value.plain !== undefined && this.#primitives.has(value.plain)) {
      return value.plain;
    }
    return this.#others?.get(hash(value))?.find((other) => equal(other, value));
  }
}

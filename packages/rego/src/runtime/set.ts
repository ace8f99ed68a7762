import { Tagged } from "./tagged.ts";
import { equal, hash, isDecimal, sorted, stir } from "./order.ts";
import type { Value } from "./value.ts";

type Primitive = null | boolean | number | bigint | string;

/** Up to this many values are looked through one by one: quicker than hashing, above all where they are large. */
const few = 16;

const none: Value[] = [];

function isPrimitive(value: Value): value is Primitive {
  return typeof value !== "object" || value === null;
}

/**
 * A set of values. Whoever makes one adds to it; from then on it is never changed. What is not asked for is not worked
 * out: a value that is there twice is noticed when somebody counts or goes through the members, values are hashed when
 * there are more than a few, and order is found when somebody can see it.
 */
export class RegoSet extends Tagged {
  /** The values as they were added; those past `#distinct` may be there twice. */
  #members: Value[] = none;
  #distinct = 0;
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
    return this.items().length;
  }

  /** Adds a value; one that is equal to a member changes nothing. */
  add(value: Value): this {
    this.#sorted = undefined;
    this.#hash = undefined;
    if (this.#members === none) {
      // An array that a value is pushed to makes room for many, and most sets have one member.
      this.#members = [value];
      this.#distinct = 1;
      return this;
    }
    this.#members.push(value);
    // So that no set is much larger than its members.
    if (this.#members.length > 2 * this.#distinct + few) this.#sift();
    return this;
  }

  has(value: Value): boolean {
    return this.get(value) !== undefined;
  }

  /** The member that is equal to a value, as it was added. */
  get(value: Value): Value | undefined {
    const members = this.#members;
    if (members.length > few) {
      this.#sift();
      return this.#index === undefined ? find(this.#members, this.#members.length, value) : this.#index.find(value);
    }
    return find(members, members.length, value);
  }

  /** The members in no particular order: for where order cannot be seen. Not to be changed. */
  items(): readonly Value[] {
    if (this.#distinct < this.#members.length) this.#sift();
    return this.#members;
  }

  /** Takes out what is there twice. */
  #sift(): void {
    const members = this.#members;
    let distinct = this.#distinct;
    for (let at = distinct; at < members.length; at += 1) {
      // INVARIANT: the index is within the array.
      const value = members[at] as Value;
      if (distinct > few && this.#index === undefined) this.#index = new Index(members, distinct);
      if (this.#index === undefined) {
        if (find(members, distinct, value) !== undefined) continue;
      } else if (this.#index.find(value) === undefined) {
        this.#index.add(value);
      } else {
        continue;
      }
      members[distinct] = value;
      distinct += 1;
    }
    members.length = distinct;
    this.#distinct = distinct;
  }

  /** The members in Rego's order. */
  values(): readonly Value[] {
    if (this.#sorted === undefined) {
      const members = this.items();
      this.#sorted = members.length < 2 ? members : sorted(members);
    }
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

/** The first of so many values that is equal to one. */
function find(values: readonly Value[], count: number, value: Value): Value | undefined {
  if (typeof value === "string") {
    for (let at = 0; at < count; at += 1) if (values[at] === value) return value;
    return undefined;
  }
  for (let at = 0; at < count; at += 1) {
    // INVARIANT: the index is within the array, and members are never undefined.
    const member = values[at] as Value;
    if (member === value || equal(member, value)) return member;
  }
  return undefined;
}

/** Where the members of a set are. */
class Index {
  readonly #primitives: Set<Primitive> = new Set();
  /** What is no primitive, by its hash. */
  #others: Map<number, Value[]> | undefined = undefined;

  /** The first so many of these values. */
  constructor(values: readonly Value[], count: number) {
    // INVARIANT: there are as many values.
    for (let at = 0; at < count; at += 1) this.add(values[at] as Value);
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

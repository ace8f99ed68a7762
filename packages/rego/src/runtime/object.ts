import { Tagged } from "./tagged.ts";
import { equal, hash, hashEntry, isDecimal, isRegoObject, objectKeys, sorted } from "./order.ts";
import type { PlainObject, Value } from "./value.ts";

type Primitive = null | boolean | number | bigint | string;
type Entry = readonly [key: Value, value: Value];

/** Up to this many keys are looked through one by one: quicker than hashing. */
const few = 8;

function isPrimitive(value: Value): value is Primitive {
  return typeof value !== "object" || value === null;
}

/**
 * An object with keys of any kind, made by a policy. Whoever makes one sets its entries; from then on it is never
 * changed. Order is found when first asked for, and keys are hashed only where there are more than a few.
 */
export class RegoObject extends Tagged {
  readonly #names: Value[] = [];
  /** The value of each key. */
  readonly #items: Value[] = [];
  #index: Index | undefined = undefined;
  #keys: readonly Value[] | undefined = undefined;
  #hash: number | undefined = undefined;

  constructor(entries?: Iterable<Entry>) {
    super();
    if (entries !== undefined) for (const [key, value] of entries) this.set(key, value);
  }

  override get tag(): "object" {
    return "object";
  }

  get size(): number {
    return this.#names.length;
  }

  /** Sets the value of a key; a key that is equal to one that is there keeps the form of the first. */
  set(key: Value, value: Value): this {
    this.#keys = undefined;
    this.#hash = undefined;
    const at = this.#find(key);
    if (at !== -1) {
      this.#items[at] = value;
      return this;
    }
    this.#names.push(key);
    this.#items.push(value);
    if (this.#index !== undefined) this.#index.add(key, this.#names.length - 1);
    else if (this.#names.length > few) this.#index = new Index(this.#names);
    return this;
  }

  /** Where a key is, or -1. */
  #find(key: Value): number {
    const names = this.#names;
    if (this.#index !== undefined) return this.#index.find(key, names);
    for (let at = 0; at < names.length; at += 1) {
      // INVARIANT: the index is within the array.
      const name = names[at] as Value;
      if (name === key || (typeof name !== "string" && equal(name, key))) return at;
    }
    return -1;
  }

  get(key: Value): Value | undefined {
    const at = this.#find(key);
    return at === -1 ? undefined : this.#items[at];
  }

  has(key: Value): boolean {
    return this.#find(key) !== -1;
  }

  /** The keys in no particular order: for where order cannot be seen. Not to be changed. */
  names(): readonly Value[] {
    return this.#names;
  }

  /** The values that go with `names`. Not to be changed. */
  items(): readonly Value[] {
    return this.#items;
  }

  /** The keys in Rego's order. */
  keys(): readonly Value[] {
    this.#keys ??= sorted(this.#names);
    return this.#keys;
  }

  /** The same for equal objects, a caller's included. */
  hash(): number {
    if (this.#hash === undefined) {
      let bits = 0;
      for (const [at, key] of this.#names.entries()) {
        // INVARIANT: each key has a value.
        bits = (bits + hashEntry(key, this.#items[at] as Value)) | 0;
      }
      this.#hash = bits;
    }
    return this.#hash;
  }
}

/** Where the keys of an object are. */
class Index {
  readonly #primitives: Map<Primitive, number> = new Map();
  /** What is no primitive, by its hash. */
  #others: Map<number, number[]> | undefined = undefined;

  constructor(names: readonly Value[]) {
    for (const [at, name] of names.entries()) this.add(name, at);
  }

  add(key: Value, at: number): void {
    if (isPrimitive(key)) {
      this.#primitives.set(key, at);
      return;
    }
    this.#others ??= new Map();
    const code = hash(key);
    const bucket = this.#others.get(code);
    if (bucket === undefined) this.#others.set(code, [at]);
    else bucket.push(at);
  }

  /** Where among the names a key is, or -1. */
  find(key: Value, names: readonly Value[]): number {
    if (isPrimitive(key)) {
      const at = this.#primitives.get(key);
      if (at !== undefined) return at;
      // Only a Decimal can be equal to a primitive: `1.0` to `1`.
      if (this.#others === undefined || (typeof key !== "number" && typeof key !== "bigint")) return -1;
    } else if (isDecimal(key) && key.plain !== undefined) {
      const at = this.#primitives.get(key.plain);
      if (at !== undefined) return at;
    }
    // INVARIANT: the index has positions within the names.
    return this.#others?.get(hash(key))?.find((at) => equal(names[at] as Value, key)) ?? -1;
  }
}

/** An object of these entries: a plain one where all keys are strings. A later entry of a key goes before an earlier. */
export function objectOf(entries: Iterable<Entry>): RegoObject | PlainObject {
  const plain: Record<string, Value> = {};
  const iterator = entries[Symbol.iterator]();
  for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
    const [key, value] = next.value;
    if (typeof key !== "string") return remaining(plain, next.value, iterator);
    if (key === "__proto__") return remaining(plain, next.value, iterator);
    plain[key] = value;
  }
  return plain;
}

function remaining(begun: PlainObject, entry: Entry, rest: Iterator<Entry>): RegoObject {
  const object = new RegoObject(Object.entries(begun));
  object.set(entry[0], entry[1]);
  for (let next = rest.next(); next.done !== true; next = rest.next()) object.set(next.value[0], next.value[1]);
  return object;
}

/** The entries of an object of either kind, in order. */
export function objectEntries(object: RegoObject | PlainObject): readonly Entry[] {
  // INVARIANT: the keys come from the object itself.
  if (isRegoObject(object)) return object.keys().map((key) => [key, object.get(key) as Value]);
  // The keys of a plain object are strings.
  return objectKeys(object).map((key) => [key, object[key as string] as Value]);
}

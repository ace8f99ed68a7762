import { Tagged } from "./tagged.ts";
import { compare, equal, hash, hashEntry, isDecimal, isRegoObject, objectKeys } from "./order.ts";
import type { PlainObject, Value } from "./value.ts";

type Primitive = null | boolean | number | bigint | string;
type Entry = readonly [key: Value, value: Value];
type MutableEntry = [key: Value, value: Value];

function isPrimitive(value: Value): value is Primitive {
  return typeof value !== "object" || value === null;
}

/**
 * An object with keys of any kind, made by a policy. Whoever makes one sets its entries; from then on it is never
 * changed. Order is found when first asked for.
 */
export class RegoObject extends Tagged {
  readonly #primitives: Map<Primitive, Value> = new Map();
  #others: Map<number, MutableEntry[]> | undefined;
  #othersSize = 0;
  #keys: readonly Value[] | undefined;
  #hash: number | undefined;

  constructor(entries?: Iterable<Entry>) {
    super();
    if (entries !== undefined) for (const [key, value] of entries) this.set(key, value);
  }

  override get tag(): "object" {
    return "object";
  }

  get size(): number {
    return this.#primitives.size + this.#othersSize;
  }

  /** Sets the value of a key; a key that is equal to one that is there keeps the form of the first. */
  set(key: Value, value: Value): this {
    if (this.#keys !== undefined || this.#hash !== undefined) this.#keys = this.#hash = undefined;
    const form = this.#primitiveKey(key);
    if (form !== undefined) {
      this.#primitives.set(form, value);
      return this;
    }
    const entry = this.#find(key);
    if (entry !== undefined) entry[1] = value;
    else if (isPrimitive(key)) this.#primitives.set(key, value);
    else this.#insert(key, value);
    return this;
  }

  /** The key under which the primitives' map has, or may without a look elsewhere get, this one. */
  #primitiveKey(key: Value): Primitive | undefined {
    if (isPrimitive(key)) return this.#others === undefined || this.#primitives.has(key) ? key : undefined;
    if (!isDecimal(key)) return undefined;
    const { plain } = key;
    return plain !== undefined && this.#primitives.has(plain) ? plain : undefined;
  }

  #insert(key: Value, value: Value): void {
    this.#others ??= new Map();
    const code = hash(key);
    const bucket = this.#others.get(code);
    if (bucket === undefined) this.#others.set(code, [[key, value]]);
    else bucket.push([key, value]);
    this.#othersSize++;
  }

  #find(key: Value): MutableEntry | undefined {
    const bucket = this.#others?.get(hash(key));
    return bucket?.find((entry) => equal(entry[0], key));
  }

  get(key: Value): Value | undefined {
    if (isPrimitive(key)) {
      const value = this.#primitives.get(key);
      if (value !== undefined) return value;
      // Only a Decimal can be equal to a primitive: `1.0` to `1`.
      if (this.#others === undefined || (typeof key !== "number" && typeof key !== "bigint")) return undefined;
    } else if (isDecimal(key) && key.plain !== undefined) {
      const value = this.#primitives.get(key.plain);
      if (value !== undefined) return value;
    }
    return this.#find(key)?.[1];
  }

  has(key: Value): boolean {
    return this.get(key) !== undefined;
  }

  /** The entries in no particular order: for where order cannot be seen. */
  *pairs(): IterableIterator<Entry> {
    yield* this.#primitives;
    if (this.#others !== undefined) for (const bucket of this.#others.values()) yield* bucket;
  }

  /** The keys in Rego's order. */
  keys(): readonly Value[] {
    if (this.#keys === undefined) {
      const all: Value[] = [...this.#primitives.keys()];
      if (this.#others !== undefined) {
        for (const bucket of this.#others.values()) for (const [key] of bucket) all.push(key);
      }
      this.#keys = all.sort(compare);
    }
    return this.#keys;
  }

  /** The same for equal objects, a caller's included. */
  hash(): number {
    if (this.#hash === undefined) {
      let bits = 0;
      for (const [key, value] of this.pairs()) bits = (bits + hashEntry(key, value)) | 0;
      this.#hash = bits;
    }
    return this.#hash;
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

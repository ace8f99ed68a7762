import { JoinIndex } from "./join-index.ts";
import type { Row, Scan } from "./scan.ts";
import type { PlainObject, Value } from "./value.ts";

/** An index that nobody asked during so many changes is dropped. */
const unusedFor = 50_000;

/**
 * Base data: what stands under `data` before any rule. It owns the objects along the paths that were put, and changes
 * them in place; what was put itself is never changed, so a result may refer to it. Evaluations read it as it is when
 * they run: they are synchronous, so none sees half a change.
 */
export class Store {
  #root: { [key: string]: Value } = Object.create(null) as { [key: string]: Value }; // as: an object without keys fits
  readonly #owned = new WeakSet<object>();
  readonly #indexes = new Map<string, JoinIndex>();
  #version = 0;

  constructor(root?: PlainObject) {
    this.#owned.add(this.#root);
    if (root !== undefined) for (const key of Object.keys(root)) this.put([key], root[key] ?? null);
  }

  /** The whole document. */
  get root(): PlainObject {
    return this.#root;
  }

  /** Grows with every change. */
  get version(): number {
    return this.#version;
  }

  /** The rows of a scan that a key finds. The index is made when first asked for, and kept up from then on. */
  rows(scan: Scan, key: unknown): Iterable<Row> {
    let index = this.#indexes.get(scan.text);
    if (index === undefined) {
      index = new JoinIndex(scan, this.#root);
      this.#indexes.set(scan.text, index);
    }
    index.lastUse = this.#version;
    return index.rows(key);
  }

  #tell(path: readonly string[]): void {
    for (const [text, index] of this.#indexes) {
      // The policy that wanted it is gone, it seems.
      if (this.#version - index.lastUse > unusedFor) this.#indexes.delete(text);
      else index.changed(this.#root, path);
    }
  }

  /** Sets the value at a path; objects on the way are made, anything else on the way is replaced by an object. */
  put(path: readonly string[], value: Value): void {
    this.#version += 1;
    const last = path[path.length - 1];
    if (last === undefined) {
      const fresh = new Store(isPlainObject(value) ? value : {});
      this.#root = fresh.#root;
      this.#owned.add(this.#root);
      this.#indexes.clear();
      return;
    }
    let node = this.#root;
    for (const key of path.slice(0, -1)) node = this.#own(node, key);
    node[last] = value;
    this.#tell(path);
  }

  /** Takes away what stands at a path; answers whether anything did. Emptied objects on the way stay. */
  remove(path: readonly string[]): boolean {
    this.#version += 1;
    const last = path[path.length - 1];
    if (last === undefined) {
      this.put([], {});
      return true;
    }
    if (this.get(path) === undefined) return false;
    let node = this.#root;
    for (const key of path.slice(0, -1)) node = this.#own(node, key);
    delete node[last];
    this.#tell(path);
    return true;
  }

  /** What stands at a path. */
  get(path: readonly string[]): Value | undefined {
    let node: Value | undefined = this.#root;
    for (const key of path) {
      if (!isPlainObject(node) || !Object.hasOwn(node, key)) return undefined;
      node = node[key];
    }
    return node;
  }

  /** Whether a rule at a path would meet data: something stands there, or on the way there what is no object. */
  has(path: readonly string[]): boolean {
    let node: Value | undefined = this.#root;
    for (const key of path) {
      if (!isPlainObject(node)) return true;
      if (!Object.hasOwn(node, key)) return false;
      node = node[key];
    }
    return true;
  }

  /** The object at a key of a node of ours, made ours first. */
  #own(node: { [key: string]: Value }, key: string): { [key: string]: Value } {
    const there = node[key];
    // as: only objects without prototype that this store made are in `#owned`
    if (isPlainObject(there) && this.#owned.has(there)) return there as { [key: string]: Value };
    const made = Object.create(null) as { [key: string]: Value };
    if (isPlainObject(there)) for (const name of Object.keys(there)) made[name] = there[name] ?? null;
    this.#owned.add(made);
    node[key] = made;
    return made;
  }
}

function isPlainObject(value: Value | undefined): value is PlainObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

import { nameOf, namespaceOf, resourceVersionOf, type JsonObject } from "@portcullis/objects";

/** A change of a collection as its watcher sees it. */
export type Change =
  | { readonly kind: "added"; readonly object: JsonObject }
  | { readonly kind: "updated"; readonly object: JsonObject; readonly previous: JsonObject }
  | { readonly kind: "deleted"; readonly object: JsonObject };

/** `namespace/name`, or the name where there is no namespace. */
export function keyOf(object: JsonObject): string {
  const namespace = namespaceOf(object);
  return namespace === "" ? nameOf(object) : `${namespace}/${nameOf(object)}`;
}

/** The last known state of a collection. Whatever order events arrive in, what it reports are true changes. */
export class ObjectStore {
  readonly #objects = new Map<string, JsonObject>();

  /** How many objects there are. */
  get size(): number {
    return this.#objects.size;
  }

  /** The object of a key, as `keyOf` makes it. */
  get(key: string): JsonObject | undefined {
    return this.#objects.get(key);
  }

  /** All objects, in no order that means anything. */
  list(): readonly JsonObject[] {
    return [...this.#objects.values()];
  }

  /** Takes in an object that is there; nothing where it is known in this version already, so a replay changes nothing. */
  put(object: JsonObject): Change | undefined {
    const key = keyOf(object);
    const previous = this.#objects.get(key);
    if (previous !== undefined && resourceVersionOf(previous) === resourceVersionOf(object)) return undefined;
    this.#objects.set(key, object);
    return previous === undefined ? { kind: "added", object } : { kind: "updated", object, previous };
  }

  /** Takes out an object; nothing where it was not known. */
  remove(object: JsonObject): Change | undefined {
    return this.#objects.delete(keyOf(object)) ? { kind: "deleted", object } : undefined;
  }

  /** Takes in a whole list: what is not in it is gone. Deletions come first, since a name may have been given anew. */
  replace(objects: readonly JsonObject[]): readonly Change[] {
    const kept = new Set(objects.map(keyOf));
    const gone = [...this.#objects].filter(([key]) => !kept.has(key)).map(([, object]) => object);
    return [...gone.map((object) => this.remove(object)), ...objects.map((object) => this.put(object))].filter(
      (change) => change !== undefined,
    );
  }
}

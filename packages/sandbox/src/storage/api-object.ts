/** A reference from a dependent to what owns it. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** Which manager set which fields, as server-side apply records it. */
export interface ManagedFieldsEntry {
  readonly manager: string;
  readonly operation: string;
  readonly apiVersion: string;
  readonly time?: string;
  readonly fieldsType: string;
  readonly fieldsV1: FieldsV1;
  readonly subresource?: string;
}

/** The tree of field names that a managed fields entry owns. */
export interface FieldsV1 {
  readonly [path: string]: FieldsV1;
}

/** The metadata that every stored object has; unknown members are kept out by the server. */
export interface ObjectMeta {
  readonly name: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
  readonly managedFields?: readonly ManagedFieldsEntry[];
}

/**
 * An object as the API holds it. What is stored is never changed in place: readers may keep what
 * they were given for as long as they like, and must copy before they write.
 */
export interface ApiObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Metadata that belongs to the one who is making a new version of an object. */
export type DraftMeta = Writable<Omit<ObjectMeta, "labels" | "annotations">> & {
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
};

/** A deep copy of an object on its way to the store: hooks may change it in place. */
export interface Draft {
  apiVersion: string;
  kind: string;
  metadata: DraftMeta;
  [field: string]: unknown;
}

/** A plain JSON object; only own properties count. */
export interface Fields {
  [field: string]: unknown;
}

/** Says whether a value is a JSON object (not null, not a list). */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A deep copy of plain JSON data; lists and objects are new, scalars are shared. */
export function cloneJson<T>(value: T): T {
  // The copy has the shape of its original by construction, which the type system cannot see.
  return copy(value) as T;
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (!isFields(value)) return value;
  const result: Fields = {};
  for (const key of Object.keys(value)) setOwn(result, key, copy(value[key]));
  return result;
}

/** Sets an own property even where the name is `__proto__`. */
export function setOwn(target: Fields, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    target[key] = value;
  }
}

/** The own property of that name, or undefined. */
export function getOwn(source: unknown, key: string): unknown {
  return isFields(source) && Object.hasOwn(source, key) ? source[key] : undefined;
}

/** A draft of a stored object. */
export function draftOf(object: ApiObject): Draft {
  // A deep copy shares no state with its original, so giving up `readonly` is safe.
  return copy(object) as Draft;
}

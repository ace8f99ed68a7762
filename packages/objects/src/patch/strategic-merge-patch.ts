import { mergeLists, orderLists } from "./merge-lists.ts";
import { outcomeOf, PatchStop, type PatchOutcome } from "./outcome.ts";
import { isPlain, own, put, shallow, type Plain } from "./plain.ts";

/** What a schema says of one field to a strategic merge patch. Made lazily, since schemas refer to themselves. */
export interface PatchField {
  /** `merge`, `replace`, `retainKeys`; none means replace for lists and merge for objects. */
  readonly strategies: readonly string[];
  /** The member that tells a list's elements apart; absent for lists of scalars. */
  readonly mergeKey?: string;
  /** What is below: the field's own object, or the objects in its list. */
  readonly below: PatchSchema;
}

/** The fields of an object; undefined for a field the schema does not know, which is merged like any map. */
export interface PatchSchema {
  field(name: string): PatchField | undefined;
}

/** The schema that knows nothing: objects merge, lists replace. */
export const noPatchSchema: PatchSchema = { field: () => undefined };

const directiveKey = "$patch";
const retainKeysKey = "$retainKeys";
const orderPrefix = "$setElementOrder/";
const deletePrefix = "$deleteFromPrimitiveList/";

/**
 * Applies a strategic merge patch: lists with a merge key are merged element by element, `$patch`, `$retainKeys`,
 * `$setElementOrder/…` and `$deleteFromPrimitiveList/…` are obeyed. Neither argument is changed.
 */
export function applyStrategicMergePatch(document: unknown, patch: unknown, schema: PatchSchema): PatchOutcome {
  return outcomeOf(() => {
    if (!isPlain(patch)) throw new PatchStop("malformed", "a strategic merge patch must be an object");
    return mergeObjects(isPlain(document) ? document : {}, patch, schema);
  });
}

function mergeObjects(original: Plain, patch: Plain, schema: PatchSchema): Plain {
  const directive = own(patch, directiveKey);
  if (directive !== undefined) {
    if (directive === "replace") return without(patch, directiveKey);
    if (directive === "delete") return {};
    if (directive !== "merge") throw new PatchStop("malformed", `unknown patch type: ${String(directive)}`);
  }
  const result = shallow(original);
  retainKeys(result, patch);
  const ordered = applyOrders(result, patch, schema);
  for (const key of Object.keys(patch)) {
    if (key === directiveKey || key === retainKeysKey || key.startsWith(orderPrefix) || ordered.has(key)) continue;
    if (key.startsWith(deletePrefix)) deleteScalars(result, key.slice(deletePrefix.length), patch[key]);
    else mergeField(result, key, patch[key], schema.field(key));
  }
  return result;
}

function mergeField(result: Plain, key: string, value: unknown, field: PatchField | undefined): void {
  if (value === null) {
    delete result[key];
    return;
  }
  const current = own(result, key);
  const replaces = field?.strategies.includes("replace") === true;
  if (isPlain(current) && isPlain(value) && !replaces) {
    if (own(value, directiveKey) === "delete") delete result[key];
    else put(result, key, mergeObjects(current, value, field?.below ?? noPatchSchema));
  } else if (Array.isArray(current) && Array.isArray(value) && field?.strategies.includes("merge") === true) {
    put(result, key, mergeLists(current, value, field.mergeKey, elementMerge(field)));
  } else {
    const clean = withoutDirectives(value);
    if (clean === undefined) delete result[key];
    else put(result, key, clean);
  }
}

function elementMerge(field: PatchField): (original: Plain, patch: Plain) => Plain {
  return (original, patch) => mergeObjects(original, patch, field.below);
}

function without(source: Plain, key: string): Plain {
  const result = shallow(source);
  delete result[key];
  return result;
}

/** A value that is taken as it stands: nulls say "absent" and directives say nothing; undefined when it deletes itself. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives).filter((item) => item !== undefined);
  if (!isPlain(value)) return value;
  if (Object.hasOwn(value, directiveKey)) {
    return value[directiveKey] === "replace" ? withoutDirectives(without(value, directiveKey)) : undefined;
  }
  const result: Plain = {};
  for (const key of Object.keys(value)) {
    if (key === retainKeysKey || key.startsWith(orderPrefix) || key.startsWith(deletePrefix)) continue;
    const clean = value[key] === null ? undefined : withoutDirectives(value[key]);
    if (clean !== undefined) put(result, key, clean);
  }
  return result;
}

function retainKeys(result: Plain, patch: Plain): void {
  const keys = own(patch, retainKeysKey);
  if (keys === undefined) return;
  if (!Array.isArray(keys)) throw new PatchStop("malformed", "invalid patch format of retainKeys");
  const retained = new Set<unknown>(keys);
  for (const key of Object.keys(patch)) {
    if (key.startsWith("$") || patch[key] === null) continue;
    if (!retained.has(key)) throw new PatchStop("malformed", "invalid patch format of retainKeys");
  }
  for (const key of Object.keys(result)) if (!retained.has(key)) delete result[key];
}

function deleteScalars(result: Plain, key: string, doomed: unknown): void {
  if (!Array.isArray(doomed)) throw new PatchStop("malformed", "invalid patch format of primitive list");
  const current = own(result, key);
  if (!Array.isArray(current)) return;
  const gone = new Set<unknown>(doomed);
  put(
    result,
    key,
    current.filter((item) => !gone.has(item)),
  );
}

/** Handles each `$setElementOrder/<list>` together with its list; returns the lists that are done. */
function applyOrders(result: Plain, patch: Plain, schema: PatchSchema): ReadonlySet<string> {
  const done = new Set<string>();
  for (const directive of Object.keys(patch)) {
    if (!directive.startsWith(orderPrefix)) continue;
    const key = directive.slice(orderPrefix.length);
    const order = patch[directive];
    if (!Array.isArray(order)) throw new PatchStop("malformed", "invalid patch format of setElementOrder list");
    const field = schema.field(key);
    const removed = own(patch, deletePrefix + key);
    if (removed !== undefined) deleteScalars(result, key, removed);
    const before = own(result, key);
    const change = own(patch, key);
    if (Array.isArray(change)) mergeField(result, key, change, field);
    const merged = own(result, key);
    if (Array.isArray(merged)) {
      put(result, key, orderLists(merged, order, Array.isArray(before) ? before : [], field?.mergeKey));
      done.add(key);
    }
  }
  return done;
}

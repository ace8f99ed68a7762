/** JSON patches over any value. Nothing is changed in place: what an operation touches is made anew. */
import { machineInteger, readNumber } from "../runtime/number.ts";
import { objectEntries, objectOf } from "../runtime/object.ts";
import { equal, isArray, isNumber, isObject, isSet, objectGet, typeName } from "../runtime/order.ts";
import { RegoSet } from "../runtime/set.ts";
import type { Value } from "../runtime/value.ts";
import { valueToText } from "../runtime/value-text.ts";
import type { BuiltinContext } from "./builtin.ts";
import { fail } from "./failure.ts";
import { parsePath } from "./json-path.ts";
import { arrayOperand } from "./operand.ts";

/** A document that may have been removed as a whole. */
type Document = Value | undefined;

/** What the operations of one call share. */
interface Patching {
  readonly context: BuiltinContext;
  /** What objects were before the operations changed them: OPA's messages show that. */
  readonly origins: WeakMap<object, Value>;
}

/** The builtin: the document after all operations, or none where one fails. */
export function patch(context: BuiltinContext, document: Value, operations: Value): Value | undefined {
  const patching: Patching = { context, origins: new WeakMap() };
  let current: Document = document;
  for (const operation of arrayOperand(operations, 2)) {
    if (!isObject(operation)) {
      fail("must be an array of JSON-Patch objects, but at least one element is not an object");
    }
    context.charge(1);
    current = apply(patching, current, operation);
  }
  return current;
}

function attribute(operation: Value, name: string): Value {
  const value = isObject(operation) ? objectGet(operation, name) : undefined;
  return value ?? (value === null ? null : fail(`missing required attribute '${name}'`));
}

function apply(patching: Patching, document: Document, operation: Value): Document {
  const pathValue = attribute(operation, "path");
  const op = attribute(operation, "op");
  if (typeof op !== "string") fail(`attribute 'op' must be a string but found: ${typeName(op)}`);
  const path = parsePath(pathValue);
  switch (op) {
    case "add":
      return insert(patching, document, path, attribute(operation, "value"));
    case "remove":
      return remove(patching, document, path);
    case "replace": {
      const rest = remove(patching, document, path);
      return insert(patching, rest, path, attribute(operation, "value"));
    }
    case "move": {
      const from = parsePath(attribute(operation, "from"));
      const moved = find(patching, document, from);
      return insert(patching, remove(patching, document, from), path, moved);
    }
    case "copy":
      return insert(patching, document, path, find(patching, document, parsePath(attribute(operation, "from"))));
    case "test":
      return test(patching, document, path, operation);
    default:
      return fail(`unrecognized op: '${op}'`);
  }
}

function test(patching: Patching, document: Document, path: readonly Value[], operation: Value): Document {
  const found = find(patching, document, path);
  const value = attribute(operation, "value");
  if (equal(found, value)) return document;
  const [expected, actual] = [valueToText(value), valueToText(found)];
  return fail(`value from EditTree != patch value.\n\nExpected: ${expected}\n\nFound: ${actual}`);
}

/** The value at a path. */
function find(patching: Patching, document: Document, path: readonly Value[]): Value {
  const root = document === undefined ? fail(REMOVED) : document;
  return path.reduce<Value>((value, key) => step(patching, value, key), root);
}

const REMOVED = "nil value encountered where composite value was expected";

function step({ origins }: Patching, value: Value, key: Value): Value {
  if (isObject(value)) {
    return orFail(objectGet(value, key), () => {
      const shown = valueToText(origins.get(value) ?? value);
      return `path ${valueToText(key)} does not exist in object term ${shown}`;
    });
  }
  if (isSet(value)) {
    const name = typeof key === "string" ? key : valueToText(key);
    return orFail(value.get(key), () => `path ${name} does not exist in set term ${valueToText(value)}`);
  }
  if (isArray(value)) {
    const index = indexOf(value.length, key);
    return orFail(value[index], () => `path ${index} does not exist in array term ${valueToText(value)}`);
  }
  return notComposite(value, key);
}

function orFail(value: Value | undefined, message: () => string): Value {
  return value === undefined ? fail(message()) : value;
}

const GO_TYPES: Readonly<Record<string, string>> = {
  null: "ast.Null",
  boolean: "ast.Boolean",
  number: "ast.Number",
  string: "ast.String",
};

function notComposite(value: Value, key?: Value): never {
  const at = key === undefined ? "" : ` for path ${valueToText(key)}`;
  const type = GO_TYPES[typeName(value)] ?? "";
  return fail(`expected composite type${at}, found value: ${valueToText(value)} (type: ${type})`);
}

/** A position in an array of this length; `-` is the one after its end. */
function indexOf(length: number, key: Value): number {
  if (key === "-") return length;
  if (typeof key === "string") {
    const index = machineIndex(key) ?? fail("invalid string for indexing");
    if (key !== "0" && key.startsWith("0")) fail("leading zeros are not allowed in JSON paths");
    return index;
  }
  if (!isNumber(key)) fail("invalid type for indexing");
  const integer = machineInteger(key) ?? fail("invalid number type for indexing");
  return Number(integer);
}

function machineIndex(text: string): number | undefined {
  const number = readNumber(text);
  const integer = number === undefined ? undefined : machineInteger(number);
  return integer === undefined ? undefined : Number(integer);
}

/** Puts a value in the place of the one at a path's parent. */
function insert(patching: Patching, document: Document, path: readonly Value[], value: Value): Value {
  const last = path.at(-1);
  if (last === undefined) return value;
  if (document === undefined && path.length === 1) fail("deleted node encountered during insert operation");
  return change(patching, document, path.slice(0, -1), (parent) => insertInto(patching, parent, last, value));
}

function insertInto(patching: Patching, parent: Value, key: Value, value: Value): Value {
  if (isObject(parent)) return changed(patching, parent, objectOf([...objectEntries(parent), [key, value]]));
  if (isSet(parent)) {
    if (equal(key, value)) return new RegoSet(parent.items()).add(value);
    return fail(`set key ${valueToText(key)} does not equal value to be inserted ${valueToText(value)}`);
  }
  if (!isArray(parent)) return notComposite(parent);
  const index = indexOf(parent.length, key);
  if (index < 0 || index > parent.length) fail("index for array insertion out of bounds");
  return parent.toSpliced(index, 0, value);
}

function remove(patching: Patching, document: Document, path: readonly Value[]): Document {
  const last = path.at(-1);
  if (last !== undefined)
    return change(patching, document, path.slice(0, -1), (parent) => removeFrom(patching, parent, last));
  return document === undefined ? fail("deleted node encountered during delete operation") : undefined;
}

function removeFrom(patching: Patching, parent: Value, key: Value): Value {
  if (isObject(parent)) {
    if (objectGet(parent, key) === undefined) missing(key);
    const rest = objectEntries(parent).filter(([other]) => !equal(other, key));
    return changed(patching, parent, objectOf(rest));
  }
  if (isSet(parent)) {
    if (!parent.has(key)) missing(key);
    return new RegoSet(parent.values().filter((item) => !equal(item, key)));
  }
  if (!isArray(parent)) return notComposite(parent);
  const index = indexOf(parent.length, key);
  if (index < 0 || index >= parent.length) fail("index for array delete out of bounds");
  return parent.toSpliced(index, 1);
}

/** An object made of another by an operation. */
function changed<T extends object & Value>({ origins }: Patching, from: T, to: T): T {
  origins.set(to, origins.get(from) ?? from);
  return to;
}

function missing(key: Value): never {
  fail(`cannot delete child key ${valueToText(key)} that does not exist`);
}

/** The document with what is at a path changed; in a set the changed member takes the place of the old. */
function change(patching: Patching, document: Document, path: readonly Value[], edit: (value: Value) => Value): Value {
  if (document === undefined) return fail(REMOVED);
  const [key, ...rest] = path;
  if (key === undefined) return edit(document);
  const child = step(patching, document, key);
  const edited = change(patching, child, rest, edit);
  if (isArray(document)) {
    patching.context.charge(document.length >> 3);
    return document.with(indexOf(document.length, key), edited);
  }
  if (isSet(document)) return new RegoSet([...document.values().filter((item) => !equal(item, child)), edited]);
  return isObject(document)
    ? changed(patching, document, objectOf([...objectEntries(document), [key, edited]]))
    : edited;
}

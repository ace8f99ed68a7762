import { isValidJSON, readJSON } from "../runtime/json-reader.ts";
import { writeIndentedJSON, writeJSON } from "../runtime/json-writer.ts";
import { objectEntries, objectOf, RegoObject } from "../runtime/object.ts";
import { isArray, isObject, isSet, objectGet, objectKeys, typeName } from "../runtime/order.ts";
import { RegoSet } from "../runtime/set.ts";
import { quote } from "../runtime/text.ts";
import type { PlainObject, Value } from "../runtime/value.ts";
import type { BuiltinContext, BuiltinFunction } from "./builtin.ts";
import { fail, failOperand } from "./failure.ts";
import type { Family } from "./family.ts";
import { patch } from "./json-patch.ts";
import { pathsOperand } from "./json-path.ts";
import { objectOperand, stringOperand } from "./operand.ts";

/** json.*, but for the schemas. */
export const json: Family = new Map<string, BuiltinFunction>([
  ["json.marshal", (_context, value: Value) => writeJSON(value)],
  ["json.marshal_with_options", marshalWithOptions],
  ["json.unmarshal", unmarshal],
  ["json.is_valid", (_context, text: Value) => typeof text === "string" && isValidJSON(text)],
  ["json.filter", filter],
  ["json.remove", remove],
  ["json.patch", patch],
]);

function unmarshal(_context: BuiltinContext, text: Value): Value {
  const result = readJSON(stringOperand(text, 1));
  return "value" in result ? result.value : fail(result.error);
}

function marshalWithOptions(_context: BuiltinContext, value: Value, given: Value): Value {
  const options = objectOperand(given, 2);
  let [prefix, indent] = ["", "\t"];
  let pretty: boolean | undefined;
  let implied = false;
  for (const [index, key] of objectKeys(options).entries()) {
    const option = objectGet(options, key) ?? null;
    if (typeof key !== "string") {
      const reason = `operand ${index} must be string but got ${typeName(key)}`;
      failOperand(2, `failed to stringify key ${writeJSON(key)} at index ${index}: ${reason}`);
    }
    if (key === "pretty") {
      if (typeof option !== "boolean") failOperand(2, 'key "pretty" failed cast to bool');
      pretty = option;
    } else if (key === "prefix" || key === "indent") {
      if (typeof option !== "string") {
        failOperand(
          2,
          `key "${key}" failed cast to string: operand ${index} must be string but got ${typeName(option)}`,
        );
      }
      if (key === "prefix") prefix = option;
      else indent = option;
      implied = true;
    } else {
      failOperand(2, `object contained unknown key ${quote(key)}`);
    }
  }
  return (pretty ?? implied) ? prefix + writeIndentedJSON(value, prefix, indent) : writeJSON(value);
}

/** Paths as a tree: an object per inner segment, null where a path ends. */
function treeOf(paths: readonly (readonly Value[])[]): RegoObject {
  const root = new RegoObject();
  for (const path of paths) {
    let node = root;
    let ended = false;
    for (const key of path.slice(0, -1)) {
      const child = node.get(key);
      if (child === null) {
        ended = true;
        break;
      }
      if (child instanceof RegoObject) {
        node = child;
        continue;
      }
      const next = new RegoObject();
      node.set(key, next);
      node = next;
    }
    const last = path.at(-1);
    if (!ended && last !== undefined) node.set(last, null);
  }
  return root;
}

function filter(_context: BuiltinContext, value: Value, paths: Value): Value {
  return filterBy(objectOperand(value, 1), treeOf(pathsOperand(paths)));
}

/** What of a value the tree of paths names. */
function filterBy(value: Value, tree: Value): Value {
  if (tree === null || !isObject(tree)) return value;
  if (isArray(value)) return value.flatMap((item, index) => kept(item, objectGet(tree, String(index))));
  if (isSet(value)) return new RegoSet(value.values().flatMap((item) => kept(item, objectGet(tree, item))));
  if (!isObject(value)) return value;
  const entries: (readonly [Value, Value])[] = [];
  for (const [key, item] of objectEntries(value)) {
    const below = objectGet(tree, key);
    if (below !== undefined) entries.push([key, filterBy(item, below)]);
  }
  return objectOf(entries);
}

function kept(item: Value, tree: Value | undefined): Value[] {
  return tree === undefined ? [] : [filterBy(item, tree)];
}

function remove(_context: BuiltinContext, value: Value, paths: Value): Value | undefined {
  return without(objectOperand(value, 1), treeOf(pathsOperand(paths)));
}

/** What is left of a value when all that the tree of paths names is gone; undefined where that is the value itself. */
function without(value: Value, tree: Value | undefined): Value | undefined {
  if (tree === null) return undefined;
  if (tree === undefined || !isObject(tree)) return value;
  if (isArray(value)) return value.flatMap((item, index) => left(item, objectGet(tree, String(index))));
  if (isSet(value)) return new RegoSet(value.values().flatMap((item) => left(item, objectGet(tree, item))));
  return isObject(value) ? withoutEntries(value, tree) : value;
}

function withoutEntries(object: RegoObject | PlainObject, tree: RegoObject | PlainObject): Value {
  const entries: (readonly [Value, Value])[] = [];
  for (const [key, item] of objectEntries(object)) {
    const rest = without(item, objectGet(tree, key));
    if (rest !== undefined) entries.push([key, rest]);
  }
  return objectOf(entries);
}

function left(item: Value, tree: Value | undefined): Value[] {
  const rest = without(item, tree);
  return rest === undefined ? [] : [rest];
}

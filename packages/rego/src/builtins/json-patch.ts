/** JSON patches over any value. Nothing is changed in place: what an operation touches is made anew. */
import { equal, isObject, objectGet, typeName } from "../runtime/order.ts";
import type { Value } from "../runtime/value.ts";
import { valueToText } from "../runtime/value-text.ts";
import type { BuiltinContext } from "./builtin.ts";
import { EditTree } from "./edit-tree.ts";
import { fail } from "./failure.ts";
import { parsePath } from "./json-path.ts";
import { arrayOperand } from "./operand.ts";

/** The builtin: the document after all operations, or none where one fails. */
export function patch(context: BuiltinContext, document: Value, operations: Value): Value | undefined {
  const tree = new EditTree(document, (steps) => context.charge(steps));
  for (const operation of arrayOperand(operations, 2)) {
    if (!isObject(operation)) {
      fail("must be an array of JSON-Patch objects, but at least one element is not an object");
    }
    context.charge(1);
    apply(tree, operation);
  }
  return tree.render();
}

function attribute(operation: Value, name: string): Value {
  const value = isObject(operation) ? objectGet(operation, name) : undefined;
  return value ?? (value === null ? null : fail(`missing required attribute '${name}'`));
}

function apply(tree: EditTree, operation: Value): void {
  const pathValue = attribute(operation, "path");
  const op = attribute(operation, "op");
  if (typeof op !== "string") fail(`attribute 'op' must be a string but found: ${typeName(op)}`);
  const path = parsePath(pathValue);
  switch (op) {
    case "add":
      tree.insertAt(path, attribute(operation, "value"));
      return;
    case "remove":
      tree.deleteAt(path);
      return;
    case "replace":
      tree.deleteAt(path);
      tree.insertAt(path, attribute(operation, "value"));
      return;
    case "move": {
      const from = parsePath(attribute(operation, "from"));
      const moved = tree.at(from);
      tree.deleteAt(from);
      tree.insertAt(path, moved);
      return;
    }
    case "copy":
      tree.insertAt(path, tree.at(parsePath(attribute(operation, "from"))));
      return;
    case "test": {
      const found = tree.at(path);
      const value = attribute(operation, "value");
      if (found !== undefined && equal(found, value)) return;
      const actual = found === undefined ? "<nil>" : valueToText(found);
      fail(`value from EditTree != patch value.\n\nExpected: ${valueToText(value)}\n\nFound: ${actual}`);
      return;
    }
    default:
      fail(`unrecognized op: '${op}'`);
  }
}

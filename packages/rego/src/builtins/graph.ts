import { lookup } from "../runtime/lookup.ts";
import { type RegoObject, objectEntries } from "../runtime/object.ts";
import { isArray, isObject, isSet, objectGet } from "../runtime/order.ts";
import { RegoSet } from "../runtime/set.ts";
import type { PlainObject, Value } from "../runtime/value.ts";
import type { BuiltinContext, BuiltinFunction } from "./builtin.ts";
import type { Family } from "./family.ts";
import { failType, objectOperand } from "./operand.ts";

/** graph.*, and `walk`, which goes through any value as a tree. */
export const graph: Family = new Map<string, BuiltinFunction>([
  ["graph.reachable", reachable],
  ["graph.reachable_paths", reachablePaths],
  ["walk", (context, value: Value) => walk(context, value)],
]);

/**
 * Every `[path, value]` below a value and itself. Where the beginning of the path is known only what is there is walked;
 * an undefined key in it is one that any key fits.
 */
export function walk(
  context: BuiltinContext,
  value: Value,
  known: readonly (Value | undefined)[] = [],
): readonly (readonly [path: readonly Value[], value: Value])[] {
  const found: (readonly [readonly Value[], Value])[] = [];
  const visit = (path: readonly Value[], current: Value): void => {
    context.charge(1 + (path.length >> 3));
    if (path.length >= known.length) found.push([path, current]);
    const key = path.length < known.length ? known[path.length] : undefined;
    if (key !== undefined) {
      const next = lookup(current, key);
      if (next !== undefined) visit([...path, key], next);
      return;
    }
    for (const [inner, next] of children(current)) visit([...path, inner], next);
  };
  visit([], value);
  return found;
}

function children(value: Value): Iterable<readonly [Value, Value]> {
  if (isArray(value)) return value.entries();
  if (isSet(value)) return value.values().map((item): [Value, Value] => [item, item]);
  return isObject(value) ? objectEntries(value) : [];
}

function vertices(value: Value | undefined): readonly Value[] {
  if (value === undefined) return [];
  if (isArray(value)) return value;
  return isSet(value) ? value.values() : [];
}

function startsOperand(value: Value): readonly Value[] {
  return isArray(value) || isSet(value) ? vertices(value) : failType(2, value, "{array, set}");
}

function reachable(context: BuiltinContext, value: Value, starts: Value): Value {
  const edges = objectOperand(value, 1);
  const queue = [...startsOperand(starts)];
  const reached = new RegoSet();
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    context.charge(1);
    const neighbours = objectGet(edges, next);
    if (neighbours === undefined || reached.has(next)) continue;
    reached.add(next);
    for (const neighbour of vertices(neighbours)) if (!reached.has(neighbour)) queue.push(neighbour);
  }
  return reached;
}

function reachablePaths(context: BuiltinContext, value: Value, starts: Value): Value {
  const edges = objectOperand(value, 1);
  const paths = new RegoSet();
  for (const start of startsOperand(starts)) {
    const neighbours = objectGet(edges, start);
    if (neighbours === undefined) continue;
    const next = vertices(neighbours);
    if (next.length === 0) paths.add([start]);
    for (const neighbour of next) follow(context, edges, neighbour, [start], new RegoSet([start]), paths);
  }
  return paths;
}

/** Adds every path that goes on from here to one without an edge, outside the graph, or back on itself. */
function follow(
  context: BuiltinContext,
  edges: RegoObject | PlainObject,
  vertex: Value,
  path: readonly Value[],
  onPath: RegoSet,
  paths: RegoSet,
): void {
  context.charge(path.length);
  const neighbours = objectGet(edges, vertex);
  if (neighbours === undefined) {
    paths.add(path);
    return;
  }
  const longer = [...path, vertex];
  const next = vertices(neighbours);
  if (next.length === 0) paths.add(longer);
  const visited = new RegoSet(onPath.items()).add(vertex);
  for (const neighbour of next) {
    if (visited.has(neighbour)) paths.add(longer);
    else follow(context, edges, neighbour, longer, visited, paths);
  }
}

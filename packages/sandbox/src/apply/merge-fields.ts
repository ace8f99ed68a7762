import { getOwn, isFields, setOwn, type Fields } from "../storage/api-object.ts";
import type { FieldShape, FieldShaper } from "./field-shape.ts";
import type { FieldTree } from "./field-tree.ts";

/** Puts an applied configuration into what is there: its fields win, the others stay. Neither is changed. */
export function mergeFields(shaper: FieldShaper, live: unknown, applied: unknown): unknown {
  if (applied === undefined) return live;
  if (live === undefined) return applied;
  const shape = shaper(applied);
  if (shape.kind === "leaf" || shaper(live).kind !== shape.kind) return applied;
  return shape.kind === "object" ? mergeMembers(shape, live, applied) : mergeElements(shape, live, applied);
}

function mergeMembers(shape: FieldShape & { kind: "object" }, live: unknown, applied: unknown): unknown {
  if (!isFields(live) || !isFields(applied)) return applied;
  const result: Fields = { ...live };
  for (const [name, value] of Object.entries(applied)) {
    setOwn(result, name, mergeFields(shape.member(name), getOwn(live, name), value));
  }
  return result;
}

/** Elements keep the server's order where the configuration's allows it; else the configuration's holds. */
function mergeElements(shape: FieldShape & { kind: "list" }, live: unknown, applied: unknown): unknown {
  if (!Array.isArray(live) || !Array.isArray(applied)) return applied;
  const wanted = applied.map((item) => [shape.step(item), item] as const);
  const byStep = new Map<string, unknown>(wanted);
  const result: unknown[] = [];
  let next = 0;
  const place = (until: string): void => {
    while (next < wanted.length) {
      const [step, item] = wanted[next] ?? ["", undefined];
      next += 1;
      result.push(mergeFields(shape.element, find(shape, live, step), item));
      if (step === until) return;
    }
  };
  const placed = (step: string): boolean => wanted.slice(0, next).some(([known]) => known === step);
  for (const item of live) {
    const step = shape.step(item);
    if (!byStep.has(step)) result.push(item);
    else if (!placed(step)) place(step);
  }
  place("");
  return result;
}

function find(shape: FieldShape & { kind: "list" }, list: readonly unknown[], step: string): unknown {
  return list.find((item) => shape.step(item) === step);
}

/** Takes fields away; a container that thereby becomes empty goes too, unless somebody keeps it. */
export function removeFields(shaper: FieldShaper, value: unknown, doomed: FieldTree, kept: FieldTree): unknown {
  const shape = shaper(value);
  if (shape.kind === "leaf") return doomed.member && !kept.member ? undefined : value;
  if (doomed.children.size === 0) return value;
  const none: FieldTree = { member: false, children: new Map() };
  if (shape.kind === "list" && Array.isArray(value)) {
    const left = value.flatMap((item: unknown) => {
      const step = shape.step(item);
      const gone = doomed.children.get(step);
      const stays = kept.children.get(step);
      if (gone === undefined) return [item];
      // An element goes with all that is in it, unless somebody has a hand in it.
      if (gone.member && stays === undefined) return [];
      const rest = removeFields(shape.element, item, gone, stays ?? none);
      return rest === undefined ? [] : [rest];
    });
    return left.length === 0 && !kept.member ? undefined : left;
  }
  if (shape.kind !== "object" || !isFields(value)) return value;
  const result: Fields = {};
  for (const [name, member] of Object.entries(value)) {
    const gone = doomed.children.get(`f:${name}`);
    const stays = kept.children.get(`f:${name}`) ?? none;
    const rest = gone === undefined ? member : removeFields(shape.member(name), member, gone, stays);
    if (rest !== undefined) setOwn(result, name, rest);
  }
  return Object.keys(result).length === 0 && !kept.member ? undefined : result;
}

import { outcomeOf, PatchStop, type PatchOutcome } from "./outcome.ts";
import { equalJson, isPlain, own, put, shallow, type Plain } from "./plain.ts";

/** One operation of RFC 6902. */
export type JsonPatchOperation =
  | { readonly op: "add" | "replace" | "test"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string }
  | { readonly op: "move" | "copy"; readonly path: string; readonly from: string };

/**
 * Applies a JSON patch (RFC 6902). The document is not changed: what a patch touches is copied, the rest is shared.
 * `remove` of what is not there is an error, as it is for the API server.
 */
export function applyJsonPatch(document: unknown, patch: unknown): PatchOutcome {
  return outcomeOf(() => {
    let result = document;
    for (const operation of readOperations(patch)) result = applyOne(result, operation);
    return result;
  });
}

/** Reads a JSON patch, or says what is wrong with it. */
export function readJsonPatch(
  patch: unknown,
): { readonly ok: true; readonly operations: readonly JsonPatchOperation[] } | (PatchOutcome & { readonly ok: false }) {
  const outcome = outcomeOf(() => readOperations(patch));
  if (!outcome.ok) return outcome;
  return { ok: true, operations: readOperations(patch) };
}

function readOperations(patch: unknown): readonly JsonPatchOperation[] {
  if (!Array.isArray(patch)) throw new PatchStop("malformed", "a JSON patch must be a list of operations");
  return patch.map(readOperation);
}

function readOperation(item: unknown, index: number): JsonPatchOperation {
  if (!isPlain(item)) throw new PatchStop("malformed", `operation ${index} is not an object`);
  const op = own(item, "op");
  const path = pointerMember(item, "path", index);
  switch (op) {
    case "add":
    case "replace":
    case "test":
      if (!Object.hasOwn(item, "value")) {
        // As the API server reads it: an absent value is null.
        return { op, path, value: null };
      }
      return { op, path, value: item["value"] };
    case "remove":
      return { op, path };
    case "move":
    case "copy":
      return { op, path, from: pointerMember(item, "from", index) };
    default:
      throw new PatchStop("malformed", `operation ${index} has no known \`op\`: ${JSON.stringify(op) ?? "none"}`);
  }
}

function pointerMember(item: Plain, name: string, index: number): string {
  const value = own(item, name);
  if (typeof value !== "string") throw new PatchStop("malformed", `operation ${index} has no \`${name}\``);
  if (value !== "" && !value.startsWith("/")) {
    throw new PatchStop("malformed", `operation ${index}: \`${name}\` must begin with a slash: ${value}`);
  }
  return value;
}

/** The steps of a JSON pointer (RFC 6901). */
export function pointerSteps(pointer: string): readonly string[] {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Text as one step of a JSON pointer. */
export function pointerStep(text: string): string {
  return text.replaceAll("~", "~0").replaceAll("/", "~1");
}

function applyOne(document: unknown, operation: JsonPatchOperation): unknown {
  switch (operation.op) {
    case "add":
      return change(document, operation.path, (parent, step) => insert(parent, step, operation.value), operation.value);
    case "replace":
      return change(document, operation.path, (parent, step) => replace(parent, step, operation), operation.value);
    case "remove":
      return change(document, operation.path, (parent, step) => remove(parent, step, operation.path), null);
    case "test":
      if (!equalJson(find(document, operation.path, "test"), operation.value)) {
        throw new PatchStop("inapplicable", `testing value ${operation.path} failed`);
      }
      return document;
    case "copy":
      return applyOne(document, { op: "add", path: operation.path, value: find(document, operation.from, "copy") });
    case "move": {
      if (operation.path.startsWith(`${operation.from}/`)) {
        throw new PatchStop("inapplicable", `cannot move ${operation.from} into itself`);
      }
      const value = find(document, operation.from, "move");
      const without = applyOne(document, { op: "remove", path: operation.from });
      return applyOne(without, { op: "add", path: operation.path, value });
    }
  }
}

function find(document: unknown, pointer: string, op: string): unknown {
  let current = document;
  for (const step of pointerSteps(pointer)) {
    const next = child(current, step);
    if (next === undefined) throw missing(op, pointer);
    current = next;
  }
  return current;
}

function child(parent: unknown, step: string): unknown {
  if (Array.isArray(parent)) {
    const index = listIndex(step);
    return index === undefined ? undefined : parent[index];
  }
  return isPlain(parent) ? own(parent, step) : undefined;
}

function listIndex(step: string): number | undefined {
  return /^(0|[1-9][0-9]*)$/.test(step) ? Number(step) : undefined;
}

function missing(op: string, pointer: string): PatchStop {
  return new PatchStop("inapplicable", `${op} operation does not apply: doc is missing path: ${pointer}`);
}

/** Rebuilds the containers along a path, and lets `edit` make the innermost one anew. */
function change(
  document: unknown,
  pointer: string,
  edit: (parent: unknown, step: string) => unknown,
  whole: unknown,
): unknown {
  const steps = pointerSteps(pointer);
  const last = steps.at(-1);
  if (last === undefined) return whole;
  const descend = (node: unknown, depth: number): unknown => {
    if (depth === steps.length - 1) return edit(node, last);
    const step = steps[depth] ?? "";
    const below = child(node, step);
    if (below === undefined) throw missing("patch", pointer);
    const changed = descend(below, depth + 1);
    if (Array.isArray(node)) return node.with(listIndex(step) ?? 0, changed);
    const copy = shallow(isPlain(node) ? node : {});
    put(copy, step, changed);
    return copy;
  };
  return descend(document, 0);
}

function insert(parent: unknown, step: string, value: unknown): unknown {
  if (Array.isArray(parent)) {
    const index = step === "-" ? parent.length : listIndex(step);
    if (index === undefined || index > parent.length) throw missing("add", step);
    return parent.toSpliced(index, 0, value);
  }
  if (!isPlain(parent)) throw missing("add", step);
  const copy = shallow(parent);
  put(copy, step, value);
  return copy;
}

function replace(
  parent: unknown,
  step: string,
  operation: { readonly path: string; readonly value: unknown },
): unknown {
  if (child(parent, step) === undefined) throw missing("replace", operation.path);
  if (Array.isArray(parent)) return parent.with(listIndex(step) ?? 0, operation.value);
  return insert(parent, step, operation.value);
}

function remove(parent: unknown, step: string, pointer: string): unknown {
  if (child(parent, step) === undefined) throw missing("remove", pointer);
  if (Array.isArray(parent)) return parent.toSpliced(listIndex(step) ?? 0, 1);
  const copy = shallow(isPlain(parent) ? parent : {});
  delete copy[step];
  return copy;
}

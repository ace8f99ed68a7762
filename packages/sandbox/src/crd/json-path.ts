import { getOwn } from "../storage/api-object.ts";

/** One step of a path of a printer column. */
type Step =
  | { readonly kind: "child"; readonly name: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "all" }
  | { readonly kind: "where"; readonly path: readonly Step[]; readonly equal: boolean; readonly value: string };

/** A path that was read, or why it could not be. */
export type JsonPathReading =
  | { readonly ok: true; readonly find: (object: unknown) => readonly unknown[] }
  | { readonly ok: false; readonly message: string };

// Members, quoted members, indexes, wildcards and filters by equality: what printer columns are made of.
const stepPattern =
  /\.([A-Za-z0-9_$-]+(?:\\\.[A-Za-z0-9_$-]+)*)|\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(-?[0-9]+)|(\*)|\?\(@((?:[^=!\s])+)\s*(==|!=)\s*(?:"([^"]*)"|'([^']*)'|([^)]*))\))\]|\.(\*)/y;

/** Reads a simple JSONPath (`.spec.conditions[?(@.type=="Ready")].status`). */
export function readJsonPath(text: string): JsonPathReading {
  const steps = readSteps(text);
  if (steps === undefined) return { ok: false, message: `is not a simple JSON path: ${text}` };
  return { ok: true, find: (object) => follow([object], steps) };
}

function readSteps(text: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  stepPattern.lastIndex = 0;
  for (let at = 0; at < text.length; at = stepPattern.lastIndex) {
    stepPattern.lastIndex = at;
    const match = stepPattern.exec(text);
    if (match === null) return undefined;
    // The filter's own path is read by the same expression, which keeps its place in between.
    const end = stepPattern.lastIndex;
    const step = readStep(match);
    if (step === undefined) return undefined;
    steps.push(step);
    stepPattern.lastIndex = end;
  }
  return steps;
}

function readStep(match: RegExpExecArray): Step | undefined {
  const [, name, single, double, index, all, filter, operator, ...rest] = match;
  const [quotedTwice, quotedOnce, bare, dotAll] = rest;
  const member = name?.replaceAll("\\.", ".") ?? (single ?? double)?.replaceAll(/\\(.)/g, "$1");
  if (member !== undefined) return { kind: "child", name: member };
  if (index !== undefined) return { kind: "index", index: Number(index) };
  if (all !== undefined || dotAll !== undefined) return { kind: "all" };
  const path = filter === undefined ? undefined : readSteps(filter);
  if (path === undefined) return undefined;
  return { kind: "where", path, equal: operator === "==", value: quotedTwice ?? quotedOnce ?? bare?.trim() ?? "" };
}

function follow(nodes: readonly unknown[], steps: readonly Step[]): readonly unknown[] {
  return steps.reduce<readonly unknown[]>((found, step) => found.flatMap((node) => take(node, step)), nodes);
}

function take(node: unknown, step: Step): readonly unknown[] {
  switch (step.kind) {
    case "child": {
      const value = getOwn(node, step.name);
      return value === undefined ? [] : [value];
    }
    case "index": {
      const value: unknown = Array.isArray(node) ? node.at(step.index) : undefined;
      return value === undefined ? [] : [value];
    }
    case "all":
      return childrenOf(node);
    case "where":
      return childrenOf(node).filter((child) => {
        const [value] = follow([child], step.path);
        return value !== undefined && (String(value) === step.value) === step.equal;
      });
  }
}

function childrenOf(node: unknown): readonly unknown[] {
  if (Array.isArray(node)) return node;
  return typeof node === "object" && node !== null ? Object.values(node) : [];
}

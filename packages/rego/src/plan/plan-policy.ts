import type { CheckedQuery, Program } from "../check/program.ts";
import { allNodes, documentsOf, type DocumentNode, type InteriorNode, segmentTerm } from "./documents.ts";
import { compareTerms } from "../syntax/compare.ts";
import { planBody } from "./body.ts";
import { evaluate } from "./evaluate.ts";
import { planEntry } from "./entry.ts";
import { planGroup, planResultGroup, planSelection } from "./group.ts";
import { Hoisting } from "./hoist.ts";
import { inlined } from "./inline.ts";
import { withJoins } from "./join.ts";
import { mayEnd } from "./may-end.ts";
import { promoted } from "./promote.ts";
import { pruned } from "./prune.ts";
import { specialised } from "./specialise.ts";
import {
  type Alternative,
  always,
  type Group,
  type Insertion,
  type Interior,
  type Operand,
  type Plan,
  type Selection,
} from "./plan.ts";
import { World, type BuiltinShape } from "./world.ts";

/** How to plan. */
export interface PlanOptions {
  /** Whether bodies run in the order that was checked, and nothing is moved to the front: for traces. */
  readonly inOrder?: boolean;
}

/** Program → Plan: every document and every query as goals in order. */
export function plan(
  program: Program,
  queries: ReadonlyMap<string, CheckedQuery>,
  builtin: (name: string) => BuiltinShape | undefined,
  { inOrder = false }: PlanOptions = {},
): Plan {
  const root = documentsOf(program.tree);
  const world = new World(root, { evaluate, plan: planBody }, builtin);
  const nodes = allNodes(root);
  const bare = nodes.flatMap((node) => (node.kind === "interior" ? [] : [planGroup(world, node)]));
  const entries = [...queries].map(([name, query]) => planEntry(world, name, query));
  const groups = [...withSelections(world, nodes, bare), ...resultGroups(world, nodes)];
  // What `with` replaces is known only now that every body has been planned.
  const { masks, mocks } = world;
  const hoisting = new Hoisting();
  const finished = groups.map((group): Group =>
    withMock({ ...improved(group, hoisting, inOrder), masks: masksOf(masks, group.path) }, world),
  );
  const callers = {
    groups: [...finished, ...hoisting.groups],
    entries: entries.map((entry) => ({
      ...entry,
      goals: pruned(
        entry.goals,
        entry.variables.map(([, value]) => value),
      ),
    })),
  };
  return {
    ...(inOrder ? callers : specialised(callers, mocks)),
    interiors: nodes.flatMap((node) => (node.kind === "interior" ? [interiorOf(node, masks)] : [])),
    masks,
    mocks,
  };
}

/** The functions that are asked for a result that is known. Their bodies may ask others so. */
function resultGroups(world: World, nodes: readonly DocumentNode[]): readonly Group[] {
  const made = new Map<string, Group>();
  for (let before = -1; before < made.size;) {
    before = made.size;
    for (const node of nodes) {
      if (node.kind !== "function" || made.has(node.id) || !world.isResultAsked(node.id)) continue;
      made.set(node.id, planResultGroup(world, node));
    }
  }
  return [...made.values()];
}

/**
 * Groups with their bodies by what is asked for. A selection may ask for keys of further groups, so this goes on until
 * nothing new is asked for.
 */
function withSelections(world: World, nodes: readonly DocumentNode[], bare: readonly Group[]): readonly Group[] {
  const byId = new Map(nodes.flatMap((node) => (node.kind === "interior" ? [] : [[node.id, node] as const])));
  const made = new Map<string, Map<number, Selection<Alternative | Insertion>>>();
  for (let isNew = true; isNew;) {
    isNew = false;
    for (const group of bare) {
      const node = byId.get(group.id);
      if (node === undefined || !("selections" in group)) continue;
      const own = made.get(group.id) ?? new Map<number, Selection<Alternative | Insertion>>();
      made.set(group.id, own);
      for (const keys of world.askedOf(group.id)) {
        if (own.has(keys)) continue;
        own.set(keys, planSelection(world, node, keys));
        isNew = true;
      }
    }
  }
  return bare.map((group): Group => {
    if (!("selections" in group)) return group;
    const own = [...(made.get(group.id)?.values() ?? [])].filter(({ isLess }) => isLess || needsSelections(group));
    const of = <T>(isOne: (body: Alternative | Insertion) => body is T & (Alternative | Insertion)): Selection<T>[] =>
      own.map((selection) => ({ ...selection, bodies: selection.bodies.filter(isOne) }));
    if (group.kind === "set") return { ...group, selections: of<Alternative>((body) => "isWritten" in body) };
    return { ...group, selections: of<Insertion>((body) => "leaf" in body) };
  });
}

/** Whether working out a whole document may end the evaluation, where working out a part of it need not. */
function needsSelections(group: Group & { readonly kind: "set" | "object" }): boolean {
  return group.kind === "object" || group.bodies.some((body) => body.goals.some(mayEnd));
}

/** A group with its bodies made better: no keys that nobody uses, joins where there were scans, comprehensions shared. */
function improved(group: Group, hoisting: Hoisting, inOrder: boolean): Group {
  const params = group.kind === "function" ? group.params.length : 0;
  const better = <T extends Alternative | Insertion>(body: T, results: readonly Operand[]): T => {
    const needed = pruned(body.goals, results);
    // Where somebody watches, every rule is gone through.
    const admission = inOrder ? always : body.admission;
    const ordered = inOrder ? needed : promoted(inlined(needed, results), params, admission);
    const goals = withJoins(hoisting.goals(ordered, group.path, group.kind === "function"));
    return { ...body, admission, goals };
  };
  switch (group.kind) {
    case "complete":
    case "function": {
      const chains = group.chains.map((chain) => chain.map((body) => better(body, [body.value])));
      return { ...group, chains };
    }
    case "set": {
      const element = (body: Alternative): Alternative => better(body, [body.value]);
      return { ...group, bodies: group.bodies.map(element), selections: selected(group, element) };
    }
    case "object": {
      const insertion = (body: Insertion): Insertion => better(body, [...body.keys, body.value]);
      return { ...group, bodies: group.bodies.map(insertion), selections: selected(group, insertion) };
    }
  }
}

function selected<T>(
  { selections }: { readonly selections: readonly Selection<T>[] },
  better: (body: T) => T,
): readonly Selection<T>[] {
  return selections.map((selection) => ({ ...selection, bodies: selection.bodies.map(better) }));
}

function withMock(group: Group, world: World): Group {
  if (group.kind !== "function") return group;
  const mock = world.mocks.findIndex((callee) => callee.kind === "function" && callee.group === group.id);
  return mock === -1 ? group : { ...group, mock };
}

/** The numbers of the masks that hide a path: those that replace it, or what it is part of. */
function masksOf(masks: readonly (readonly string[])[], path: readonly string[]): readonly number[] {
  return masks.flatMap((mask, number) =>
    mask.length <= path.length && mask.every((name, at) => path[at] === name) ? [number] : [],
  );
}

function interiorOf(node: InteriorNode, masks: readonly (readonly string[])[]): Interior {
  const children = [...node.children]
    .filter(([name, child]) => hasDocument(child) && !(node.path.length === 0 && name === "system"))
    .toSorted(([a], [b]) => compareTerms(segmentTerm(a), segmentTerm(b)))
    .map(([segment, child]) => ({ segment, value: documentOf(child) }));
  return { id: node.id, path: node.path, masks: masksOf(masks, node.path), children };
}

function hasDocument(node: DocumentNode): boolean {
  return node.kind !== "function";
}

function documentOf(node: DocumentNode): Operand {
  return node.kind === "interior" ? { kind: "extent", node: node.id } : { kind: "document", group: node.id };
}

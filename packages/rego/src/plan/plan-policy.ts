import type { CheckedQuery, Program } from "../check/program.ts";
import { allNodes, documentsOf, type DocumentNode, type InteriorNode, segmentTerm } from "./documents.ts";
import { compareTerms } from "../syntax/compare.ts";
import { planBody } from "./body.ts";
import { evaluate } from "./evaluate.ts";
import { planEntry } from "./entry.ts";
import { planGroup } from "./group.ts";
import { Hoisting } from "./hoist.ts";
import { inlined } from "./inline.ts";
import { withJoins } from "./join.ts";
import { promoted } from "./promote.ts";
import { pruned } from "./prune.ts";
import { specialised } from "./specialise.ts";
import type { Goal, Group, Interior, Operand, Plan } from "./plan.ts";
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
  const groups = nodes.flatMap((node) => (node.kind === "interior" ? [] : [planGroup(world, node)]));
  const entries = [...queries].map(([name, query]) => planEntry(world, name, query));
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

/** A group with its bodies made better: no keys that nobody uses, joins where there were scans, comprehensions shared. */
function improved(group: Group, hoisting: Hoisting, inOrder: boolean): Group {
  const better = (goals: readonly Goal[], results: readonly Operand[]): readonly Goal[] => {
    const needed = pruned(goals, results);
    const ordered = inOrder ? needed : promoted(inlined(needed, results), params);
    return withJoins(hoisting.goals(ordered, group.path, group.kind === "function"));
  };
  const params = group.kind === "function" ? group.params.length : 0;
  switch (group.kind) {
    case "complete":
    case "function": {
      const chains = group.chains.map((chain) =>
        chain.map((body) => ({ ...body, goals: better(body.goals, [body.value]) })),
      );
      return { ...group, chains };
    }
    case "set": {
      const bodies = group.bodies.map((body) => ({ ...body, goals: better(body.goals, [body.value]) }));
      return { ...group, bodies };
    }
    case "object": {
      const bodies = group.bodies.map((body) => ({ ...body, goals: better(body.goals, [...body.keys, body.value]) }));
      return { ...group, bodies };
    }
  }
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

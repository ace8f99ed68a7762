import { aggregates } from "./aggregates.ts";
import { arrays } from "./arrays.ts";
import { comparison } from "./comparison.ts";
import type { Family } from "./family.ts";
import { graph } from "./graph.ts";
import { numbers } from "./numbers.ts";
import { objects } from "./objects.ts";
import { sets } from "./sets.ts";
import { types } from "./types.ts";

/** The entries of a family that is there. */
function at(family: Family): [string, () => Family][] {
  return [...family.keys()].map((name) => [name, () => family]);
}

/** Where each builtin is. Small families are there at once; large ones are fetched when a policy uses them. */
export const families: ReadonlyMap<string, () => Family | Promise<Family>> = new Map([
  ...at(comparison),
  ...at(numbers),
  ...at(aggregates),
  ...at(arrays),
  ...at(sets),
  ...at(objects),
  ...at(types),
  ...at(graph),
]);

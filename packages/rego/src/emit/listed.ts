/**
 * Sets that are cheap to go through without making them sets. Where neither order nor number is seen, it is enough to
 * list what the bodies find: comparing objects with one another costs more than finding the same thing out twice.
 */
import type { Goal, Group } from "../plan/plan.ts";
import { tableOf } from "./dispatch.ts";

/**
 * The groups whose elements may be listed. Each body finds at most one element for each of one collection, so a list is
 * never longer than the collections together, and lists of lists do not multiply.
 */
export function listedGroups(groups: readonly Group[]): ReadonlySet<string> {
  return new Set(groups.filter(isListed).map(({ id }) => id));
}

function isListed(group: Group): boolean {
  if (group.kind !== "set" || group.masks.length > 0) return false;
  const bodies = group.bodies.map(({ goals }) => goals);
  return bodies.every((goals) => timesMany(goals) <= 1) && tableOf(bodies, []) === undefined;
}

/** How many of the goals can go on more than once. */
function timesMany(goals: readonly Goal[]): number {
  let count = 0;
  for (const goal of goals) {
    switch (goal.kind) {
      case "iterate":
      case "join":
      case "enumerate":
      case "relate":
        count += 1;
        break;
      case "with":
        count += timesMany(goal.goals);
        break;
      default:
        break;
    }
  }
  return count;
}

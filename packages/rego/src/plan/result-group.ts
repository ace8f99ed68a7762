import { ruleKey } from "../check/program.ts";

/** The id of a function as it is asked whether its result is one that is known. No path below `data` is like it. */
export function resultGroup(group: string): string {
  // as: the id of a group is its path as JSON text
  return ruleKey([...(JSON.parse(group) as string[]), "\0is"]);
}

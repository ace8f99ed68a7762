import { equalJson, generationOf, own, uidOf, type JsonObject } from "@portcullis/objects";

/**
 * Whether two states of an object say the same, all but its status and what is noted on it. The generation alone does not
 * tell: where a cluster was restored it is counted twice.
 */
export function isSame(one: JsonObject, other: JsonObject): boolean {
  return (
    generationOf(one) === generationOf(other) &&
    uidOf(one) === uidOf(other) &&
    equalJson(own(one, "spec") ?? null, own(other, "spec") ?? null)
  );
}

import { compareBytes, nameOf, ownString, type JsonObject, type JsonValue } from "@portcullis/objects";
import type { WrittenJson } from "../driver/written-json.ts";

/** One violation of one constraint. */
export interface Result {
  readonly target: string;
  readonly message: string;
  /** What the policy said beside the message; absent where no policy was asked (a match that failed). */
  readonly details?: JsonValue;
  /** The same with its numbers as the policy's language writes them, where the driver was asked for it. */
  readonly writtenDetails?: WrittenJson | undefined;
  /** The constraint, its defaults filled in. */
  readonly constraint: JsonObject;
  /** The constraint's action, as it stands there. */
  readonly enforcementAction: string;
  /** The actions at the place of this review, where the action is `scoped`. */
  readonly scopedEnforcementActions: readonly string[];
}

/** Gatekeeper's order of results: by action, then by message; equal ones by the constraint's kind and name. */
export function compareResults(left: Result, right: Result): number {
  return (
    compareBytes(left.enforcementAction, right.enforcementAction) ||
    compareBytes(left.message, right.message) ||
    compareBytes(ownString(left.constraint, "kind") ?? "", ownString(right.constraint, "kind") ?? "") ||
    compareBytes(nameOf(left.constraint), nameOf(right.constraint))
  );
}

import type { ApiObject, Draft } from "../storage/api-object.ts";
import type { RequestContext } from "./context.ts";
import type { Target } from "./kind-table.ts";

/** Keeps `metadata.managedFields` true; server-side apply goes through it as well (apply/). */
export interface FieldManagement {
  /** Notes in `draft` who changed what since `old` (undefined: all of it), by create, update or patch. */
  track(context: RequestContext, target: Target, draft: Draft, old: ApiObject | undefined, subresource: string): void;
  /** The object that server-side apply makes from what is there; a conflict is thrown as StatusError. */
  apply(
    context: RequestContext,
    target: Target,
    applied: Draft,
    old: ApiObject | undefined,
    options: { readonly force: boolean; readonly subresource: string },
  ): Draft;
}

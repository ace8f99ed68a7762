import { equalJson } from "@portcullis/objects";
import { json } from "../kinds/fields-at.ts";
import { isRefusal } from "../server/refusals.ts";
import { cloneJson, draftOf } from "../storage/api-object.ts";
import type { Api } from "../server/api.ts";
import type { ApiObject, Draft, Fields } from "../storage/api-object.ts";
import type { GroupResource } from "../storage/store.ts";

const attempts = 8;

/**
 * Gives an object a new status, worked out from the object as it now stands, until no one else wrote in between.
 * Undefined from `status`, the status it has already, or an object that is gone, write nothing.
 */
export async function changeStatus(
  api: Api,
  resource: GroupResource,
  object: ApiObject,
  status: (current: ApiObject) => Fields | undefined,
): Promise<void> {
  await change(api, resource, object, "status", (draft, current) => {
    const next = status(current);
    if (next === undefined || equalJson(json(next), json(current["status"] ?? {}))) return false;
    draft["status"] = cloneJson(next);
    return true;
  });
}

/** Changes an object in place, as `changeStatus` changes its status; false from `edit` writes nothing. */
export async function changeObject(
  api: Api,
  resource: GroupResource,
  object: ApiObject,
  edit: (draft: Draft) => boolean,
): Promise<void> {
  await change(api, resource, object, "main", edit);
}

async function change(
  api: Api,
  resource: GroupResource,
  object: ApiObject,
  part: "main" | "status",
  edit: (draft: Draft, current: ApiObject) => boolean,
): Promise<void> {
  const { namespace = "", name, uid } = object.metadata;
  for (let attempt = 1; ; attempt += 1) {
    const current = api.get(resource, namespace, name);
    if (current === undefined || current.metadata.uid !== uid) return;
    const draft = draftOf(current);
    if (!edit(draft, current)) return;
    try {
      await (part === "status" ? api.updateStatus(resource, draft) : api.update(resource, draft));
      return;
    } catch (error) {
      if (isRefusal(error, "NotFound")) return;
      if (!isRefusal(error, "Conflict") || attempt === attempts) throw error;
    }
  }
}

/** Deletes an object; that it is gone already is as good. */
export async function remove(
  api: Api,
  resource: GroupResource,
  object: ApiObject,
  options: { readonly gracePeriodSeconds?: number; readonly propagationPolicy?: "Background" } = {},
): Promise<void> {
  const { namespace = "", name, uid } = object.metadata;
  try {
    await api.delete(resource, namespace, name, { ...options, uid });
  } catch (error) {
    if (!isRefusal(error, "NotFound") && !isRefusal(error, "Conflict")) throw error;
  }
}

/** A moment as objects write it, to the second. */
export function timestamp(date: Date = new Date()): string {
  return date.toISOString().replace(/\.\d+Z$/u, "Z");
}

import { equalJson } from "@portcullis/objects";
import { remove } from "./change.ts";
import { controllerOf, controllerReference } from "./controller.ts";
import { templateHash } from "./template-hash.ts";
import { at, fieldsAt, json, mapAt, numberAt } from "../kinds/fields-at.ts";
import { isRefusal } from "../server/refusals.ts";
import { cloneJson } from "../storage/api-object.ts";
import type { Reconciling } from "./controller.ts";
import type { ApiObject, Draft } from "../storage/api-object.ts";

const resource = "controllerrevisions.apps";

/** The label by which a Pod says which revision of its owner it was made of. */
export const revisionLabel = "controller-revision-hash";

/** The ControllerRevisions of an owner, the oldest first. */
export function revisionsOf({ api }: Reconciling, owner: ApiObject): readonly ApiObject[] {
  return api
    .list(resource, owner.metadata.namespace)
    .filter((each) => controllerOf(each)?.uid === owner.metadata.uid)
    .toSorted((a, b) => (numberAt(a, "revision") ?? 0) - (numberAt(b, "revision") ?? 0));
}

/** The revision of an owner's template as it now is: made if it is new, made the latest if it came back. */
export async function currentRevision(reconciling: Reconciling, owner: ApiObject): Promise<ApiObject> {
  const { api } = reconciling;
  const template = cloneJson(fieldsAt(owner, "spec", "template"));
  const data = { spec: { template: { ...template, $patch: "replace" } } };
  const known = revisionsOf(reconciling, owner);
  const newest = numberAt(known.at(-1), "revision") ?? 0;
  const same = known.find((each) => equalJson(json(at(each, "data")), json(data)));
  if (same !== undefined) {
    if (numberAt(same, "revision") === newest) return same;
    const next: ApiObject = { ...same, revision: newest + 1 };
    return api.update(resource, next);
  }
  const { name, namespace = "" } = owner.metadata;
  for (let collisions = 0; ; collisions += 1) {
    const hash = templateHash(template, collisions);
    try {
      return await api.create(resource, {
        apiVersion: "apps/v1",
        kind: "ControllerRevision",
        metadata: {
          name: `${name}-${hash}`,
          namespace,
          labels: { ...mapAt(owner, "spec", "selector", "matchLabels"), [revisionLabel]: hash },
          ownerReferences: [controllerReference(owner)],
        },
        data,
        revision: newest + 1,
      });
    } catch (error) {
      if (!isRefusal(error, "AlreadyExists")) throw error;
    }
  }
}

/** Forgets the oldest revisions that no Pod was made of, beyond what the history may hold. */
export async function forgetRevisions(
  reconciling: Reconciling,
  owner: ApiObject,
  used: ReadonlySet<string>,
): Promise<void> {
  const limit = numberAt(owner, "spec", "revisionHistoryLimit") ?? 10;
  const unused = revisionsOf(reconciling, owner).filter((each) => !used.has(each.metadata.name));
  for (const revision of unused.slice(0, Math.max(0, unused.length - limit))) {
    await remove(reconciling.api, resource, revision);
  }
}

/** The hash in a revision's labels. */
export function hashOf(revision: ApiObject): string {
  return revision.metadata.labels?.[revisionLabel] ?? "";
}

/** The template that a revision holds, in the owner's place. */
export function ownerAt(owner: ApiObject, revision: ApiObject): ApiObject {
  const { $patch: _patch, ...template } = fieldsAt(revision, "data", "spec", "template");
  const draft: Draft = { ...owner, spec: { ...fieldsAt(owner, "spec"), template } };
  // A draft becomes an object again once nothing changes it.
  return draft as ApiObject;
}

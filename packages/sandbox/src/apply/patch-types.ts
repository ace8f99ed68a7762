import { applyJsonPatch, applyMergePatch, applyStrategicMergePatch, type PatchOutcome } from "@portcullis/objects";
import type { SchemaCatalogue } from "../kinds/schema-node.ts";
import { mediaType } from "../server/media.ts";
import { badRequest, unprocessable, unsupportedMediaType } from "../server/refusals.ts";
import type { Target } from "../server/kind-table.ts";
import { patchSchema } from "./schema-view.ts";

/** The ways to send a change. */
export type PatchType = "json" | "merge" | "strategic" | "apply";

const mediaTypes: Readonly<Record<PatchType, string>> = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
};

/** The patch type of a Content-Type header; kinds of CRDs know no strategic merge. */
export function patchTypeOf(target: Target, contentType: string | undefined): PatchType {
  const type = mediaType(contentType);
  const allowed = (["json", "merge", "strategic", "apply"] as const).filter(
    (candidate) => candidate !== "strategic" || target.kind.origin === "builtin",
  );
  const found = allowed.find((candidate) => mediaTypes[candidate] === type);
  if (found === undefined) throw unsupportedMediaType(allowed.map((candidate) => mediaTypes[candidate]));
  return found;
}

/** What a patch (of any type but apply) makes of an object. */
export function patched(
  catalogue: SchemaCatalogue,
  target: Target,
  type: Exclude<PatchType, "apply">,
  current: unknown,
  patch: unknown,
): unknown {
  switch (type) {
    case "json":
      return settled(applyJsonPatch(current, patch));
    case "merge":
      if (typeof patch !== "object" || patch === null || Array.isArray(patch)) {
        throw badRequest("error decoding patch: a merge patch must be an object");
      }
      return applyMergePatch(current, patch);
    case "strategic":
      return settled(applyStrategicMergePatch(current, patch, patchSchema(catalogue, target.version.schema)));
  }
}

function settled(outcome: PatchOutcome): unknown {
  if (outcome.ok) return outcome.value;
  if (outcome.problem.kind === "malformed") throw badRequest(`error decoding patch: ${outcome.problem.message}`);
  throw unprocessable();
}

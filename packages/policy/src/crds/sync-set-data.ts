import type { JsonObject } from "@portcullis/objects";
import { defineCrd, described, list, object, text } from "./definition.ts";

/** The CRD of SyncSet. */
export const syncSetCrd: JsonObject = defineCrd({
  group: "syncset.gatekeeper.sh",
  kind: "SyncSet",
  plural: "syncsets",
  scope: "Cluster",
  description: "Kinds whose objects referential policies may read, beside those that Config names.",
  status: false,
  versions: [
    {
      name: "v1alpha1",
      properties: {
        metadata: object({ name: { ...text, maxLength: 63 } }),
        spec: object({
          gvks: described(list(object({ group: text, version: text, kind: text })), "The kinds."),
        }),
      },
    },
  ],
});

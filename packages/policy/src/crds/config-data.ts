import type { JsonObject } from "@portcullis/objects";
import { defineCrd, described, flag, int64, list, object, text } from "./definition.ts";

const kind = object({ group: text, version: text, kind: text });

/** The CRD of Config. */
export const configCrd: JsonObject = defineCrd({
  group: "config.gatekeeper.sh",
  kind: "Config",
  plural: "configs",
  scope: "Namespaced",
  description: "How the system as a whole behaves; there is one, called config.",
  status: true,
  versions: [
    {
      name: "v1alpha1",
      properties: {
        spec: object({
          match: described(
            list(
              object({
                excludedNamespaces: list({ type: "string", pattern: "^\\*?[-:a-z0-9]*\\*?$" }),
                processes: list(text),
              }),
            ),
            "Namespaces that some processes leave alone.",
          ),
          sync: object({
            syncOnly: described(list(kind), "Kinds whose objects referential policies may read."),
          }),
          validation: object({ traces: list(object({ user: text, kind, dump: text })) }),
          readiness: object({ statsEnabled: flag }),
        }),
        status: object({
          byPod: list(
            object({
              id: text,
              configUID: text,
              operations: list(text),
              observedGeneration: int64,
              errors: list(object({ type: text, message: text }, ["message"])),
            }),
          ),
        }),
      },
    },
  ],
});

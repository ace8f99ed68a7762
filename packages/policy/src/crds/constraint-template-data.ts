import type { JsonObject } from "@portcullis/objects";
import { anything, defineCrd, described, flag, int64, list, object, text } from "./definition.ts";

const errors = list(object({ code: text, message: text, location: text }, ["code", "message"]));

function specOf(legacySchema: boolean): JsonObject {
  const parameters: JsonObject = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return described(
    object({
      crd: described(
        object({
          spec: object({
            names: described(object({ kind: text, shortNames: list(text) }), "What the constraints are called."),
            validation: {
              ...object({
                openAPIV3Schema: described(parameters, "The schema of a constraint's spec.parameters."),
                legacySchema: { type: "boolean", default: legacySchema },
              }),
              default: { legacySchema },
            },
          }),
        }),
        "The definition of the constraints' own resource.",
      ),
      targets: list(
        object({
          target: text,
          rego: described(text, "The policy in Rego, version 0; `code` says the same and more."),
          libs: list(text),
          code: {
            ...list(
              object(
                {
                  engine: described(text, "The language: `Rego` or `K8sNativeValidation`."),
                  source: described(anything, "The policy, in the form that its engine asks for."),
                },
                ["engine", "source"],
              ),
            ),
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["engine"],
          },
          operations: described(
            list({ type: "string", enum: ["*", "CREATE", "DELETE", "UPDATE", "CONNECT"] }),
            "The operations that the webhook reviews; all of them where none is given.",
          ),
        }),
      ),
    }),
    "The policy, and what its constraints look like.",
  );
}

const byPod: JsonObject = {
  ...object({ id: text, observedGeneration: int64, errors }),
  "x-kubernetes-preserve-unknown-fields": true,
};
const status = described(object({ created: flag, byPod: list(byPod) }), "What became of the template.");

/** The CRD of ConstraintTemplate. */
export const constraintTemplateCrd: JsonObject = defineCrd({
  group: "templates.gatekeeper.sh",
  kind: "ConstraintTemplate",
  plural: "constrainttemplates",
  scope: "Cluster",
  description: "A policy with parameters; each of its constraints is a use of it.",
  status: true,
  versions: [
    { name: "v1", properties: { spec: specOf(false), status } },
    { name: "v1alpha1", properties: { spec: specOf(true), status } },
    { name: "v1beta1", properties: { spec: specOf(true), status } },
  ],
});

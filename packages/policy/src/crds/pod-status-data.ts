import type { JsonObject } from "@portcullis/objects";
import { defineCrd, described, flag, int64, list, object, text, type DefinitionVersion } from "./definition.ts";

const errors = list(object({ code: text, message: text, location: text }, ["code", "message"]));
const common: Readonly<Record<string, JsonObject>> = {
  id: described(text, "The pod that says so."),
  operations: described(list(text), "What the pod does."),
  observedGeneration: described(int64, "The generation of the object that this is about."),
};

function podStatus(kind: string, plural: string, status: Readonly<Record<string, JsonObject>>): JsonObject {
  const version: DefinitionVersion = { name: "v1beta1", properties: { status: object({ ...common, ...status }) } };
  return defineCrd({
    group: "status.gatekeeper.sh",
    kind,
    plural,
    scope: "Namespaced",
    description: "What one pod says of one object; the object's status.byPod is made of these.",
    status: false,
    versions: [version],
  });
}

/** The CRD of ConstraintTemplatePodStatus. */
export const constraintTemplatePodStatusCrd: JsonObject = podStatus(
  "ConstraintTemplatePodStatus",
  "constrainttemplatepodstatuses",
  {
    errors,
    templateUID: text,
    vapGenerationStatus: object({ state: text, observedGeneration: int64, warning: text }),
  },
);

/** The CRD of ConstraintPodStatus. */
export const constraintPodStatusCrd: JsonObject = podStatus("ConstraintPodStatus", "constraintpodstatuses", {
  constraintUID: text,
  enforced: flag,
  errors,
  enforcementPointsStatus: list(
    object({ enforcementPoint: text, state: text, message: text, observedGeneration: int64 }, [
      "enforcementPoint",
      "state",
    ]),
  ),
});

/** The CRD of ConfigPodStatus. */
export const configPodStatusCrd: JsonObject = podStatus("ConfigPodStatus", "configpodstatuses", {
  configUID: text,
  errors: list(object({ type: text, message: text }, ["message"])),
});

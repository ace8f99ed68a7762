import type { AdmissionRequest } from "@portcullis/policy";
import { nameOf, namespaceOf, resourceVersionOf, uidOf } from "@portcullis/objects";
import { secretMask } from "../log/mask-secrets.ts";
import { reviewedObject, violationFields, type ViolationFields } from "../log/violation-fields.ts";
import { validationWebhook } from "../webhook/configuration.ts";
import type { AdmissionObserver } from "../webhook/observer.ts";
import type { EventRecorder } from "./event-recorder.ts";
import type { InvolvedObject } from "./event.ts";

/** Where events about violations go. */
export interface AdmissionEventsOptions {
  readonly recorder: Pick<EventRecorder, "warn">;
  /** Gatekeeper's own namespace. */
  readonly namespace: string;
  /** Whether an event goes to the namespace of the object that it is about. */
  readonly inInvolvedNamespace: boolean;
}

/** How each action is told, in Gatekeeper's words. */
const kinds = {
  deny: { reason: "FailedAdmission", start: `Admission webhook "${validationWebhook}" denied request` },
  warn: {
    reason: "WarningAdmission",
    start: `Admission webhook "${validationWebhook}" raised a warning for this request`,
  },
  dryrun: { reason: "DryrunViolation", start: "Dryrun violation" },
} as const;

/** Emits an event for every violation and action: what `--emit-admission-events` asks for. */
export function admissionEvents(options: AdmissionEventsOptions): AdmissionObserver {
  const { recorder, inInvolvedNamespace } = options;
  return {
    answered: () => {},
    violated(request, decisions) {
      const mask = secretMask(request);
      for (const decision of decisions) {
        const { result, actions } = decision;
        const fields = violationFields(request, decision);
        const constraint = nameOf(result.constraint);
        const involved = involvedObject(request, fields, options);
        for (const action of actions) {
          const { reason, start } = action === "warn" || action === "dryrun" ? kinds[action] : kinds.deny;
          const where = inInvolvedNamespace ? "" : `, Resource Namespace: ${fields.resource_namespace}`;
          recorder.warn({
            involved,
            annotations: annotationsOf(fields),
            reason,
            message: `${start}${where}, Constraint: ${constraint}, Message: ${mask.text(result.message)}`,
          });
        }
      }
    },
  };
}

function annotationsOf(fields: ViolationFields): Readonly<Record<string, string>> {
  return { ...fields, constraint_enforcement_actions: fields.constraint_enforcement_actions.join(",") };
}

function involvedObject(
  request: AdmissionRequest,
  fields: ViolationFields,
  { namespace, inInvolvedNamespace }: AdmissionEventsOptions,
): InvolvedObject {
  const object = reviewedObject(request) ?? {};
  const objectNamespace = namespaceOf(object);
  const name = fields.resource_name;
  const { kind } = request.kind;
  if (!inInvolvedNamespace) {
    // No object has this uid; it keeps the events of each object and constraint together.
    const { constraint_kind: constraintKind, constraint_name: constraintName } = fields;
    const uid = [kind, objectNamespace, name, constraintKind, "", constraintName].join("/");
    return { kind, namespace, name, uid };
  }
  const at = objectNamespace === "" ? namespace : objectNamespace;
  const uid = uidOf(object);
  const resourceVersion = resourceVersionOf(object);
  if (uid === "" || resourceVersion === "") return { kind, namespace: at, name };
  return { kind, namespace: at, name, uid, resourceVersion };
}

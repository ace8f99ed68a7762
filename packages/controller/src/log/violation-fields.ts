import { groupVersionKindOf, nameOf, type JsonObject } from "@portcullis/objects";
import type { Decision, AdmissionRequest } from "@portcullis/policy";

/** What the log and the events tell of a violation, under the keys that users' scripts read. */
export interface ViolationFields {
  readonly process: "admission";
  readonly event_type: "violation";
  readonly constraint_name: string;
  readonly constraint_group: string;
  readonly constraint_api_version: string;
  readonly constraint_kind: string;
  readonly constraint_action: string;
  /** The actions at the webhook of a constraint whose action is `scoped`; empty for others. */
  readonly constraint_enforcement_actions: readonly string[];
  readonly resource_group: string;
  readonly resource_api_version: string;
  readonly resource_kind: string;
  readonly resource_namespace: string;
  readonly resource_name: string;
  readonly request_username: string;
}

/** The fields of one violation of a request. */
export function violationFields(request: AdmissionRequest, { result, actions }: Decision): ViolationFields {
  const { group, version, kind } = groupVersionKindOf(result.constraint);
  return {
    process: "admission",
    event_type: "violation",
    constraint_name: nameOf(result.constraint),
    constraint_group: group,
    constraint_api_version: version,
    constraint_kind: kind,
    constraint_action: result.enforcementAction,
    constraint_enforcement_actions: result.enforcementAction === "scoped" ? actions : [],
    resource_group: request.kind.group,
    resource_api_version: request.kind.version,
    resource_kind: request.kind.kind,
    resource_namespace: reviewedNamespace(request),
    resource_name: resourceName(request),
    request_username: request.username,
  };
}

/** The namespace that the object is in: the API server gives that of a Namespace as itself, which is in none. */
function reviewedNamespace({ kind: { group, kind }, namespace }: AdmissionRequest): string {
  return group === "" && kind === "Namespace" ? "" : namespace;
}

/** The object under review; the old one where there is no new one. */
export function reviewedObject({ operation, object, oldObject }: AdmissionRequest): JsonObject | undefined {
  return operation === "DELETE" ? (oldObject ?? object) : (object ?? oldObject);
}

/** A creation may leave the name to the server; then the object may still say one. */
function resourceName(request: AdmissionRequest): string {
  if (request.name !== "") return request.name;
  const object = reviewedObject(request);
  return nameOf(object);
}

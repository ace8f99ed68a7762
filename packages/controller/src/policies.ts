import type { JsonObject } from "@portcullis/objects";
import type { Verdict } from "@portcullis/policy";

/** Why an object of Gatekeeper's own cannot be used: as a refusal at admission and as an entry in its status. */
export interface PolicyProblem {
  /** HTTP's code of the refusal. */
  readonly code: number;
  readonly message: string;
  /** Where in the object's code. */
  readonly location?: string;
  /** Status code of §2.4, `ingest_error` and so on. */
  readonly statusCode: string;
}

/**
 * The policies in force, as the server needs them. The seam between watching a cluster and deciding; the engine stands
 * behind it.
 */
export interface Policies {
  /** Why a request about an object of Gatekeeper's own is refused. Nothing is put into force. */
  checkOwnResource(request: JsonObject): PolicyProblem | undefined;
  /** The CRD of the template's constraints. */
  constraintCrd(template: JsonObject): JsonObject;
  /** The kind of the template's constraints. */
  constraintKind(template: JsonObject): string;
  /** Puts a template into force, in the place of the one of its name; its constraints stay. */
  addTemplate(template: JsonObject): Promise<PolicyProblem | undefined>;
  removeTemplate(template: JsonObject): void;
  /** Whether a template for the kind is in force. */
  hasTemplate(kind: string): boolean;
  addConstraint(constraint: JsonObject): PolicyProblem | undefined;
  removeConstraint(constraint: JsonObject): void;
  /** The verdict on a request, `namespace` being the namespace of the object under review. */
  review(request: JsonObject, namespace: JsonObject | undefined): Verdict;
}

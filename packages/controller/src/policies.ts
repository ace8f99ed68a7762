import type { JsonObject } from "@portcullis/objects";
import type { AdmissionRequest, Decision, InventoryRead, Verdict } from "@portcullis/policy";

/** Why an object of Gatekeeper's own cannot be used: as a refusal at admission and as an entry in its status. */
export interface PolicyProblem {
  /** The refusal's code in HTTP. */
  readonly code: number;
  /** Gatekeeper's text to the letter where it has one. */
  readonly message: string;
  /** What to do about it, where that is not in the message. */
  readonly advice?: readonly string[];
  /** Where in the object's code: `source:row:column`. */
  readonly location?: string;
  /** The word for it in a status: `ingest_error`, `create_error` or `update_error`. */
  readonly statusCode: string;
}

/** A verdict, and what it was made of. */
export interface Reviewed {
  readonly verdict: Verdict;
  readonly decisions: readonly Decision[];
}

/**
 * The policies in force, as the server needs them. The seam between watching a cluster and deciding; the engine stands
 * behind it.
 */
export interface Policies {
  /** Why a request about an object of Gatekeeper's own is refused. Nothing is put into force. */
  checkOwnResource(request: AdmissionRequest): Promise<PolicyProblem | undefined>;
  /** What the author of an object of Gatekeeper's own should know of it, though it is admitted. */
  warningsOf(object: JsonObject): readonly string[];
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
  /** What the template of the name, which is in force, asks the inventory for. */
  inventoryOf(name: string): readonly InventoryRead[];
  /** Puts an object into the inventory, in the place of the one of its name. */
  putData(object: JsonObject): void;
  removeData(object: JsonObject): void;
  /**
   * The verdict on a request, `namespace` being the namespace of the object under review. Policies that are not asked
   * by the deadline (milliseconds on the clock; none where absent) count as violated, with a text that names the slow
   * one. The answer is a promise only where policies ask for something outside of the cluster.
   */
  review(request: AdmissionRequest, namespace: JsonObject | undefined, deadline?: number): Reviewed | Promise<Reviewed>;
}

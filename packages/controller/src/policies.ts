import type { JsonObject } from "@portcullis/objects";
import type { Decision, InventoryRead, Verdict } from "@portcullis/policy";

/** Why an object of Gatekeeper's own cannot be used: as a refusal at admission and as an entry in its status. */
export interface PolicyProblem {
  /** The refusal's code in HTTP. */
  readonly code: number;
  readonly message: string;
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

/** What is known of a request beside what it says. */
export interface ReviewTerms {
  /** By when it is to be answered, milliseconds on the clock; not bounded where absent. */
  readonly deadline?: number | undefined;
  /** Whether all its numbers are small and plain; looked for where absent. */
  readonly hasPlainNumbers?: boolean | undefined;
}

/**
 * The policies in force, as the server needs them. The seam between watching a cluster and deciding; the engine stands
 * behind it.
 */
export interface Policies {
  /** Why a request about an object of Gatekeeper's own is refused. Nothing is put into force. */
  checkOwnResource(request: JsonObject): PolicyProblem | undefined;
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
   * by the deadline of the terms count as violated, with a text that names the slow one. The answer is a promise only where policies
   * ask for something outside of the cluster.
   */
  review(request: JsonObject, namespace: JsonObject | undefined, terms?: ReviewTerms): Reviewed | Promise<Reviewed>;
}

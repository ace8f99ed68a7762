import type { JsonObject } from "@portcullis/objects";
import { allowedBecause, errored, type Verdict } from "@portcullis/policy";
import type { AdmissionRequest } from "./admission-review.ts";
import type { PolicyProblem } from "../policies.ts";

/** What the validating webhook needs to answer. */
export interface AdmitOptions {
  /** Waits until the template of a constraint's kind is in force, which is a moment after it was written. */
  readonly waitForTemplate: (kind: string) => Promise<void>;
  readonly checkOwnResource: (request: JsonObject) => PolicyProblem | undefined;
  /** Gatekeeper's own namespace. */
  readonly namespace: string;
  /** Whether every policy that was there at the start is in force. */
  readonly isReady: () => boolean;
  /** The namespace as the cluster has it; undefined where there is none of the name. */
  readonly findNamespace: (name: string) => Promise<JsonObject | undefined>;
  readonly review: (request: JsonObject, namespace: JsonObject | undefined) => Verdict;
  /** Makes what must be there before the author's command returns. Only for what is really created. */
  readonly takeEffect: (object: JsonObject) => Promise<void>;
}

/** Answers `/v1/admit`, in Gatekeeper's order. */
export async function admit(request: AdmissionRequest, options: AdmitOptions): Promise<Verdict> {
  if (request.username === `system:serviceaccount:${options.namespace}:gatekeeper-admin`) {
    return allowedBecause("Gatekeeper does not self-manage");
  }
  if (!options.isReady()) {
    // The kinds of constraints are made before we are ready; everything else waits for the policies.
    if (isConstraintCrd(request)) return allowedBecause("the kind of a constraint");
    return errored(
      500,
      "Portcullis is starting: not every policy is in force yet, so nothing is let through; try again",
    );
  }
  if (request.group === "constraints.gatekeeper.sh" && request.operation !== "DELETE") {
    await options.waitForTemplate(request.kind);
  }
  const refusal = options.checkOwnResource(request.fields);
  if (refusal !== undefined) return errored(refusal.code, refusal.message);

  const isNamespace = request.group === "" && request.kind === "Namespace";
  const namespaceName = isNamespace ? "" : request.namespace;
  let namespace: JsonObject | undefined;
  if (namespaceName !== "") {
    try {
      namespace = await options.findNamespace(namespaceName);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return errored(500, `failed to create augmentedReview: ${message}`);
    }
    if (namespace === undefined) {
      return errored(500, `failed to create augmentedReview: Namespace "${namespaceName}" not found`);
    }
  }
  const answer = options.review(request.fields, namespace);
  if (answer.allowed && request.operation === "CREATE" && !request.isDryRun && request.object !== undefined) {
    await options.takeEffect(request.object);
  }
  return answer;
}

function isConstraintCrd(request: AdmissionRequest): boolean {
  return (
    request.group === "apiextensions.k8s.io" &&
    request.kind === "CustomResourceDefinition" &&
    request.name.endsWith(".constraints.gatekeeper.sh")
  );
}

import { groupVersionKindOf, isJsonObject, own, type JsonObject } from "@portcullis/objects";
import { readRequest } from "../review/request.ts";
import { reviewOfObject, reviewOfRequest, type Review } from "../review/review.ts";
import { SuiteError } from "./suite-error.ts";

/** The fields of an AdmissionReview; gator refuses any other. */
const reviewFields = new Set(["apiVersion", "kind", "request", "response"]);

/** The review of a case's object: as it is, or of the request where the object is an AdmissionReview. */
export function reviewOfCase(object: JsonObject): Review {
  const { group, kind } = groupVersionKindOf(object);
  if (group !== "admission.k8s.io" || kind !== "AdmissionReview") {
    return reviewOfObject(object, { source: "Original" });
  }
  const unknown = Object.keys(object).filter((key) => !reviewFields.has(key));
  if (unknown.length > 0) {
    const list = unknown.map((field) => `unknown field "${field}"`).join(", ");
    throw new SuiteError(
      `not a valid AdmissionReview object: unable to convert to an AdmissionReview object, error: strict decoding error: ${list}`,
    );
  }
  const request = own(object, "request");
  if (!isJsonObject(request)) {
    throw new SuiteError("missing an AdmissionRequest object: request did not actually pass in an AdmissionRequest");
  }
  const parts = [own(request, "object"), own(request, "oldObject")].filter((part) => (part ?? null) !== null);
  if (parts.length === 0) {
    throw new SuiteError(
      'no object or oldObject found to review: AdmissionRequest does not contain an "object" or "oldObject" to review',
    );
  }
  for (const part of parts) {
    if (isJsonObject(part) && typeof own(part, "kind") === "string") continue;
    throw new SuiteError("object or oldObject cannot be unmarshalled: Object 'Kind' is missing");
  }
  const read = readRequest(request);
  if (!read.ok) {
    throw new SuiteError(
      `not a valid AdmissionReview object: unable to convert to an AdmissionReview object, error: ${read.message}`,
    );
  }
  const review = reviewOfRequest(read.request, { source: "Original" });
  if (!review.ok) {
    throw new SuiteError(
      `admission.k8s.gatekeeper.sh: target.HandleReview failed for target "admission.k8s.gatekeeper.sh": ${review.problem.message}\n`,
    );
  }
  return review.value;
}

import {
  isJsonArray,
  isJsonObject,
  own,
  ownString,
  readJson,
  type JsonObject,
  type JsonValue,
} from "@portcullis/objects";

/** A request that the API server asks about. `fields` is the request as it came, for the policies to read. */
export interface AdmissionRequest {
  readonly uid: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly operation: string;
  readonly username: string;
  readonly isDryRun: boolean;
  readonly object: JsonObject | undefined;
  readonly oldObject: JsonObject | undefined;
  readonly fields: JsonObject;
}

/** What is answered. */
export interface AdmissionAnswer {
  readonly allowed: boolean;
  readonly status?: { readonly code: number; readonly reason?: string; readonly message?: string };
  readonly warnings?: readonly string[];
}

/** A review, or the answer to something that is none. */
export type ReviewReading =
  | { readonly ok: true; readonly apiVersion: string; readonly request: AdmissionRequest }
  | { readonly ok: false; readonly answer: AdmissionAnswer };

const versions = ["admission.k8s.io/v1", "admission.k8s.io/v1beta1"];

/** Reads the body of a call of the webhook. */
export function readReview(body: string): ReviewReading {
  if (body === "") return { ok: false, answer: errored(400, "request body is empty") };
  const parsed = readJson(body);
  if (!parsed.ok) {
    return {
      ok: false,
      answer: errored(400, `the request body is not JSON: ${parsed.message}; an AdmissionReview is expected`),
    };
  }
  const apiVersion = ownString(parsed.value, "apiVersion") ?? "";
  const kind = ownString(parsed.value, "kind") ?? "";
  if (kind !== "AdmissionReview" || !versions.includes(apiVersion)) {
    const got = `kind \`${kind}\` of version \`${apiVersion}\``;
    return {
      ok: false,
      answer: errored(400, `the request body is of ${got}; an AdmissionReview of ${versions.join(" or ")} is expected`),
    };
  }
  const request = own(parsed.value, "request");
  if (!isJsonObject(request)) return { ok: false, answer: errored(400, "the AdmissionReview has no request") };
  return { ok: true, apiVersion, request: readRequest(request) };
}

function readRequest(fields: JsonObject): AdmissionRequest {
  const kind = own(fields, "kind");
  const object = own(fields, "object");
  const oldObject = own(fields, "oldObject");
  return {
    uid: ownString(fields, "uid") ?? "",
    group: ownString(kind, "group") ?? "",
    version: ownString(kind, "version") ?? "",
    kind: ownString(kind, "kind") ?? "",
    name: ownString(fields, "name") ?? "",
    namespace: ownString(fields, "namespace") ?? "",
    operation: ownString(fields, "operation") ?? "",
    username: ownString(own(fields, "userInfo"), "username") ?? "",
    isDryRun: own(fields, "dryRun") === true,
    object: isJsonObject(object) ? object : undefined,
    oldObject: isJsonObject(oldObject) ? oldObject : undefined,
    fields,
  };
}

/** The answer as a review of the version that was asked in. */
export function writeReview(apiVersion: string, uid: string, answer: AdmissionAnswer): JsonValue {
  const { allowed, status, warnings } = answer;
  return {
    apiVersion,
    kind: "AdmissionReview",
    response: {
      uid,
      allowed,
      ...(status === undefined ? {} : { status: { metadata: {}, ...status } }),
      ...(isJsonArray(warnings) && warnings.length > 0 ? { warnings } : {}),
    },
  };
}

/** Yes, with a note for the API server's log. */
export function allowed(message: string): AdmissionAnswer {
  return { allowed: true, status: { code: 200, message } };
}

/** No, because something is wrong with the request or with us. */
export function errored(code: number, message: string): AdmissionAnswer {
  return { allowed: false, status: { code, message } };
}

/** No, because it is forbidden. */
export function denied(message: string): AdmissionAnswer {
  return { allowed: false, status: { code: 403, reason: "Forbidden", message } };
}

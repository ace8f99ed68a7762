import { isJsonObject, own, ownString, readJson, writeJson, type JsonObject } from "@portcullis/objects";
import { admissionResponse, errored, type Verdict } from "@portcullis/policy";

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

/** A review, or the answer to something that is none. */
export type ReviewReading =
  | { readonly ok: true; readonly apiVersion: string; readonly request: AdmissionRequest }
  | { readonly ok: false; readonly verdict: Verdict };

const versions = ["admission.k8s.io/v1", "admission.k8s.io/v1beta1"];

/** As deep as Go's reader of JSON goes, and so every API server. What is deeper was made to break whoever walks it. */
const deepest = 10_000;

/** Reads the body of a call of the webhook. */
export function readReview(body: string): ReviewReading {
  if (body === "") return { ok: false, verdict: errored(400, "request body is empty") };
  if (isDeep(body)) return { ok: false, verdict: errored(400, "the request body is not JSON: exceeded max depth") };
  const parsed = readJson(body);
  if (!parsed.ok) {
    return {
      ok: false,
      verdict: errored(400, `the request body is not JSON: ${parsed.message}; an AdmissionReview is expected`),
    };
  }
  const apiVersion = ownString(parsed.value, "apiVersion") ?? "";
  const kind = ownString(parsed.value, "kind") ?? "";
  if (kind !== "AdmissionReview" || !versions.includes(apiVersion)) {
    const got = `kind \`${kind}\` of version \`${apiVersion}\``;
    return {
      ok: false,
      verdict: errored(
        400,
        `the request body is of ${got}; an AdmissionReview of ${versions.join(" or ")} is expected`,
      ),
    };
  }
  const request = own(parsed.value, "request");
  if (!isJsonObject(request)) return { ok: false, verdict: errored(400, "the AdmissionReview has no request") };
  for (const field of ["object", "oldObject"]) {
    const object = own(request, field) ?? null;
    if (object === null || isJsonObject(object)) continue;
    return { ok: false, verdict: errored(400, `the ${field} of the AdmissionReview is no object`) };
  }
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

/** The answer as the text of a review of the version that was asked in. */
export function writeReview(apiVersion: string, uid: string, verdict: Verdict): string {
  return writeJson({ apiVersion, kind: "AdmissionReview", response: admissionResponse(uid, verdict) });
}

/** Whether lists and objects stand in one another deeper than anybody reads. Most bodies are too short for that. */
function isDeep(body: string): boolean {
  if (body.length < 2 * deepest) return false;
  let depth = 0;
  for (let at = 0; at < body.length; at += 1) {
    const letter = body[at];
    if (letter === '"') at = endOfString(body, at);
    else if (letter === "}" || letter === "]") depth -= 1;
    else if (letter === "{" || letter === "[") {
      depth += 1;
      if (depth > deepest) return true;
    }
  }
  return false;
}

/** Where the string ends that begins there; behind the text where it does not end. */
function endOfString(body: string, start: number): number {
  for (let end = body.indexOf('"', start + 1); end !== -1; end = body.indexOf('"', end + 1)) {
    let escapes = 0;
    while (body[end - 1 - escapes] === "\\") escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return body.length;
}

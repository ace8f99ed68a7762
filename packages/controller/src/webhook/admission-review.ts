import { isJsonObject, own, ownString, readJson, writeJson, type JsonValue } from "@portcullis/objects";
import {
  admissionResponse,
  errored,
  readRequest,
  wrongRequest,
  type AdmissionRequest,
  type Verdict,
} from "@portcullis/policy";

/** What the answer to a review repeats of it. */
export interface Asked {
  readonly apiVersion: string;
  readonly request: { readonly uid: string };
}

/** A review, or the answer to something that is none. */
export type ReviewReading =
  | { readonly ok: true; readonly apiVersion: string; readonly request: AdmissionRequest }
  | { readonly ok: false; readonly verdict: Verdict; readonly asked?: Asked };

const versions = ["admission.k8s.io/v1", "admission.k8s.io/v1beta1"];

/** As deep as Go's reader of JSON goes, and so every API server. What is deeper was made to break whoever walks it. */
const deepest = 10_000;

/** Reads the body of a call of the webhook. */
export function readReview(body: string): ReviewReading {
  if (isDeep(body)) return { ok: false, verdict: errored(400, "the request body is not JSON: exceeded max depth") };
  const parsed = readJson(body);
  if (!parsed.ok) {
    // Gatekeeper passes it over, though a sender of JSON must not write it.
    if (body.startsWith("\ufeff") && !body.startsWith("\ufeff", 1)) return readReview(body.slice(1));
    if (parsed.number !== undefined) return refusedForNumber(body, parsed.message);
    return refused(`the request body is not JSON: ${parsed.message}; an AdmissionReview is expected`);
  }
  const apiVersion = ownString(parsed.value, "apiVersion") ?? "";
  const kind = ownString(parsed.value, "kind") ?? "";
  if (kind !== "AdmissionReview" || !versions.includes(apiVersion)) {
    const got = `kind \`${kind}\` of version \`${apiVersion}\``;
    return refused(`the request body is of ${got}; an AdmissionReview of ${versions.join(" or ")} is expected`);
  }
  const request = own(parsed.value, "request") ?? null;
  if (request === null) return refused("the AdmissionReview has no request");
  if (!isJsonObject(request)) return refused(wrongRequest(request));
  const read = readRequest(request, parsed.hasPlainNumbers);
  return read.ok ? { ok: true, apiVersion, request: read.request } : refused(read.message);
}

function refused(message: string): ReviewReading {
  return { ok: false, verdict: errored(400, message) };
}

/**
 * The answer to a review with a number that no double comes near. Gatekeeper reads the object first, and the rest of the
 * request when it asks the policies.
 */
function refusedForNumber(body: string, message: string): ReviewReading {
  // To the platform the text is JSON, the number infinite.
  const review = JSON.parse(body) as JsonValue;
  const request = own(review, "request");
  const name = ownString(request, "name") ?? "";
  const isDelete = ownString(request, "operation") === "DELETE";
  let why: string;
  if (hasInfinite(own(request, isDelete ? "oldObject" : "object"))) {
    why = `error decoding generator resource ${name}: ${message}`;
  } else if (hasInfinite(own(request, "oldObject")) || hasInfinite(own(request, "options"))) {
    why = `error reviewing resource ${name}: admission.k8s.gatekeeper.sh: Rego: ${message}\n\n`;
  } else return refused(message);
  const apiVersion = ownString(review, "apiVersion") ?? "";
  const asked = { apiVersion, request: { uid: ownString(request, "uid") ?? "" } };
  return { ok: false, verdict: errored(500, why), asked };
}

function hasInfinite(value: JsonValue | undefined): boolean {
  const left: (JsonValue | undefined)[] = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (next === Infinity || next === -Infinity) return true;
    if (typeof next === "object" && next !== null) for (const item of Object.values(next)) left.push(item);
  }
  return false;
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

import { randomUUID } from "node:crypto";
import { isJsonObject, readJson } from "@portcullis/objects";
import type { AdmissionAttributes } from "../server/admission.ts";
import type { RequestContext } from "../server/context.ts";
import { json } from "../server/answer.ts";
import { getOwn, isFields, type Fields } from "../storage/api-object.ts";
import type { Webhook } from "./webhook.ts";

/** A review as it is sent. */
export interface Review {
  readonly uid: string;
  readonly version: string;
  readonly body: string;
}

/** What is shown to a webhook: the objects in the version its rules asked for. */
export interface Shown {
  readonly version: string;
  readonly object: unknown;
  readonly oldObject: unknown;
}

/** Writes the AdmissionReview for a webhook, or undefined if it knows no version that is spoken here. */
export function writeReview(
  webhook: Webhook,
  context: RequestContext,
  attributes: AdmissionAttributes,
  shown: Shown,
): Review | undefined {
  const version = webhook.reviewVersions.find((each) => each === "v1" || each === "v1beta1");
  if (version === undefined) return undefined;
  const { target, subresource, objectKind } = attributes;
  const { group, plural } = target.kind;
  const uid = randomUUID();
  const isOwnKind = objectKind.group === group && objectKind.kind === target.kind.kind;
  const kind = isOwnKind ? { ...objectKind, version: shown.version } : objectKind;
  const request = {
    uid,
    kind: gvk(kind),
    resource: { group, version: shown.version, resource: plural },
    ...(subresource === "" ? {} : { subResource: subresource }),
    requestKind: gvk(objectKind),
    requestResource: { group, version: target.version.name, resource: plural },
    ...(subresource === "" ? {} : { requestSubResource: subresource }),
    ...(attributes.name === "" ? {} : { name: attributes.name }),
    ...(attributes.namespace === "" ? {} : { namespace: attributes.namespace }),
    operation: attributes.operation,
    userInfo: userInfo(context),
    object: shown.object ?? null,
    oldObject: shown.oldObject ?? null,
    dryRun: context.dryRun,
    options: attributes.options,
  };
  return {
    uid,
    version,
    body: json({ kind: "AdmissionReview", apiVersion: `admission.k8s.io/${version}`, request }, false),
  };
}

function gvk({ group, version, kind }: AdmissionAttributes["objectKind"]): Fields {
  return { group, version, kind };
}

function userInfo({ user }: RequestContext): Fields {
  return { username: user.name, ...(user.uid === undefined ? {} : { uid: user.uid }), groups: user.groups };
}

/** What a webhook decided. */
export interface Decision {
  readonly allowed: boolean;
  /** The JSON patch, as text; empty where there is none. */
  readonly patch: string;
  readonly result: Fields | undefined;
  readonly warnings: readonly string[];
}

/** A decision, or what is wrong with the answer. */
export type DecisionReading =
  | { readonly ok: true; readonly decision: Decision }
  | { readonly ok: false; readonly message: string };

/** Reads a webhook's answer as the API server verifies it. */
export function readDecision(text: string, review: Review, mutating: boolean): DecisionReading {
  const reading = readJson(text);
  if (!reading.ok) return wrong(`couldn't get version/kind; json parse error: ${reading.message}`);
  if (!isJsonObject(reading.value)) return wrong("couldn't get version/kind; json parse error: not an object");
  const answer = reading.value;
  const response = getOwn(answer, "response");
  if (!isFields(response)) return wrong("webhook response was absent");
  const strict = review.version === "v1";
  if (strict) {
    const uid = getOwn(response, "uid") ?? "";
    if (uid !== review.uid)
      return wrong(`expected response.uid=${JSON.stringify(review.uid)}, got ${JSON.stringify(uid)}`);
    const [apiVersion, kind] = [String(getOwn(answer, "apiVersion") ?? ""), String(getOwn(answer, "kind") ?? "")];
    if (apiVersion !== "admission.k8s.io/v1" || kind !== "AdmissionReview") {
      return wrong(
        `expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got ${apiVersion}, Kind=${kind}`,
      );
    }
  }
  return readPatch(response, strict, mutating);
}

function readPatch(response: Fields, strict: boolean, mutating: boolean): DecisionReading {
  const encoded = getOwn(response, "patch");
  const patch = typeof encoded === "string" ? Buffer.from(encoded, "base64").toString("utf8") : "";
  const patchType = getOwn(response, "patchType");
  const typed = patchType !== undefined && patchType !== null;
  if (strict && mutating) {
    if (patch !== "" && !typed) return wrong("webhook returned response.patch but not response.patchType");
    if (patch === "" && typed) return wrong("webhook returned response.patchType but not response.patch");
    if (typed && patchType === "") return wrong('webhook returned invalid response.patchType of ""');
    if (typed && patchType !== "JSONPatch") return wrong(`unsupported patch type ${JSON.stringify(patchType)}`);
  }
  if (strict && !mutating) {
    if (patch !== "") return wrong("validating webhook may not return response.patch");
    if (typed) return wrong("validating webhook may not return response.patchType");
  }
  const status = getOwn(response, "status");
  const warnings = getOwn(response, "warnings");
  return {
    ok: true,
    decision: {
      allowed: getOwn(response, "allowed") === true,
      patch: mutating ? patch : "",
      result: isFields(status) ? status : undefined,
      warnings: Array.isArray(warnings) ? warnings.filter((item) => typeof item === "string") : [],
    },
  };
}

function wrong(message: string): DecisionReading {
  return { ok: false, message };
}

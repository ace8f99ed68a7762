/** The requests of the load, each with what must be answered. */
import { randomUUID } from "node:crypto";
import type { JsonObject } from "@portcullis/objects";

/** One request. */
export interface ReviewCase {
  readonly what: string;
  /** The body, with the uid where `UID` stands. */
  readonly body: string;
  /** What the denial must say; admitted where absent. */
  readonly denial?: RegExp;
}

/** Where the policies of the load look. */
export const loadNamespace = "loaded";

const padding = "x".repeat(3000);

/** An AdmissionReview of an object that is created. */
export function reviewOf(object: JsonObject, more: JsonObject = {}): JsonObject {
  const { apiVersion, kind, metadata } = object as unknown as {
    apiVersion: string;
    kind: string;
    metadata: { name: string; namespace?: string };
  };
  const [version = "", group = ""] = apiVersion.split("/").toReversed();
  const resource = `${kind.toLowerCase()}s`;
  return {
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    request: {
      uid: "UID",
      kind: { group, version, kind },
      resource: { group, version, resource },
      requestKind: { group, version, kind },
      requestResource: { group, version, resource },
      name: metadata.name,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      operation: "CREATE",
      userInfo: { username: "alice", groups: ["system:authenticated"] },
      object,
      oldObject: null,
      dryRun: false,
      options: { kind: "CreateOptions", apiVersion: "meta.k8s.io/v1" },
      ...more,
    },
  };
}

/** The body of a review with a uid of its own. */
export function bodyOf(text: string): { readonly uid: string; readonly body: string } {
  const uid = randomUUID();
  return { uid, body: text.replace('"uid":"UID"', `"uid":"${uid}"`) };
}

function podWith(name: string, limits?: JsonObject): JsonObject {
  const container = {
    name: "main",
    image: "example.com/main:1",
    ...(limits === undefined ? {} : { resources: { limits } }),
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: loadNamespace, annotations: { padding } },
    spec: { containers: [container, { ...container, name: "side" }] },
  };
}

function mapWith(name: string, labels: JsonObject): JsonObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: loadNamespace, labels, annotations: { padding } },
    data: { key: "value" },
  };
}

const limits = { cpu: "100m", memory: "64Mi" };

/** Half of them to be admitted, half to be denied, by three policies, one of which reads the inventory. */
export const loadCases: readonly ReviewCase[] = [
  { what: "a Pod within the limits", body: JSON.stringify(reviewOf(podWith("within", limits))) },
  {
    what: "a Pod without limits",
    body: JSON.stringify(reviewOf(podWith("without"))),
    denial: /container <main> has no resource limits/,
  },
  { what: "a map with its owner", body: JSON.stringify(reviewOf(mapWith("owned", { owner: "me" }))) },
  {
    what: "a map without owner",
    body: JSON.stringify(reviewOf(mapWith("stray", {}))),
    denial: /you must provide labels: \{"owner"\}/,
  },
  { what: "a map of another badge", body: JSON.stringify(reviewOf(mapWith("other", { owner: "me", badge: "two" }))) },
  {
    what: "a map of a badge that is taken",
    body: JSON.stringify(reviewOf(mapWith("copy", { owner: "me", badge: "one" }))),
    denial: /label badge has duplicate value one/,
  },
];

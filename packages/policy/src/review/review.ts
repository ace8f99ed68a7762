/** What is put before the policies: the document that they read as `input.review`, and what matching reads of it. */
import {
  groupVersionKindOf,
  nameOf,
  namespaceOf,
  ownString,
  writeJson,
  type JsonObject,
  type JsonValue,
} from "@portcullis/objects";
import type { Source } from "../match/match.ts";
import { namespaceFactsOf, subjectOf, type NamespaceFacts, type Subject } from "../match/subject.ts";
import { failure, success, type Outcome } from "../problem.ts";
import type { AdmissionRequest } from "./request.ts";

/** A review, prepared once for all constraints. */
export interface Review {
  /** `input.review`. */
  readonly document: JsonObject;
  /** What matching looks at: the object, then the old one. */
  readonly subjects: readonly Subject[];
  /** Why the objects cannot be looked at, where they cannot: every constraint with a match block then rejects. */
  readonly unreadable: string | undefined;
  /** The namespace that was supplied with the review. */
  readonly namespace: NamespaceFacts | undefined;
  /** The request's namespace, by which a known Namespace is found where none was supplied. */
  readonly namespaceName: string;
  readonly operation: string;
  readonly source: Source;
}

/** What is known of a review beside its object or request. */
export interface ReviewContext {
  /** The Namespace object that the object is in. */
  readonly namespace?: JsonObject | undefined;
  readonly source?: Source | undefined;
}

const emptyObject: JsonObject = Object.freeze({});

/** A review of a request as the API server sends it. */
export function reviewOfRequest(request: AdmissionRequest, context: ReviewContext = {}): Outcome<Review> {
  const { operation, name, namespace, subResource, requestSubResource, requestKind, requestResource } = request;
  const old = request.oldObject;
  const isDelete = operation === "DELETE";
  if (isDelete && old === undefined) {
    return failure("request", "oldObject cannot be nil for DELETE operations", {
      help: "a DELETE is reviewed by what is deleted; send it as oldObject",
    });
  }
  const object = isDelete ? old : request.object;
  const document: { [key: string]: JsonValue } = {
    uid: request.uid,
    kind: request.kind,
    resource: request.resource,
    operation,
    userInfo: request.userInfo,
    object: object ?? null,
    oldObject: old ?? null,
    options: request.options,
    // A policy sees an empty object where there is no namespace, as Gatekeeper's do.
    namespaceObject: context.namespace ?? emptyObject,
  };
  // These are shown only where they are set.
  if (name !== "") document["name"] = name;
  if (namespace !== "") document["namespace"] = namespace;
  if (subResource !== "") document["subResource"] = subResource;
  if (requestKind !== undefined) document["requestKind"] = requestKind;
  if (requestResource !== undefined) document["requestResource"] = requestResource;
  if (requestSubResource !== "") document["requestSubResource"] = requestSubResource;
  if (request.dryRun !== undefined) document["dryRun"] = request.dryRun;
  return success(prepare(document, object, old, namespace, operation, context));
}

/**
 * The same for the validating webhook, which takes the namespace off a request about a Namespace: the API server names
 * the object itself there, and it is in no namespace.
 */
export function reviewOfAdmission(request: AdmissionRequest, context: ReviewContext = {}): Outcome<Review> {
  const { kind, group } = request.kind;
  const isNamespace = kind === "Namespace" && group === "";
  return reviewOfRequest(isNamespace ? { ...request, namespace: "" } : request, context);
}

/** A review of an object as it stands, without a request: audit's and gator's. */
export function reviewOfObject(
  object: JsonObject,
  context: ReviewContext & { readonly operation?: string | undefined } = {},
): Review {
  const { group, version, kind } = groupVersionKindOf(object);
  const operation = context.operation ?? "";
  const [name, namespace] = [nameOf(object), namespaceOf(object)];
  const isDelete = operation === "DELETE";
  const document: { [key: string]: JsonValue } = {
    uid: "",
    kind: { group, version, kind },
    resource: { group: "", version: "", resource: "" },
    ...(name === "" ? {} : { name }),
    ...(namespace === "" ? {} : { namespace }),
    operation,
    userInfo: emptyObject,
    object,
    oldObject: isDelete ? object : null,
    options: null,
    namespaceObject: context.namespace ?? emptyObject,
  };
  return prepare(document, object, isDelete ? object : undefined, namespace, operation, context);
}

function prepare(
  document: JsonObject,
  object: JsonObject | undefined,
  old: JsonObject | undefined,
  namespaceName: string,
  operation: string,
  { namespace, source }: ReviewContext,
): Review {
  return {
    document,
    subjects: subjectsOf(object, old),
    unreadable: whyUnreadable(object, old),
    namespace: namespace === undefined ? undefined : namespaceFactsOf(namespace),
    namespaceName,
    operation,
    source: source ?? "",
  };
}

function subjectsOf(object: JsonObject | undefined, old: JsonObject | undefined): readonly Subject[] {
  if (object === undefined) return old === undefined ? [] : [subjectOf(old)];
  return old === undefined || old === object ? [subjectOf(object)] : [subjectOf(object), subjectOf(old)];
}

function whyUnreadable(object: JsonObject | undefined, old: JsonObject | undefined): string | undefined {
  if (object === undefined && old === undefined) {
    return "invalid request object: neither object nor old object are defined";
  }
  if (object !== undefined && ownString(object, "kind") === undefined) return unmarshalText("object", object);
  if (old !== undefined && ownString(old, "kind") === undefined) return unmarshalText("oldObject", old);
  return undefined;
}

function unmarshalText(field: string, object: JsonObject): string {
  // However large the object is: Gatekeeper prints it whole.
  return `invalid request object: failed to unmarshal gkReview ${field} ${writeJson(object)}`;
}

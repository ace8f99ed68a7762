/** What is put before the policies: the document that they read as `input.review`, and what matching reads of it. */
import {
  groupVersionKindOf,
  isJsonObject,
  nameOf,
  namespaceOf,
  own,
  ownString,
  setOwn,
  writeJson,
  type JsonObject,
  type JsonValue,
} from "@portcullis/objects";
import type { Source } from "../match/match.ts";
import { namespaceFactsOf, subjectOf, type NamespaceFacts, type Subject } from "../match/subject.ts";
import { failure, success, type Outcome } from "../problem.ts";

/** A review, prepared once for all constraints. */
export interface Review {
  /** `input.review`. */
  readonly document: JsonObject;
  /** What matching looks at: the object, then the old one. */
  readonly subjects: readonly Subject[];
  /** Why the objects cannot be looked at, where they cannot: every constraint with a match block then rejects. */
  readonly unreadable?: string;
  /** The namespace that was supplied with the review. */
  readonly namespace?: NamespaceFacts;
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

/** The fields of an AdmissionRequest that are shown only when they are set. */
const optionalFields = ["subResource", "requestSubResource", "name", "namespace"];

/** A review of an AdmissionRequest as the API server sends it. */
export function reviewOfRequest(request: JsonObject, context: ReviewContext = {}): Outcome<Review> {
  const operation = ownString(request, "operation") ?? "";
  const old = objectOf(own(request, "oldObject"));
  let object = objectOf(own(request, "object"));
  if (operation === "DELETE") {
    if (old === undefined) {
      return failure("request", "oldObject cannot be nil for DELETE operations", {
        help: "a DELETE is reviewed by what is deleted; send it as oldObject",
      });
    }
    object = old;
  }
  const document: { [key: string]: JsonValue } = {
    uid: ownString(request, "uid") ?? "",
    kind: groupVersion(own(request, "kind"), "kind"),
    resource: groupVersion(own(request, "resource"), "resource"),
  };
  for (const field of optionalFields) {
    const value = own(request, field);
    if (value !== undefined && value !== null && value !== "") document[field] = value;
  }
  const [requestKind, requestResource] = [own(request, "requestKind"), own(request, "requestResource")];
  if (isJsonObject(requestKind)) document["requestKind"] = groupVersion(requestKind, "kind");
  if (isJsonObject(requestResource)) document["requestResource"] = groupVersion(requestResource, "resource");
  document["operation"] = operation;
  document["userInfo"] = userOf(own(request, "userInfo"));
  document["object"] = object ?? null;
  document["oldObject"] = old ?? null;
  const dryRun = own(request, "dryRun");
  if (typeof dryRun === "boolean") document["dryRun"] = dryRun;
  document["options"] = own(request, "options") ?? null;
  return success(prepare(document, object, old, ownString(request, "namespace") ?? "", operation, context));
}

/**
 * The same for the validating webhook, which takes the namespace off a request about a Namespace: the API server names
 * the object itself there, and it is in no namespace.
 */
export function reviewOfAdmission(request: JsonObject, context: ReviewContext = {}): Outcome<Review> {
  const kind = own(request, "kind");
  if (ownString(kind, "kind") !== "Namespace" || (ownString(kind, "group") ?? "") !== "") {
    return reviewOfRequest(request, context);
  }
  const without: { [key: string]: JsonValue } = {};
  for (const [key, value] of Object.entries(request)) if (key !== "namespace") setOwn(without, key, value);
  return reviewOfRequest(without, context);
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
  };
  return prepare(document, object, isDelete ? object : undefined, namespace, operation, context);
}

/** Finishes a document that nobody else has. */
function prepare(
  document: { [key: string]: JsonValue },
  object: JsonObject | undefined,
  old: JsonObject | undefined,
  namespaceName: string,
  operation: string,
  { namespace, source }: ReviewContext,
): Review {
  const objects = object === old || old === undefined ? [object] : [object, old];
  const present = objects.filter((item) => item !== undefined);
  const unreadable = whyUnreadable(object, old);
  // A policy sees an empty object where there is no namespace, as Gatekeeper's do.
  document["namespaceObject"] = namespace ?? emptyObject;
  return {
    document,
    subjects: present.map(subjectOf),
    ...(unreadable === undefined ? {} : { unreadable }),
    ...(namespace === undefined ? {} : { namespace: namespaceFactsOf(namespace) }),
    namespaceName,
    operation,
    source: source ?? "",
  };
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

function objectOf(value: JsonValue | undefined): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}

/** Who asks; what is empty is left out. */
function userOf(value: JsonValue | undefined): JsonObject {
  const user: { [key: string]: JsonValue } = {};
  for (const field of userFields) {
    const item = own(value, field) ?? "";
    const isEmpty = item === "" || (typeof item === "object" && Object.keys(item ?? {}).length === 0);
    if (!isEmpty) user[field] = item;
  }
  return user;
}

const userFields = ["username", "uid", "groups", "extra"];

function groupVersion(value: JsonValue | undefined, last: "kind" | "resource"): JsonObject {
  return {
    group: ownString(value, "group") ?? "",
    version: ownString(value, "version") ?? "",
    [last]: ownString(value, last) ?? "",
  };
}

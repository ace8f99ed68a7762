/** An AdmissionRequest, read once: what the policies see of it and what decides beside them. */
import {
  isJsonArray,
  isJsonObject,
  ownString,
  type GroupVersionKind,
  type GroupVersionResource,
  type JsonObject,
  type JsonValue,
} from "@portcullis/objects";
import { typedFieldsOf } from "./request-fields.ts";

/** What a request says; the empty text and the like where it does not. */
export interface AdmissionRequest {
  readonly uid: string;
  readonly kind: GroupVersionKind & JsonObject;
  readonly resource: GroupVersionResource & JsonObject;
  readonly subResource: string;
  readonly requestKind: (GroupVersionKind & JsonObject) | undefined;
  readonly requestResource: (GroupVersionResource & JsonObject) | undefined;
  readonly requestSubResource: string;
  readonly name: string;
  readonly namespace: string;
  readonly operation: string;
  /** Without what is empty. */
  readonly userInfo: JsonObject;
  readonly username: string;
  readonly object: JsonObject | undefined;
  readonly oldObject: JsonObject | undefined;
  readonly dryRun: boolean | undefined;
  readonly options: JsonValue;
  /** Whether all its numbers are small and plain; false if not sure. */
  readonly hasPlainNumbers: boolean;
}

/** A request, or why it is none, in the words of Go's reader of JSON. */
export type RequestReading =
  | { readonly ok: true; readonly request: AdmissionRequest }
  | { readonly ok: false; readonly message: string };

/**
 * Reads a request as the API's types have it: a field of another type is an error, an unknown one is left out, and so is
 * one that is null. `hasPlainNumbers` is what is known of its numbers.
 */
export function readRequest(value: JsonObject, hasPlainNumbers: boolean = false): RequestReading {
  const usual = readUsual(value, hasPlainNumbers);
  if (usual !== undefined) return { ok: true, request: usual };
  const typed = typedFieldsOf(value);
  if (!typed.ok) return typed;
  const request = readUsual(typed.fields, hasPlainNumbers);
  if (request !== undefined) return { ok: true, request };
  // To the API's types it may be anything.
  const field = ["object", "oldObject"].find((name) => !isJsonObject(typed.fields[name] ?? {})) ?? "object";
  return { ok: false, message: `the ${field} of the AdmissionReview is no object` };
}

/**
 * A request whose fields are all known and of their types, as an API server sends it. One pass over its own keys, since it
 * is done for every review: asking for each field by its name takes several times as long.
 */
function readUsual(value: JsonObject, hasPlainNumbers: boolean): AdmissionRequest | undefined {
  let uid = "";
  let subResource = "";
  let requestSubResource = "";
  let name = "";
  let namespace = "";
  let operation = "";
  let kind: KindTexts | undefined = noKind;
  let resource: ResourceTexts | undefined = noResource;
  let requestKind: KindTexts | undefined;
  let requestResource: ResourceTexts | undefined;
  let userInfo: JsonObject | undefined = nobody;
  let object: JsonObject | undefined;
  let oldObject: JsonObject | undefined;
  let dryRun: boolean | undefined;
  let options: JsonValue = null;
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue;
    const item = value[key] ?? null;
    switch (key) {
      case "uid":
        if (typeof item !== "string") return undefined;
        uid = item;
        break;
      case "kind":
        if ((kind = kindOf(item)) === undefined) return undefined;
        break;
      case "resource":
        if ((resource = resourceOf(item)) === undefined) return undefined;
        break;
      case "subResource":
        if (typeof item !== "string") return undefined;
        subResource = item;
        break;
      case "requestKind":
        if ((requestKind = kindOf(item)) === undefined) return undefined;
        break;
      case "requestResource":
        if ((requestResource = resourceOf(item)) === undefined) return undefined;
        break;
      case "requestSubResource":
        if (typeof item !== "string") return undefined;
        requestSubResource = item;
        break;
      case "name":
        if (typeof item !== "string") return undefined;
        name = item;
        break;
      case "namespace":
        if (typeof item !== "string") return undefined;
        namespace = item;
        break;
      case "operation":
        if (typeof item !== "string") return undefined;
        operation = item;
        break;
      case "userInfo":
        if ((userInfo = userOf(item)) === undefined) return undefined;
        break;
      case "object":
        if (isJsonObject(item)) object = item;
        else if (item !== null) return undefined;
        break;
      case "oldObject":
        if (isJsonObject(item)) oldObject = item;
        else if (item !== null) return undefined;
        break;
      case "dryRun":
        if (typeof item !== "boolean") return undefined;
        dryRun = item;
        break;
      case "options":
        options = item;
        break;
      default:
        return undefined;
    }
  }
  return {
    uid,
    kind,
    resource,
    subResource,
    requestKind,
    requestResource,
    requestSubResource,
    name,
    namespace,
    operation,
    userInfo,
    username: ownString(userInfo, "username") ?? "",
    object,
    oldObject,
    dryRun,
    options,
    hasPlainNumbers,
  };
}

type KindTexts = AdmissionRequest["kind"];
type ResourceTexts = AdmissionRequest["resource"];

const noKind: KindTexts = Object.freeze({ group: "", version: "", kind: "" });
const noResource: ResourceTexts = Object.freeze({ group: "", version: "", resource: "" });

function kindOf(value: JsonValue): KindTexts | undefined {
  const texts = textsOf(value, "kind");
  return texts === undefined ? undefined : { group: texts.group, version: texts.version, kind: texts.last };
}

function resourceOf(value: JsonValue): ResourceTexts | undefined {
  const texts = textsOf(value, "resource");
  return texts === undefined ? undefined : { group: texts.group, version: texts.version, resource: texts.last };
}

/** The three texts of a kind or a resource, of which the last has a name of its own; undefined where anything is else. */
function textsOf(
  value: JsonValue,
  lastName: "kind" | "resource",
): { readonly group: string; readonly version: string; readonly last: string } | undefined {
  if (!isJsonObject(value)) return undefined;
  let group = "";
  let version = "";
  let last = "";
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue;
    const item = value[key];
    if (typeof item !== "string") return undefined;
    if (key === "group") group = item;
    else if (key === "version") version = item;
    else if (key === lastName) last = item;
    else return undefined;
  }
  return { group, version, last };
}

const nobody: JsonObject = Object.freeze({});

/** Who asks; what is empty is left out, which an API server does itself. */
function userOf(value: JsonValue): JsonObject | undefined {
  if (!isJsonObject(value)) return undefined;
  let hasEmpty = false;
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue;
    const item = value[key];
    if (key === "username" || key === "uid") {
      if (typeof item !== "string") return undefined;
      if (item === "") hasEmpty = true;
    } else if (key === "groups") {
      if (!areTexts(item)) return undefined;
      if (item.length === 0) hasEmpty = true;
    } else if (key === "extra") {
      if (!isJsonObject(item)) return undefined;
      const lists = Object.values(item);
      if (!lists.every((list) => list === null || areTexts(list))) return undefined;
      if (lists.length === 0) hasEmpty = true;
    } else return undefined;
  }
  return hasEmpty ? withoutEmpty(value) : value;
}

function areTexts(value: JsonValue | undefined): value is readonly string[] {
  if (!isJsonArray(value)) return false;
  for (const item of value) if (typeof item !== "string") return false;
  return true;
}

function withoutEmpty(user: JsonObject): JsonObject {
  const full = Object.entries(user).filter(
    ([, item]) => item !== "" && (typeof item !== "object" || Object.keys(item ?? {}).length > 0),
  );
  // Its keys are those of a user.
  return Object.fromEntries(full);
}

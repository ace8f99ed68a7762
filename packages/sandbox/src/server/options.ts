import { getOwn, isFields, type Fields } from "../storage/api-object.ts";
import type { DeleteOptions } from "./delete.ts";
import { badRequest, invalid } from "./refusals.ts";

/** Whether a request is a dry run, from query and body. */
export function isDryRun(values: readonly unknown[]): boolean {
  for (const value of values) {
    if (value !== "All" && value !== "") {
      throw invalid({ group: "meta.k8s.io", resource: "CreateOptions" }, "", [
        {
          path: "dryRun",
          type: "FieldValueNotSupported",
          badValue: [String(value)],
          detail: 'supported values: "All"',
        },
      ]);
    }
  }
  return values.includes("All");
}

/** Reads `fieldValidation`; strict is what kubectl sends, a warning what others get. */
export function readFieldValidation(query: URLSearchParams): "Strict" | "Warn" | "Ignore" {
  const text = query.get("fieldValidation") ?? "";
  switch (text) {
    case "":
      return "Warn";
    case "Strict":
    case "Warn":
    case "Ignore":
      return text;
    default:
      throw invalid({ group: "meta.k8s.io", resource: "CreateOptions" }, "", [
        {
          path: "fieldValidation",
          type: "FieldValueInvalid",
          badValue: text,
          detail: 'must be one of ["" "Ignore" "Strict" "Warn"]',
        },
      ]);
  }
}

/** The options of a write as admission sees them; a patch shows those of the write that it comes to. */
export function writeOptions(kind: "CreateOptions" | "UpdateOptions", query: URLSearchParams): Fields {
  const fieldManager = query.get("fieldManager") ?? "";
  const fieldValidation = query.get("fieldValidation") ?? "";
  return {
    kind,
    apiVersion: "meta.k8s.io/v1",
    ...(query.has("dryRun") ? { dryRun: query.getAll("dryRun") } : {}),
    ...(fieldManager === "" ? {} : { fieldManager }),
    ...(fieldValidation === "" ? {} : { fieldValidation }),
  };
}

/** DeleteOptions from the body, or from the query where there is none. */
export function readDeleteOptions(body: unknown, query: URLSearchParams): DeleteOptions {
  if (body !== undefined && body !== null && !isFields(body)) {
    throw badRequest("decoded object cannot be converted to DeleteOptions");
  }
  const given = isFields(body) ? body : fromQuery(query);
  const grace = getOwn(given, "gracePeriodSeconds");
  const preconditions = getOwn(given, "preconditions");
  const uid = getOwn(preconditions, "uid");
  const resourceVersion = getOwn(preconditions, "resourceVersion");
  const propagation = propagationOf(given);
  return {
    ...(typeof grace === "number" ? { gracePeriodSeconds: grace < 0 ? 1 : grace } : {}),
    ...(propagation === undefined ? {} : { propagationPolicy: propagation }),
    ...(typeof uid === "string" ? { uid } : {}),
    ...(typeof resourceVersion === "string" ? { resourceVersion } : {}),
    raw: { ...given, kind: "DeleteOptions", apiVersion: "meta.k8s.io/v1" },
  };
}

function fromQuery(query: URLSearchParams): Fields {
  const grace = query.get("gracePeriodSeconds");
  const propagation = query.get("propagationPolicy");
  const orphan = query.get("orphanDependents");
  return {
    ...(grace === null || grace === "" ? {} : { gracePeriodSeconds: Number(grace) }),
    ...(propagation === null || propagation === "" ? {} : { propagationPolicy: propagation }),
    ...(orphan === null ? {} : { orphanDependents: orphan === "true" }),
    ...(query.has("dryRun") ? { dryRun: query.getAll("dryRun") } : {}),
  };
}

function propagationOf(options: Fields): DeleteOptions["propagationPolicy"] {
  const orphan = getOwn(options, "orphanDependents");
  if (typeof orphan === "boolean") return orphan ? "Orphan" : "Background";
  const policy = getOwn(options, "propagationPolicy");
  if (policy === undefined || policy === null || policy === "") return undefined;
  if (policy === "Background" || policy === "Foreground" || policy === "Orphan") return policy;
  throw invalid({ group: "meta.k8s.io", resource: "DeleteOptions" }, "", [
    {
      path: "propagationPolicy",
      type: "FieldValueNotSupported",
      badValue: String(policy),
      detail: 'supported values: "Background", "Foreground", "Orphan", "nil"',
    },
  ]);
}

import { goWordOf, nameOf, ownString, writeJson, type JsonObject } from "@portcullis/objects";
import type { AdmissionRequest } from "./request.ts";

/**
 * Why nothing can be expanded from the object that a request is about, if so. Gatekeeper looks at this before it reviews
 * and refuses the request, also where no expansion is defined: an object of no kind could be matched by no policy.
 */
export function whyNotExpandable(request: AdmissionRequest): string | undefined {
  const object = request.operation === "DELETE" ? request.oldObject : request.object;
  if (object === undefined) return undefined;
  const unreadable = whyUndecodable(object);
  if (unreadable !== undefined) return `error decoding generator resource ${request.name}: ${unreadable}`;
  const { group, version, kind } = request.kind;
  const isNameless = group === "" && version === "" && kind === "";
  return isNameless ? `unable to expand object: cannot expand resource ${nameOf(object)} with empty GVK` : undefined;
}

/** Why an object is none to Kubernetes, in its words. */
function whyUndecodable(object: JsonObject): string | undefined {
  const [apiVersion, kind] = [ownString(object, "apiVersion"), ownString(object, "kind")];
  if (apiVersion === undefined || kind === undefined) {
    // The first that is wrong, in the order in which they stand, is the one that is told.
    for (const [key, value] of Object.entries(object)) {
      if ((key !== "apiVersion" && key !== "kind") || value === null || typeof value === "string") continue;
      return `couldn't get version/kind; json parse error: json: cannot unmarshal ${goWordOf(value)} into Go struct field .${key} of type string`;
    }
  }
  if (apiVersion !== undefined && apiVersion.indexOf("/") !== apiVersion.lastIndexOf("/")) {
    return `unexpected GroupVersion string: ${apiVersion}`;
  }
  return (kind ?? "") === "" ? `Object 'Kind' is missing in '${writeJson(object)}'` : undefined;
}

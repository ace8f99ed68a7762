import { goWordOf, isJsonObject, nameOf, own, ownString, writeJson, type JsonObject } from "@portcullis/objects";

/**
 * Why nothing can be expanded from the object that a request is about, if so. Gatekeeper looks at this before it reviews
 * and refuses the request, also where no expansion is defined: an object of no kind could be matched by no policy.
 */
export function whyNotExpandable(request: JsonObject): string | undefined {
  const object = own(request, ownString(request, "operation") === "DELETE" ? "oldObject" : "object");
  if (!isJsonObject(object)) return undefined;
  const unreadable = whyUndecodable(object);
  if (unreadable !== undefined) {
    return `error decoding generator resource ${ownString(request, "name") ?? ""}: ${unreadable}`;
  }
  const kind = own(request, "kind");
  const isNameless = ["group", "version", "kind"].every((field) => (ownString(kind, field) ?? "") === "");
  return isNameless ? `unable to expand object: cannot expand resource ${nameOf(object)} with empty GVK` : undefined;
}

/** Why an object is none to Kubernetes, in its words. */
function whyUndecodable(object: JsonObject): string | undefined {
  const isTyped = typeof own(object, "apiVersion") === "string" && typeof own(object, "kind") === "string";
  // The first that is wrong, in the order in which they stand, is the one that is told.
  for (const [key, value] of isTyped ? [] : Object.entries(object)) {
    if ((key !== "apiVersion" && key !== "kind") || value === null || typeof value === "string") continue;
    return `couldn't get version/kind; json parse error: json: cannot unmarshal ${goWordOf(value)} into Go struct field .${key} of type string`;
  }
  const apiVersion = ownString(object, "apiVersion") ?? "";
  if (apiVersion.indexOf("/") !== apiVersion.lastIndexOf("/")) return `unexpected GroupVersion string: ${apiVersion}`;
  return (ownString(object, "kind") ?? "") === "" ? `Object 'Kind' is missing in '${writeJson(object)}'` : undefined;
}

import { isJsonObject, nameOf, own, ownString, writeJson, type JsonObject } from "@portcullis/objects";

/**
 * Why nothing can be expanded from the object that a request is about, if so. Gatekeeper looks at this before it reviews
 * and refuses the request, also where no expansion is defined: an object of no kind could be matched by no policy.
 */
export function whyNotExpandable(request: JsonObject): string | undefined {
  const object = own(request, ownString(request, "operation") === "DELETE" ? "oldObject" : "object");
  if (!isJsonObject(object)) return undefined;
  if ((ownString(object, "kind") ?? "") === "") {
    const name = ownString(request, "name") ?? "";
    return `error decoding generator resource ${name}: Object 'Kind' is missing in '${writeJson(object)}'`;
  }
  const kind = own(request, "kind");
  const isNameless = ["group", "version", "kind"].every((field) => (ownString(kind, field) ?? "") === "");
  return isNameless ? `unable to expand object: cannot expand resource ${nameOf(object)} with empty GVK` : undefined;
}

import { labelsOf, nameOf, ownString, writeJson } from "@portcullis/objects";
import { allowedBecause, errored, type Verdict, type AdmissionRequest } from "@portcullis/policy";

/** The namespaces that may carry the label which takes them out of the webhook's sight. */
export interface ExemptNamespaces {
  readonly names: readonly string[];
  readonly prefixes: readonly string[];
  readonly suffixes: readonly string[];
}

/** The label that takes a namespace out of the webhook's sight. */
export const ignoreLabel = "admission.gatekeeper.sh/ignore";

/** Guards the label: who may set it may escape every policy. */
export function admitLabel(request: AdmissionRequest, exempt: ExemptNamespaces): Verdict {
  if (request.operation === "DELETE") return allowedBecause("Delete is always allowed");
  if (request.kind.group !== "" || request.kind.kind !== "Namespace") return allowedBecause("Not a namespace");
  const { object } = request;
  if (object === undefined) return unreadable("unexpected end of JSON input");
  if ((ownString(object, "kind") ?? "") === "") {
    return unreadable(`Object 'Kind' is missing in '${writeJson(object)}'`);
  }
  // The request of an object whose name is being generated has none.
  const name = nameOf(object);
  if (isExempt(name, exempt)) return allowedBecause(`Namespace ${name} is allowed to set ${ignoreLabel}`);
  if (Object.hasOwn(labelsOf(object), ignoreLabel)) {
    const message = `Only exempt namespace can have the ${ignoreLabel} label`;
    return { allowed: false, code: 403, reason: "Forbidden", message, warnings: [] };
  }
  return allowedBecause(`Namespace is not setting the ${ignoreLabel} label`);
}

function unreadable(why: string): Verdict {
  return { ...errored(500, `while deserializing resource: ${why}`), reason: "Forbidden" };
}

/** Whether a namespace of this name may carry the label. */
export function isExempt(name: string, { names, prefixes, suffixes }: ExemptNamespaces): boolean {
  return (
    names.includes(name) ||
    prefixes.some((prefix) => name.startsWith(prefix)) ||
    suffixes.some((suffix) => name.endsWith(suffix))
  );
}

import { labelsOf } from "@portcullis/objects";
import { allowed, denied, type AdmissionAnswer, type AdmissionRequest } from "./admission-review.ts";

/** The namespaces that may carry the label which takes them out of the webhook's sight. */
export interface ExemptNamespaces {
  readonly names: readonly string[];
  readonly prefixes: readonly string[];
  readonly suffixes: readonly string[];
}

const ignoreLabel = "admission.gatekeeper.sh/ignore";

/** Guards the label: who may set it may escape every policy. */
export function admitLabel(request: AdmissionRequest, exempt: ExemptNamespaces): AdmissionAnswer {
  if (request.operation === "DELETE") return allowed("Delete is always allowed");
  if (request.group !== "" || request.kind !== "Namespace") return allowed("Not a namespace");
  const { name } = request;
  if (isExempt(name, exempt)) return allowed(`Namespace ${name} is allowed to set ${ignoreLabel}`);
  if (request.object !== undefined && Object.hasOwn(labelsOf(request.object), ignoreLabel)) {
    return denied(`Only exempt namespace can have the ${ignoreLabel} label`);
  }
  return allowed(`Namespace is not setting the ${ignoreLabel} label`);
}

function isExempt(name: string, { names, prefixes, suffixes }: ExemptNamespaces): boolean {
  return (
    names.includes(name) ||
    prefixes.some((prefix) => name.startsWith(prefix)) ||
    suffixes.some((suffix) => name.endsWith(suffix))
  );
}

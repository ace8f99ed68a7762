import type { AdmissionAttributes } from "../server/admission.ts";
import type { WebhookRule } from "./webhook.ts";

/** Whether a rule is about a request, were it made in that version. */
export function matchesRule(rule: WebhookRule, attributes: AdmissionAttributes, version: string): boolean {
  return (
    matchesScope(rule, attributes) &&
    has(rule.operations, attributes.operation) &&
    has(rule.apiGroups, attributes.target.kind.group) &&
    has(rule.apiVersions, version) &&
    rule.resources.some((pattern) => matchesResource(pattern, attributes))
  );
}

function has(allowed: readonly string[], value: string): boolean {
  return allowed.includes("*") || allowed.includes(value);
}

function matchesScope({ scope }: WebhookRule, { target, namespace }: AdmissionAttributes): boolean {
  const { group, plural } = target.kind;
  // Namespaces have a namespace of their own here, and are cluster-scoped all the same.
  const cluster = namespace === "" || (group === "" && plural === "namespaces");
  return scope === "*" || (scope === "Cluster") === cluster;
}

function matchesResource(pattern: string, { target, subresource }: AdmissionAttributes): boolean {
  const slash = pattern.indexOf("/");
  const resource = slash < 0 ? pattern : pattern.slice(0, slash);
  const sub = slash < 0 ? "" : pattern.slice(slash + 1);
  return (resource === "*" || resource === target.kind.plural) && (sub === "*" || sub === subresource);
}

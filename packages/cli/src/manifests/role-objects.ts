import { roleRule, rulesFor, type Reach, type RoleRule } from "@portcullis/controller/rbac";
import type { JsonObject } from "@portcullis/objects";
import { systemLabel, type ManifestOptions } from "./manifest-options.ts";

/** The service account and what it may do: the rules that the server's own calls need. */
export function roleObjects(options: ManifestOptions): readonly JsonObject[] {
  const { namespace, names } = options;
  const labels = { ...systemLabel };
  const rulesOf = (reach: Reach): readonly JsonObject[] => rulesFor(reach).flatMap((rule) => ruleOf(rule, options));
  const account = { kind: "ServiceAccount", name: names.account, namespace };
  const group = "rbac.authorization.k8s.io";
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: names.account, namespace, labels } },
    {
      apiVersion: `${group}/v1`,
      kind: "ClusterRole",
      metadata: { name: names.role, labels },
      rules: [...rulesOf("cluster")],
    },
    {
      apiVersion: `${group}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name: names.roleBinding, labels },
      roleRef: { apiGroup: group, kind: "ClusterRole", name: names.role },
      subjects: [account],
    },
    {
      apiVersion: `${group}/v1`,
      kind: "Role",
      metadata: { name: names.role, namespace, labels },
      rules: [...rulesOf("own-namespace")],
    },
    {
      apiVersion: `${group}/v1`,
      kind: "RoleBinding",
      metadata: { name: names.roleBinding, namespace, labels },
      roleRef: { apiGroup: group, kind: "Role", name: names.role },
      subjects: [account],
    },
  ];
}

/** The rule with its names; none where it is only for what is not asked for. */
function ruleOf(rule: RoleRule, { names, eventsInInvolvedNamespace }: ManifestOptions): readonly JsonObject[] {
  if (rule.only === "events-anywhere" && !eventsInInvolvedNamespace) return [];
  switch (rule.names) {
    case "validating-webhook-configurations":
      return [roleRule(rule, [names.webhookConfiguration])];
    case "mutating-webhook-configurations":
      return [];
    case "certificate-secret":
      return [roleRule(rule, [names.secret])];
    case undefined:
      return [roleRule(rule)];
  }
}

import { roleRule, rulesFor, type Reach, type RoleRule } from "@portcullis/controller/rbac";
import type { JsonObject } from "@portcullis/objects";
import { accessObjects } from "./access-objects.ts";
import type { ManifestOptions } from "./manifest-options.ts";

/** The service account and what it may do: the rules that the server's own calls need. */
export function roleObjects(options: ManifestOptions): readonly JsonObject[] {
  const { namespace, names } = options;
  const rulesOf = (reach: Reach): readonly JsonObject[] => rulesFor(reach).flatMap((rule) => ruleOf(rule, options));
  return accessObjects({
    namespace,
    account: names.account,
    role: names.role,
    roleBinding: names.roleBinding,
    clusterRules: rulesOf("cluster"),
    namespaceRules: rulesOf("own-namespace"),
  });
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

import { reviewedSubresources } from "@portcullis/controller/webhook-rules";
import type { JsonObject } from "@portcullis/objects";
import { constraintGroup } from "@portcullis/policy";
import { systemLabel, systemNamespaces, type ManifestOptions } from "./manifest-options.ts";

const ignoreLabel = { key: "admission.gatekeeper.sh/ignore", operator: "DoesNotExist" };
const named = (operator: "In" | "NotIn", values: readonly string[]): JsonObject => ({
  key: "kubernetes.io/metadata.name",
  operator,
  values: [...values],
});

/**
 * The webhook configuration. Lenient is one webhook that covers everything and fails open, as Gatekeeper's. Strict fails
 * closed, but only where a cluster can start and lead without it: namespaced objects outside of the system's namespaces,
 * leases and events excepted. What it leaves out is still reviewed, by webhooks that fail open. Constraints fail closed
 * too: while nobody answers, nobody could widen what is narrowed to the kinds that constraints match.
 */
export function webhookConfigurationObject({ profile, namespace, names }: ManifestOptions): JsonObject {
  const service = (path: string): JsonObject => ({ service: { name: names.service, namespace, path } });
  const webhook = (
    name: string,
    failurePolicy: "Fail" | "Ignore",
    rules: readonly JsonObject[],
    selector: readonly JsonObject[],
    conditions: readonly JsonObject[] = [],
  ): JsonObject => ({
    name,
    clientConfig: service("/v1/admit"),
    failurePolicy,
    matchPolicy: "Equivalent",
    sideEffects: "NoneOnDryRun",
    admissionReviewVersions: ["v1", "v1beta1"],
    timeoutSeconds: 3,
    ...(conditions.length > 0 ? { matchConditions: [...conditions] } : {}),
    ...(selector.length > 0 ? { namespaceSelector: { matchExpressions: [...selector] } } : {}),
    rules: [...rules],
  });
  const labelGuard = {
    ...webhook(
      "check-ignore-label.gatekeeper.sh",
      "Fail",
      [
        {
          apiGroups: [""],
          apiVersions: ["*"],
          operations: ["CREATE", "UPDATE"],
          resources: ["namespaces"],
          scope: "*",
        },
      ],
      [named("NotIn", [namespace])],
    ),
    clientConfig: service("/v1/admitlabel"),
    // Others have nothing to be guarded, and can be made while nobody answers.
    objectSelector: { matchExpressions: [{ ...ignoreLabel, operator: "Exists" }] },
  };
  const lenient = [
    webhook("validation.gatekeeper.sh", "Ignore", [everything("*")], [ignoreLabel, named("NotIn", [namespace])]),
  ];
  const strict = [
    webhook(
      "validation.gatekeeper.sh",
      "Fail",
      [everything("Namespaced")],
      [ignoreLabel, named("NotIn", [...systemNamespaces, namespace])],
      [
        {
          name: "leases-and-events-fail-open",
          expression: '!(request.resource.group == "coordination.k8s.io" || request.resource.resource == "events")',
        },
      ],
    ),
    webhook(
      "open.validation.gatekeeper.sh",
      "Ignore",
      [everything("Cluster"), ...leasesAndEvents],
      [ignoreLabel, named("NotIn", [namespace])],
      [{ name: "constraints-fail-closed", expression: `request.resource.group != "${constraintGroup}"` }],
    ),
    webhook("constraints.validation.gatekeeper.sh", "Fail", [constraints], []),
    webhook(
      "system.validation.gatekeeper.sh",
      "Ignore",
      [everything("Namespaced")],
      [ignoreLabel, named("In", systemNamespaces)],
    ),
  ];
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: names.webhookConfiguration, labels: { ...systemLabel } },
    webhooks: [...(profile === "lenient" ? lenient : strict), labelGuard],
  };
}

function everything(scope: "*" | "Namespaced" | "Cluster"): JsonObject {
  return {
    apiGroups: ["*"],
    apiVersions: ["*"],
    operations: ["CREATE", "UPDATE"],
    resources: ["*", ...reviewedSubresources],
    scope,
  };
}

const constraints: JsonObject = {
  apiGroups: [constraintGroup],
  apiVersions: ["*"],
  operations: ["CREATE", "UPDATE"],
  resources: ["*"],
  scope: "Cluster",
};

const leasesAndEvents: readonly JsonObject[] = [
  {
    apiGroups: ["coordination.k8s.io"],
    apiVersions: ["*"],
    operations: ["CREATE", "UPDATE"],
    resources: ["*"],
    scope: "Namespaced",
  },
  {
    apiGroups: ["", "events.k8s.io"],
    apiVersions: ["*"],
    operations: ["CREATE", "UPDATE"],
    resources: ["events"],
    scope: "Namespaced",
  },
];

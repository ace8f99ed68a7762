import type { JsonObject } from "@portcullis/objects";
import { reviewedSubresources } from "./reviewed-subresources.ts";

/** How the API server is to call the webhook. */
export interface WebhookRegistration {
  /** `https://host:port`, or the Service's name. */
  readonly reach:
    | { readonly kind: "url"; readonly origin: string }
    | { readonly kind: "service"; readonly name: string };
  readonly namespace: string;
  /** PEM of the authorities that the server's certificate may come from. */
  readonly trust: string;
  readonly failurePolicy: "Fail" | "Ignore";
  readonly timeoutSeconds: number;
}

/** The name of the webhook that reviews, within its configuration. */
export const validationWebhook = "validation.gatekeeper.sh";

/** The name of the configuration, as Gatekeeper's manifests have it. */
export const webhookConfigurationName = "gatekeeper-validating-webhook-configuration";

const resources = ["*", ...reviewedSubresources];

/** The webhook configuration with Gatekeeper's names, scope and rules. */
export function webhookConfiguration(registration: WebhookRegistration): JsonObject {
  const { reach, namespace, trust, failurePolicy, timeoutSeconds } = registration;
  const caBundle = Buffer.from(trust).toString("base64");
  const clientConfig = (path: string): JsonObject =>
    reach.kind === "url"
      ? { url: reach.origin + path, caBundle }
      : { service: { name: reach.name, namespace, path }, caBundle };
  const common = {
    matchPolicy: "Equivalent",
    // Admitting a template makes its constraints' kind, except in a dry run (docs/adr/0004).
    sideEffects: "NoneOnDryRun",
    admissionReviewVersions: ["v1", "v1beta1"],
    timeoutSeconds,
  };
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: webhookConfigurationName, labels: { "gatekeeper.sh/system": "yes" } },
    webhooks: [
      {
        name: validationWebhook,
        clientConfig: clientConfig("/v1/admit"),
        failurePolicy,
        ...common,
        rules: [{ apiGroups: ["*"], apiVersions: ["*"], operations: ["CREATE", "UPDATE"], resources, scope: "*" }],
        namespaceSelector: {
          matchExpressions: [
            { key: "admission.gatekeeper.sh/ignore", operator: "DoesNotExist" },
            { key: "kubernetes.io/metadata.name", operator: "NotIn", values: [namespace] },
          ],
        },
      },
      {
        name: "check-ignore-label.gatekeeper.sh",
        clientConfig: clientConfig("/v1/admitlabel"),
        failurePolicy: "Fail",
        ...common,
        rules: [
          {
            apiGroups: [""],
            apiVersions: ["*"],
            operations: ["CREATE", "UPDATE"],
            resources: ["namespaces"],
            scope: "*",
          },
        ],
        namespaceSelector: {
          matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "NotIn", values: [namespace] }],
        },
        // Namespaces without the label have nothing to be guarded, and must not wait for us.
        objectSelector: { matchExpressions: [{ key: "admission.gatekeeper.sh/ignore", operator: "Exists" }] },
      },
    ],
  };
}

import type { JsonObject } from "@portcullis/objects";

/** What an installation is made with. The chart has the same values under Gatekeeper's names. */
export interface ManifestOptions {
  readonly profile: "lenient" | "strict";
  readonly namespace: string;
  readonly image: string;
  readonly replicas: number;
  /** Whether events are emitted, each in the namespace of the object that it is about. */
  readonly eventsInInvolvedNamespace: boolean;
  /** What a Job applies when the server is there. */
  readonly policies: readonly JsonObject[];
}

/** The image of this version. */
export const releasedImage = "ghcr.io/portcullis/portcullis:v0.1.0";

/** Namespaces that a cluster cannot start without, so that the profile strict never fails closed in them. */
export const systemNamespaces: readonly string[] = ["kube-system", "kube-node-lease", "kube-public"];

export const names = {
  webhookConfiguration: "gatekeeper-validating-webhook-configuration",
  service: "gatekeeper-webhook-service",
  secret: "gatekeeper-webhook-server-cert",
  account: "gatekeeper-admin",
  role: "gatekeeper-manager-role",
  roleBinding: "gatekeeper-manager-rolebinding",
  deployment: "gatekeeper-controller-manager",
  applier: "gatekeeper-apply-policies",
  quota: "gatekeeper-critical-pods",
} as const;

export const systemLabel: Readonly<Record<string, string>> = { "gatekeeper.sh/system": "yes" };
export const podLabels: Readonly<Record<string, string>> = {
  ...systemLabel,
  "control-plane": "controller-manager",
  "gatekeeper.sh/operation": "webhook",
};

import type { JsonObject } from "@portcullis/objects";

/** What an installation is made with. The chart has the same values under Gatekeeper's names. */
export interface ManifestOptions {
  readonly profile: "lenient" | "strict";
  readonly namespace: string;
  readonly names: ManifestNames;
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

/** What everything that is installed is called, but for the CRDs and the namespace. */
export interface ManifestNames {
  readonly webhookConfiguration: string;
  readonly service: string;
  readonly secret: string;
  readonly account: string;
  readonly role: string;
  readonly roleBinding: string;
  readonly deployment: string;
  readonly applier: string;
  readonly quota: string;
  /** What the server's Pods are found by. */
  readonly podLabels: Readonly<Record<string, string>>;
  /** Whether they are Gatekeeper's, which the server goes by when it is told nothing. */
  readonly areGatekeepers: boolean;
}

/** What is Gatekeeper's own is found by this label, by us and by users' scripts. */
export const systemLabel: Readonly<Record<string, string>> = { "gatekeeper.sh/system": "yes" };

/**
 * The names that begin like this. Those of `gatekeeper` are Gatekeeper's own; under any other an installation can stand
 * beside Gatekeeper: nothing of the one has the other's name, and neither's Services find the other's Pods.
 */
export function namesOf(prefix: string): ManifestNames {
  const areGatekeepers = prefix === gatekeepersPrefix;
  return {
    webhookConfiguration: `${prefix}-validating-webhook-configuration`,
    service: `${prefix}-webhook-service`,
    secret: `${prefix}-webhook-server-cert`,
    account: `${prefix}-admin`,
    role: `${prefix}-manager-role`,
    roleBinding: `${prefix}-manager-rolebinding`,
    deployment: `${prefix}-controller-manager`,
    applier: `${prefix}-apply-policies`,
    quota: `${prefix}-critical-pods`,
    podLabels: {
      ...systemLabel,
      "control-plane": areGatekeepers ? "controller-manager" : `${prefix}-controller-manager`,
      "gatekeeper.sh/operation": "webhook",
    },
    areGatekeepers,
  };
}

/** What Gatekeeper's own names begin with. */
export const gatekeepersPrefix = "gatekeeper";

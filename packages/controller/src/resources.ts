/** The resources that the server reads and writes; the Lease is the business of `@portcullis/kube`. */
import type { Resource } from "@portcullis/kube";

/** Templates, in the version that they are stored in. */
export const constraintTemplates: Resource = {
  group: "templates.gatekeeper.sh",
  version: "v1",
  plural: "constrainttemplates",
  kind: "ConstraintTemplate",
  namespaced: false,
};

/** The CRDs: those that the product stands on, and those of constraints. */
export const customResourceDefinitions: Resource = {
  group: "apiextensions.k8s.io",
  version: "v1",
  plural: "customresourcedefinitions",
  kind: "CustomResourceDefinition",
  namespaced: false,
};

/** The namespaces, whose labels policies match and which may be exempt. */
export const namespaces: Resource = {
  group: "",
  version: "v1",
  plural: "namespaces",
  kind: "Namespace",
  namespaced: false,
};

/** The validating webhooks' configurations; ours says when the API server asks. */
export const webhookConfigurations: Resource = {
  group: "admissionregistration.k8s.io",
  version: "v1",
  plural: "validatingwebhookconfigurations",
  kind: "ValidatingWebhookConfiguration",
  namespaced: false,
};

/** What each replica says of a template. */
export const templatePodStatuses: Resource = {
  group: "status.gatekeeper.sh",
  version: "v1beta1",
  plural: "constrainttemplatepodstatuses",
  kind: "ConstraintTemplatePodStatus",
  namespaced: true,
};

/** What each replica says of a constraint. */
export const constraintPodStatuses: Resource = {
  group: "status.gatekeeper.sh",
  version: "v1beta1",
  plural: "constraintpodstatuses",
  kind: "ConstraintPodStatus",
  namespaced: true,
};

/** What each replica says of the Config. */
export const configPodStatuses: Resource = {
  group: "status.gatekeeper.sh",
  version: "v1beta1",
  plural: "configpodstatuses",
  kind: "ConfigPodStatus",
  namespaced: true,
};

/** The Config, of which one counts. */
export const configs: Resource = {
  group: "config.gatekeeper.sh",
  version: "v1alpha1",
  plural: "configs",
  kind: "Config",
  namespaced: true,
};

/** What is to be in the inventory. */
export const syncSets: Resource = {
  group: "syncset.gatekeeper.sh",
  version: "v1alpha1",
  plural: "syncsets",
  kind: "SyncSet",
  namespaced: false,
};

/** The mutating webhooks' configurations, whose authorities may be ours to keep. */
export const mutatingWebhookConfigurations: Resource = {
  group: "admissionregistration.k8s.io",
  version: "v1",
  plural: "mutatingwebhookconfigurations",
  kind: "MutatingWebhookConfiguration",
  namespaced: false,
};

/** The Secrets, one of which holds the certificates. */
export const secrets: Resource = { group: "", version: "v1", plural: "secrets", kind: "Secret", namespaced: true };

/** Where warnings about violations and gaps are written. */
export const events: Resource = { group: "", version: "v1", plural: "events", kind: "Event", namespaced: true };

/** The Pods, of which this process is one. */
export const pods: Resource = { group: "", version: "v1", plural: "pods", kind: "Pod", namespaced: true };

/** The constraints of a kind. */
export function constraintsOf(kind: string): Resource {
  return {
    group: "constraints.gatekeeper.sh",
    version: "v1beta1",
    plural: kind.toLowerCase(),
    kind,
    namespaced: false,
  };
}

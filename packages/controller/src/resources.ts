import type { Resource } from "@portcullis/kube";

/** The resources that the server reads and writes. */
export const constraintTemplates: Resource = {
  group: "templates.gatekeeper.sh",
  version: "v1",
  plural: "constrainttemplates",
  kind: "ConstraintTemplate",
  namespaced: false,
};

export const customResourceDefinitions: Resource = {
  group: "apiextensions.k8s.io",
  version: "v1",
  plural: "customresourcedefinitions",
  kind: "CustomResourceDefinition",
  namespaced: false,
};

export const namespaces: Resource = {
  group: "",
  version: "v1",
  plural: "namespaces",
  kind: "Namespace",
  namespaced: false,
};

export const webhookConfigurations: Resource = {
  group: "admissionregistration.k8s.io",
  version: "v1",
  plural: "validatingwebhookconfigurations",
  kind: "ValidatingWebhookConfiguration",
  namespaced: false,
};

export const templatePodStatuses: Resource = {
  group: "status.gatekeeper.sh",
  version: "v1beta1",
  plural: "constrainttemplatepodstatuses",
  kind: "ConstraintTemplatePodStatus",
  namespaced: true,
};

export const constraintPodStatuses: Resource = {
  group: "status.gatekeeper.sh",
  version: "v1beta1",
  plural: "constraintpodstatuses",
  kind: "ConstraintPodStatus",
  namespaced: true,
};

export const configPodStatuses: Resource = {
  group: "status.gatekeeper.sh",
  version: "v1beta1",
  plural: "configpodstatuses",
  kind: "ConfigPodStatus",
  namespaced: true,
};

export const configs: Resource = {
  group: "config.gatekeeper.sh",
  version: "v1alpha1",
  plural: "configs",
  kind: "Config",
  namespaced: true,
};

export const syncSets: Resource = {
  group: "syncset.gatekeeper.sh",
  version: "v1alpha1",
  plural: "syncsets",
  kind: "SyncSet",
  namespaced: false,
};

export const mutatingWebhookConfigurations: Resource = {
  group: "admissionregistration.k8s.io",
  version: "v1",
  plural: "mutatingwebhookconfigurations",
  kind: "MutatingWebhookConfiguration",
  namespaced: false,
};

export const secrets: Resource = { group: "", version: "v1", plural: "secrets", kind: "Secret", namespaced: true };

export const leases: Resource = {
  group: "coordination.k8s.io",
  version: "v1",
  plural: "leases",
  kind: "Lease",
  namespaced: true,
};

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

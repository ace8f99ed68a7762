import { at, listAt, ownFields, setDefault } from "./fields-at.ts";
import { isFields } from "../storage/api-object.ts";
import type { Draft, Fields } from "../storage/api-object.ts";

/** Fills in the webhooks of a ValidatingWebhookConfiguration. */
export function defaultValidatingWebhooks(draft: Draft): void {
  for (const webhook of listAt(draft, "webhooks")) defaultWebhook(webhook);
}

/** Fills in the webhooks of a MutatingWebhookConfiguration. */
export function defaultMutatingWebhooks(draft: Draft): void {
  for (const webhook of listAt(draft, "webhooks")) {
    defaultWebhook(webhook);
    setDefault(webhook, "reinvocationPolicy", "Never");
  }
}

function defaultWebhook(webhook: Fields): void {
  setDefault(webhook, "failurePolicy", "Fail");
  setDefault(webhook, "matchPolicy", "Equivalent");
  setDefault(webhook, "namespaceSelector", {});
  setDefault(webhook, "objectSelector", {});
  setDefault(webhook, "timeoutSeconds", 10);
  for (const rule of listAt(webhook, "rules")) setDefault(rule, "scope", "*");
  const service = at(webhook, "clientConfig", "service");
  if (isFields(service)) setDefault(service, "port", 443);
}

/** Fills in a NetworkPolicy. */
export function defaultNetworkPolicy(draft: Draft): void {
  const spec = ownFields(draft, "spec");
  ownFields(spec, "podSelector");
  for (const rule of [...listAt(spec, "ingress"), ...listAt(spec, "egress")]) {
    for (const port of listAt(rule, "ports")) setDefault(port, "protocol", "TCP");
  }
  if (Array.isArray(spec["policyTypes"]) && spec["policyTypes"].length > 0) return;
  spec["policyTypes"] = listAt(spec, "egress").length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
}

/** An Ingress has a load balancer status from the start. */
export function defaultIngress(draft: Draft): void {
  ownFields(ownFields(draft, "status"), "loadBalancer");
}

/** Fills in an IngressClass. */
export function defaultIngressClass(draft: Draft): void {
  const parameters = at(draft, "spec", "parameters");
  if (isFields(parameters)) setDefault(parameters, "scope", "Cluster");
}

/** The API group of roles' references and of their subjects. */
export function defaultRoleBinding(draft: Draft): void {
  const group = "rbac.authorization.k8s.io";
  setDefault(ownFields(draft, "roleRef"), "apiGroup", group);
  for (const subject of listAt(draft, "subjects")) {
    if (subject["kind"] === "User" || subject["kind"] === "Group") setDefault(subject, "apiGroup", group);
  }
}

/** Fills in a PriorityClass. */
export function defaultPriorityClass(draft: Draft): void {
  setDefault(draft, "preemptionPolicy", "PreemptLowerPriority");
}

/** Fills in a StorageClass. */
export function defaultStorageClass(draft: Draft): void {
  setDefault(draft, "reclaimPolicy", "Delete");
  setDefault(draft, "volumeBindingMode", "Immediate");
}

/** Fills in a HorizontalPodAutoscaler: one replica at least, and a target of 80 % of the CPU asked for. */
export function defaultHorizontalPodAutoscaler(draft: Draft): void {
  const spec = ownFields(draft, "spec");
  setDefault(spec, "minReplicas", 1);
  if (Array.isArray(spec["metrics"]) && spec["metrics"].length > 0) return;
  spec["metrics"] = [
    { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } },
  ];
}

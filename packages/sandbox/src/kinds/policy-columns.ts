import { ageColumn, column, integerColumn, nameColumn, selectorColumn, wideColumn } from "./columns.ts";
import { at, fieldsAt, listAt, numberAt, textAt } from "./fields-at.ts";
import type { PrinterColumn } from "./kind.ts";
import type { ApiObject } from "../storage/api-object.ts";

/** The columns of Ingresses. */
export const ingressColumns: readonly PrinterColumn[] = [
  nameColumn,
  column("Class", (object) => textAt(object, "spec", "ingressClassName") || "<none>"),
  column("Hosts", hosts),
  column("Address", (object) =>
    listAt(object, "status", "loadBalancer", "ingress")
      .map((each) => textAt(each, "ip") || textAt(each, "hostname"))
      .join(","),
  ),
  column("Ports", (object) => (listAt(object, "spec", "tls").length > 0 ? "80, 443" : "80")),
  ageColumn,
];

function hosts(ingress: ApiObject): string {
  const rules = listAt(ingress, "spec", "rules");
  const named = rules.map((rule) => textAt(rule, "host")).filter((host) => host !== "");
  if (named.length === 0) return "*";
  const shown = named.slice(0, 3).join(",");
  return named.length > 3 || rules.length > 3 ? `${shown} + ${rules.length - 3} more...` : shown;
}

/** The columns of IngressClasses. */
export const ingressClassColumns: readonly PrinterColumn[] = [
  nameColumn,
  column("Controller", (object) => textAt(object, "spec", "controller")),
  column("Parameters", (object) => {
    const parameters = fieldsAt(object, "spec", "parameters");
    const group = textAt(parameters, "apiGroup");
    const kind = textAt(parameters, "kind");
    return kind === "" ? "<none>" : `${kind}${group === "" ? "" : `.${group}`}/${textAt(parameters, "name")}`;
  }),
  ageColumn,
];

/** The columns of NetworkPolicies. */
export const networkPolicyColumns: readonly PrinterColumn[] = [
  nameColumn,
  {
    ...selectorColumn((object) => at(object, "spec", "podSelector") ?? {}),
    name: "Pod-Selector",
    priority: 0,
  },
  ageColumn,
];

/** The columns of PodDisruptionBudgets. */
export const podDisruptionBudgetColumns: readonly PrinterColumn[] = [
  nameColumn,
  column("Min Available", (object) => numberOrText(at(object, "spec", "minAvailable"))),
  column("Max Unavailable", (object) => numberOrText(at(object, "spec", "maxUnavailable"))),
  integerColumn("Allowed Disruptions", "status", "disruptionsAllowed"),
  ageColumn,
];

function numberOrText(value: unknown): string {
  return typeof value === "number" || typeof value === "string" ? `${value}` : "N/A";
}

/** The columns of HorizontalPodAutoscalers. */
export const horizontalPodAutoscalerColumns: readonly PrinterColumn[] = [
  nameColumn,
  column("Reference", (object) => {
    const target = fieldsAt(object, "spec", "scaleTargetRef");
    return `${textAt(target, "kind")}/${textAt(target, "name")}`;
  }),
  column("Targets", (object) => {
    const metrics = listAt(object, "spec", "metrics").map(metricText);
    const shown = metrics.slice(0, 2).join(", ");
    return metrics.length > 2 ? `${shown} + ${metrics.length - 2} more...` : shown || "<none>";
  }),
  column("MinPods", (object) => `${numberAt(object, "spec", "minReplicas") ?? "<unset>"}`),
  column("MaxPods", (object) => numberAt(object, "spec", "maxReplicas") ?? 0),
  column("Replicas", (object) => numberAt(object, "status", "currentReplicas") ?? 0),
  ageColumn,
];

/** Nothing measures in the sandbox, so what is current is unknown. */
function metricText(metric: unknown): string {
  const type = textAt(metric, "type");
  const source = fieldsAt(metric, `${type.slice(0, 1).toLowerCase()}${type.slice(1)}`);
  const target = fieldsAt(source, "target");
  const name = textAt(source, "name");
  const prefix = type === "Resource" || type === "ContainerResource" ? `${name}: ` : "";
  const utilization = numberAt(target, "averageUtilization");
  if (utilization !== undefined) return `${prefix}<unknown>/${utilization}%`;
  return `${prefix}<unknown>/${textAt(target, "averageValue") || textAt(target, "value") || "<auto>"}`;
}

/** The columns of RoleBindings and ClusterRoleBindings. */
export const roleBindingColumns: readonly PrinterColumn[] = [
  nameColumn,
  column("Role", (object) => `${textAt(object, "roleRef", "kind")}/${textAt(object, "roleRef", "name")}`),
  ageColumn,
  wideColumn("Users", (object) => subjects(object, "User")),
  wideColumn("Groups", (object) => subjects(object, "Group")),
  wideColumn("ServiceAccounts", (object) => subjects(object, "ServiceAccount")),
];

function subjects(binding: ApiObject, kind: string): string {
  return listAt(binding, "subjects")
    .filter((subject) => subject["kind"] === kind)
    .map((subject) =>
      kind === "ServiceAccount"
        ? `${textAt(subject, "namespace")}/${textAt(subject, "name")}`
        : textAt(subject, "name"),
    )
    .join(", ");
}

import { builtIn } from "./built-in-kind.ts";
import { fullName } from "./built-in-schemas.ts";
import { fieldsAt, listAt, numberAt, ownFields, textAt } from "./fields-at.ts";
import { horizontalPodAutoscalerColumns } from "./policy-columns.ts";
import { defaultHorizontalPodAutoscaler } from "./policy-defaults.ts";
import { isFields } from "../storage/api-object.ts";
import type { Kind } from "./kind.ts";
import type { Draft, Fields } from "../storage/api-object.ts";

/** Where v1, which knows of CPU alone, keeps what v2 says besides. */
const otherMetrics = "autoscaling.alpha.kubernetes.io/metrics";

const current = builtIn({
  group: "autoscaling",
  kind: "HorizontalPodAutoscaler",
  plural: "horizontalpodautoscalers",
  shortNames: ["hpa"],
  categories: ["all"],
  schema: "autoscaling.v2.HorizontalPodAutoscaler",
  statusSubresource: true,
  columns: horizontalPodAutoscalerColumns,
  applyDefaults: defaultHorizontalPodAutoscaler,
  warnings: () => ["the sandbox stores HorizontalPodAutoscalers and measures nothing, so none scales"],
});

/** HorizontalPodAutoscalers, in v2 as they are stored and in v1, which `kubectl autoscale` writes. */
export const horizontalPodAutoscalerKind: Kind = {
  ...current,
  versions: [
    ...current.versions,
    {
      name: "v1",
      served: true,
      schema: { $ref: fullName("autoscaling.v1.HorizontalPodAutoscaler") },
      columns: horizontalPodAutoscalerColumns,
      toStorage,
      fromStorage,
    },
  ],
};

function cpuMetric(percent: number): Fields {
  return { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: percent } } };
}

function cpuPercent(metric: Fields): number | undefined {
  if (textAt(metric, "resource", "name") !== "cpu") return undefined;
  return numberAt(metric, "resource", "target", "averageUtilization");
}

function toStorage(draft: Draft): void {
  const spec = ownFields(draft, "spec");
  const percent = numberAt(spec, "targetCPUUtilizationPercentage");
  delete spec["targetCPUUtilizationPercentage"];
  const { [otherMetrics]: kept, ...annotations } = draft.metadata.annotations ?? {};
  const others = kept === undefined ? [] : readList(kept);
  if (kept !== undefined) draft.metadata.annotations = annotations;
  const metrics = [...(percent === undefined ? [] : [cpuMetric(percent)]), ...others];
  if (metrics.length > 0) spec["metrics"] = metrics;
  const status = draft["status"];
  if (isFields(status)) delete status["currentCPUUtilizationPercentage"];
}

function fromStorage(draft: Draft): void {
  const spec = ownFields(draft, "spec");
  const metrics = listAt(spec, "metrics");
  delete spec["metrics"];
  const cpu = metrics.find((metric) => cpuPercent(metric) !== undefined);
  if (cpu !== undefined) spec["targetCPUUtilizationPercentage"] = cpuPercent(cpu);
  const others = metrics.filter((metric) => metric !== cpu);
  if (others.length > 0) {
    draft.metadata.annotations = { ...draft.metadata.annotations, [otherMetrics]: JSON.stringify(others) };
  }
  delete spec["behavior"];
  const status = fieldsAt(draft, "status");
  for (const field of ["currentMetrics", "conditions"]) delete status[field];
}

function readList(text: string): readonly Fields[] {
  try {
    return listAt({ list: JSON.parse(text) }, "list");
  } catch {
    return [];
  }
}

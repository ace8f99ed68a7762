import { ageColumn, column, containerColumns, integerColumn, nameColumn, selectorColumn } from "./columns.ts";
import { at, listAt, mapAt, numberAt, textAt } from "./fields-at.ts";
import { ageOf, humanDuration } from "./human-duration.ts";
import { labelsText } from "./selector-text.ts";
import type { PrinterColumn } from "./kind.ts";
import type { ApiObject } from "../storage/api-object.ts";

function count(object: ApiObject, ...path: readonly string[]): number {
  return numberAt(object, ...path) ?? 0;
}

const specSelector = (object: ApiObject): unknown => at(object, "spec", "selector");

const readyOfDesired: PrinterColumn = column(
  "Ready",
  (object) => `${count(object, "status", "readyReplicas")}/${count(object, "spec", "replicas")}`,
);

/** The columns of Deployments. */
export const deploymentColumns: readonly PrinterColumn[] = [
  nameColumn,
  readyOfDesired,
  column("Up-to-date", (object) => count(object, "status", "updatedReplicas")),
  column("Available", (object) => count(object, "status", "availableReplicas")),
  ageColumn,
  ...containerColumns("spec", "template"),
  selectorColumn(specSelector, ""),
];

const replicaCounts: readonly PrinterColumn[] = [
  nameColumn,
  integerColumn("Desired", "spec", "replicas"),
  integerColumn("Current", "status", "replicas"),
  integerColumn("Ready", "status", "readyReplicas"),
  ageColumn,
  ...containerColumns("spec", "template"),
];

/** The columns of ReplicaSets. */
export const replicaSetColumns: readonly PrinterColumn[] = [...replicaCounts, selectorColumn(specSelector)];

/** The columns of ReplicationControllers, whose selector is a plain map. */
export const replicationControllerColumns: readonly PrinterColumn[] = [
  ...replicaCounts,
  {
    name: "Selector",
    type: "string",
    priority: 1,
    cell: (object) => labelsText(mapAt(object, "spec", "selector")),
  },
];

/** The columns of StatefulSets. */
export const statefulSetColumns: readonly PrinterColumn[] = [
  nameColumn,
  readyOfDesired,
  ageColumn,
  ...containerColumns("spec", "template"),
];

/** The columns of DaemonSets. */
export const daemonSetColumns: readonly PrinterColumn[] = [
  nameColumn,
  integerColumn("Desired", "status", "desiredNumberScheduled"),
  integerColumn("Current", "status", "currentNumberScheduled"),
  integerColumn("Ready", "status", "numberReady"),
  integerColumn("Up-to-date", "status", "updatedNumberScheduled"),
  integerColumn("Available", "status", "numberAvailable"),
  column("Node Selector", (object) => labelsText(mapAt(object, "spec", "template", "spec", "nodeSelector"))),
  ageColumn,
  ...containerColumns("spec", "template"),
  selectorColumn(specSelector),
];

/** The columns of ControllerRevisions. */
export const controllerRevisionColumns: readonly PrinterColumn[] = [
  nameColumn,
  column("Controller", (object) => {
    const owner = object.metadata.ownerReferences?.find((reference) => reference.controller === true);
    if (owner === undefined) return "<none>";
    const group = owner.apiVersion.includes("/") ? `.${owner.apiVersion.split("/")[0]}` : "";
    return `${`${owner.kind}${group}`.toLowerCase()}/${owner.name}`;
  }),
  column("Revision", (object) => count(object, "revision")),
  ageColumn,
];

/** The columns of Jobs. */
export const jobColumns: readonly PrinterColumn[] = [
  nameColumn,
  column("Status", jobStatus),
  column("Completions", jobCompletions),
  column("Duration", (job, now) => {
    const start = textAt(job, "status", "startTime");
    if (start === "") return "";
    const end = textAt(job, "status", "completionTime");
    return humanDuration((end === "" ? now.getTime() : Date.parse(end)) - Date.parse(start));
  }),
  ageColumn,
  ...containerColumns("spec", "template"),
  selectorColumn(specSelector),
];

function jobStatus(job: ApiObject): string {
  const has = (type: string): boolean =>
    listAt(job, "status", "conditions").some((each) => each["type"] === type && each["status"] === "True");
  if (has("Complete")) return "Complete";
  if (has("Failed")) return "Failed";
  if (job.metadata.deletionTimestamp !== undefined) return "Terminating";
  return ["Suspended", "FailureTarget", "SuccessCriteriaMet"].find(has) ?? "Running";
}

function jobCompletions(job: ApiObject): string {
  const succeeded = count(job, "status", "succeeded");
  const completions = numberAt(job, "spec", "completions");
  if (completions !== undefined) return `${succeeded}/${completions}`;
  const parallelism = count(job, "spec", "parallelism");
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

/** The columns of CronJobs. */
export const cronJobColumns: readonly PrinterColumn[] = [
  nameColumn,
  column("Schedule", (object) => textAt(object, "spec", "schedule")),
  column("Timezone", (object) => textAt(object, "spec", "timeZone") || "<none>"),
  column("Suspend", (object) => (at(object, "spec", "suspend") === true ? "True" : "False")),
  column("Active", (object) => listAt(object, "status", "active").length),
  column("Last Schedule", (object, now) => {
    const last = textAt(object, "status", "lastScheduleTime");
    return last === "" ? "<none>" : ageOf(last, now);
  }),
  ageColumn,
  ...containerColumns("spec", "jobTemplate", "spec", "template"),
  selectorColumn((object) => at(object, "spec", "jobTemplate", "spec", "selector")),
];

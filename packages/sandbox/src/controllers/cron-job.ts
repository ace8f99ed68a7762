import { changeStatus, remove, timestamp } from "./change.ts";
import { controllerOf, controllerReference } from "./controller.ts";
import { endOf, isFinished } from "./job.ts";
import { isDue, parseCronSchedule } from "../kinds/cron-schedule.ts";
import { at, fieldsAt, mapAt, numberAt, textAt } from "../kinds/fields-at.ts";
import { isRefusal } from "../server/refusals.ts";
import type { Controller, Reconciling } from "./controller.ts";
import type { ApiObject, Fields } from "../storage/api-object.ts";

const resource = "cronjobs.batch";
const jobs = "jobs.batch";
const minute = 60_000;

/** Starts a CronJob's Jobs when the clock says so, and clears away those of the past. */
export const cronJobController: Controller = {
  name: "cronjob",
  resource,
  kind: "CronJob",
  owns: [jobs],
  reconcile: async (cronJob, reconciling) => {
    if (cronJob.metadata.deletionTimestamp !== undefined) return;
    const scheduled = dueTime(cronJob);
    if (scheduled !== undefined) await start(cronJob, scheduled, reconciling);
    await clearPast(cronJob, reconciling);
    await report(cronJob, scheduled, reconciling);
    reconciling.again(minute - (Date.now() % minute) + 5);
  },
};

function jobsOf(cronJob: ApiObject, { api }: Reconciling): readonly ApiObject[] {
  return api.list(jobs, cronJob.metadata.namespace).filter((job) => controllerOf(job)?.uid === cronJob.metadata.uid);
}

/** The minute that has just begun, if the schedule names it and it was not run yet. */
function dueTime(cronJob: ApiObject): Date | undefined {
  if (at(cronJob, "spec", "suspend") === true) return undefined;
  const reading = parseCronSchedule(textAt(cronJob, "spec", "schedule"));
  const now = new Date(Math.floor(Date.now() / minute) * minute);
  const last = textAt(cronJob, "status", "lastScheduleTime");
  const known = Date.parse(last === "" ? cronJob.metadata.creationTimestamp : last);
  if (!reading.ok || now.getTime() <= known) return undefined;
  return isDue(reading.schedule, inZone(now, textAt(cronJob, "spec", "timeZone"))) ? now : undefined;
}

/** The moment whose UTC fields read as the clock does in a time zone. */
function inZone(time: Date, zone: string): Date {
  if (zone === "" || zone === "Etc/UTC" || zone === "UTC") return time;
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" });
  return new Date(`${format.format(time).replace(" ", "T")}Z`);
}

async function start(cronJob: ApiObject, scheduled: Date, reconciling: Reconciling): Promise<void> {
  const { api, events } = reconciling;
  const policy = textAt(cronJob, "spec", "concurrencyPolicy");
  const active = jobsOf(cronJob, reconciling).filter((job) => !isFinished(job));
  if (policy === "Forbid" && active.length > 0) {
    const message = "Not starting job because prior execution is running and concurrency policy is Forbid";
    events.record(cronJob, { type: "Normal", reason: "JobAlreadyActive", message });
    return;
  }
  if (policy === "Replace") for (const job of active) await remove(api, jobs, job, { propagationPolicy: "Background" });
  const template = fieldsAt(cronJob, "spec", "jobTemplate");
  const { name, namespace = "" } = cronJob.metadata;
  try {
    const job = await api.create(jobs, {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: {
        name: `${name}-${scheduled.getTime() / minute}`,
        namespace,
        labels: { ...mapAt(template, "metadata", "labels") },
        annotations: {
          ...mapAt(template, "metadata", "annotations"),
          "batch.kubernetes.io/cronjob-scheduled-timestamp": timestamp(scheduled),
        },
        ownerReferences: [controllerReference(cronJob)],
      },
      spec: fieldsAt(template, "spec"),
    });
    events.record(cronJob, { type: "Normal", reason: "SuccessfulCreate", message: `Created job ${job.metadata.name}` });
  } catch (error) {
    if (isRefusal(error, "AlreadyExists")) return;
    const text = error instanceof Error ? error.message : String(error);
    events.record(cronJob, { type: "Warning", reason: "FailedCreate", message: `Error creating job: ${text}` });
    throw error;
  }
}

async function clearPast(cronJob: ApiObject, reconciling: Reconciling): Promise<void> {
  const finished = jobsOf(cronJob, reconciling)
    .filter(isFinished)
    .toSorted((a, b) => Date.parse(a.metadata.creationTimestamp) - Date.parse(b.metadata.creationTimestamp));
  for (const [type, field, usual] of [
    ["Complete", "successfulJobsHistoryLimit", 3],
    ["Failed", "failedJobsHistoryLimit", 1],
  ] as const) {
    const past = finished.filter((job) => endOf(job)?.["type"] === type);
    const limit = numberAt(cronJob, "spec", field) ?? usual;
    for (const job of past.slice(0, Math.max(0, past.length - limit))) {
      await remove(reconciling.api, jobs, job, { propagationPolicy: "Background" });
      const message = `Deleted job ${job.metadata.name}`;
      reconciling.events.record(cronJob, { type: "Normal", reason: "SuccessfulDelete", message });
    }
  }
}

async function report(cronJob: ApiObject, scheduled: Date | undefined, reconciling: Reconciling): Promise<void> {
  const all = jobsOf(cronJob, reconciling);
  const active = all
    .filter((job) => !isFinished(job))
    .map(({ apiVersion, kind, metadata: { namespace, name, uid, resourceVersion } }) => ({
      apiVersion,
      kind,
      namespace,
      name,
      uid,
      resourceVersion,
    }));
  const successes = all.map((job) => textAt(job, "status", "completionTime")).filter((time) => time !== "");
  await changeStatus(reconciling.api, resource, cronJob, (object) => {
    const { active: _active, ...before }: Fields = fieldsAt(object, "status");
    const lastSuccess = successes.toSorted().at(-1) ?? textAt(before, "lastSuccessfulTime");
    return {
      ...before,
      ...(active.length === 0 ? {} : { active }),
      ...(scheduled === undefined ? {} : { lastScheduleTime: timestamp(scheduled) }),
      ...(lastSuccess === "" ? {} : { lastSuccessfulTime: lastSuccess }),
    };
  });
}

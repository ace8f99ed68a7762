import { changeStatus, remove, timestamp } from "./change.ts";
import { createPod, deletePod, dependentsOf, isActive, isReady, withCondition } from "./dependents.ts";
import { without } from "./replica-set.ts";
import { at, fieldsAt, listAt, numberAt, textAt } from "../kinds/fields-at.ts";
import type { Controller, Reconciling } from "./controller.ts";
import type { ApiObject, Fields } from "../storage/api-object.ts";

const resource = "jobs.batch";

/** Makes a Job's Pods until enough of them have succeeded. */
export const jobController: Controller = {
  name: "job",
  resource,
  kind: "Job",
  owns: ["pods"],
  reconcile: async (job, reconciling) => {
    if (job.metadata.deletionTimestamp !== undefined) return;
    if (isFinished(job)) return expire(job, reconciling);
    const pods = await dependentsOf(reconciling.api, "pods", job);
    const verdict = verdictOf(job, pods);
    try {
      if (verdict !== undefined || at(job, "spec", "suspend") === true) {
        for (const pod of pods.filter(isActive)) await deletePod(reconciling, job, pod);
      } else {
        await fill(job, pods, reconciling);
      }
    } finally {
      await report(job, verdict, reconciling);
    }
  },
};

/** Whether a Job has come to an end. */
export function isFinished(job: ApiObject): boolean {
  return endOf(job) !== undefined;
}

/** The condition with which a Job ended. */
export function endOf(job: ApiObject): Fields | undefined {
  return listAt(job, "status", "conditions").find(
    (each) => (each["type"] === "Complete" || each["type"] === "Failed") && each["status"] === "True",
  );
}

interface Verdict {
  readonly type: "Complete" | "Failed";
  readonly reason: string;
  readonly message: string;
}

function countPhase(pods: readonly ApiObject[], phase: string): number {
  return pods.filter((pod) => textAt(pod, "status", "phase") === phase).length;
}

function indexOf(pod: ApiObject): string {
  return pod.metadata.annotations?.["batch.kubernetes.io/job-completion-index"] ?? "";
}

function succeededCount(job: ApiObject, pods: readonly ApiObject[]): number {
  const done = pods.filter((pod) => textAt(pod, "status", "phase") === "Succeeded");
  return isIndexed(job) ? new Set(done.map(indexOf)).size : done.length;
}

function isIndexed(job: ApiObject): boolean {
  return textAt(job, "spec", "completionMode") === "Indexed";
}

function verdictOf(job: ApiObject, pods: readonly ApiObject[]): Verdict | undefined {
  const succeeded = succeededCount(job, pods);
  const completions = numberAt(job, "spec", "completions");
  if (countPhase(pods, "Failed") > (numberAt(job, "spec", "backoffLimit") ?? 6)) {
    const message = "Job has reached the specified backoff limit";
    return { type: "Failed", reason: "BackoffLimitExceeded", message };
  }
  const started = textAt(job, "status", "startTime");
  const deadline = numberAt(job, "spec", "activeDeadlineSeconds");
  if (deadline !== undefined && started !== "" && Date.now() - Date.parse(started) >= deadline * 1000) {
    const message = "Job was active longer than specified deadline";
    return { type: "Failed", reason: "DeadlineExceeded", message };
  }
  const enough = completions === undefined ? succeeded > 0 && !pods.some(isActive) : succeeded >= completions;
  if (!enough) return undefined;
  return { type: "Complete", reason: "CompletionsReached", message: "Reached expected number of succeeded pods" };
}

async function fill(job: ApiObject, pods: readonly ApiObject[], reconciling: Reconciling): Promise<void> {
  const active = pods.filter(isActive);
  const parallelism = numberAt(job, "spec", "parallelism") ?? 1;
  const completions = numberAt(job, "spec", "completions");
  const succeeded = succeededCount(job, pods);
  const left = completions === undefined ? (succeeded > 0 ? active.length : parallelism) : completions - succeeded;
  const wanted = Math.min(parallelism, left);
  for (const pod of active.slice(Math.max(0, wanted))) await deletePod(reconciling, job, pod);
  const free = isIndexed(job) ? freeIndexes(completions ?? 0, pods) : [];
  for (let number = active.length; number < wanted; number += 1) {
    const index = free.shift();
    await createPod(reconciling, job, index === undefined ? {} : indexed(index));
  }
  const deadline = numberAt(job, "spec", "activeDeadlineSeconds");
  if (deadline !== undefined) reconciling.again(deadline * 1000);
}

function freeIndexes(completions: number, pods: readonly ApiObject[]): string[] {
  const taken = new Set(
    pods.filter((pod) => isActive(pod) || textAt(pod, "status", "phase") === "Succeeded").map(indexOf),
  );
  return Array.from({ length: completions }, (_, index) => `${index}`).filter((index) => !taken.has(index));
}

function indexed(index: string): { labels: Record<string, string>; annotations: Record<string, string> } {
  const mark = { "batch.kubernetes.io/job-completion-index": index };
  return { labels: mark, annotations: mark };
}

async function report(job: ApiObject, verdict: Verdict | undefined, { api, events }: Reconciling): Promise<void> {
  const pods = await dependentsOf(api, "pods", job);
  const active = pods.filter(isActive);
  const time = timestamp();
  const suspended = at(job, "spec", "suspend") === true;
  const finished = verdict !== undefined && active.length === 0;
  await changeStatus(api, resource, job, (object) => {
    const before = fieldsAt(object, "status");
    const start = textAt(before, "startTime") || time;
    const conditions = finished
      ? ended(listAt(before, "conditions"), verdict, time)
      : suspension(listAt(before, "conditions"), suspended, time);
    const succeeded = succeededCount(job, pods);
    const failed = countPhase(pods, "Failed");
    return {
      ...without(before, ["active", "succeeded", "failed", "startTime", "conditions"]),
      ...(active.length === 0 ? {} : { active: active.length }),
      ...(succeeded === 0 ? {} : { succeeded }),
      ...(failed === 0 ? {} : { failed }),
      ready: active.filter(isReady).length,
      terminating: pods.filter((pod) => pod.metadata.deletionTimestamp !== undefined).length,
      uncountedTerminatedPods: {},
      ...(suspended ? {} : { startTime: start }),
      ...(finished && verdict.type === "Complete" ? { completionTime: time } : {}),
      ...(conditions.length === 0 ? {} : { conditions }),
    };
  });
  if (!finished) return;
  if (verdict.type === "Complete") {
    events.record(job, { type: "Normal", reason: "Completed", message: "Job completed" });
  } else {
    events.record(job, { type: "Warning", reason: verdict.reason, message: verdict.message });
  }
}

function ended(conditions: readonly Fields[], { type, reason, message }: Verdict, time: string): readonly Fields[] {
  const condition = { status: "True", reason, message };
  const extra = { lastProbeTime: time };
  const first = type === "Complete" ? "SuccessCriteriaMet" : "FailureTarget";
  return withCondition(withCondition(conditions, first, condition, time, extra), type, condition, time, extra);
}

function suspension(conditions: readonly Fields[], suspended: boolean, time: string): readonly Fields[] {
  const known = conditions.some((each) => each["type"] === "Suspended");
  if (!suspended && !known) return conditions;
  const condition = suspended
    ? { status: "True", reason: "JobSuspended", message: "Job suspended" }
    : { status: "False", reason: "JobResumed", message: "Job resumed" };
  return withCondition(conditions, "Suspended", condition, time, { lastProbeTime: time });
}

/** A finished Job goes when the time it was given after its end is over. */
async function expire(job: ApiObject, { api, again }: Reconciling): Promise<void> {
  const seconds = numberAt(job, "spec", "ttlSecondsAfterFinished");
  const end = endOf(job);
  if (seconds === undefined || end === undefined) return;
  const left = Date.parse(textAt(end, "lastTransitionTime")) + seconds * 1000 - Date.now();
  if (left > 0) return again(left);
  await remove(api, resource, job, { propagationPolicy: "Background" });
}

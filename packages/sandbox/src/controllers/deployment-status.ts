import { changeStatus, timestamp } from "./change.ts";
import { scaled, withCondition } from "./dependents.ts";
import { counted, without } from "./replica-set.ts";
import { at, fieldsAt, listAt, numberAt, textAt } from "../kinds/fields-at.ts";
import type { Reconciling } from "./controller.ts";
import type { ApiObject, Fields } from "../storage/api-object.ts";

/** Says in a Deployment's status how far it has come. */
export async function reportDeployment(
  deployment: ApiObject,
  current: ApiObject | undefined,
  sets: readonly ApiObject[],
  { api, again }: Reconciling,
): Promise<void> {
  const deadline = numberAt(deployment, "spec", "progressDeadlineSeconds") ?? 600;
  await changeStatus(api, "deployments.apps", deployment, (object) => {
    const counts = countsOf(deployment, current, sets);
    const kept = without(fieldsAt(object, "status"), countNames);
    const status: Fields = {
      ...kept,
      observedGeneration: deployment.metadata.generation ?? 1,
      ...counted("replicas", counts.replicas),
      ...counted("updatedReplicas", counts.updated),
      ...counted("readyReplicas", counts.ready),
      ...counted("availableReplicas", counts.available),
      ...counted("unavailableReplicas", Math.max(0, counts.asked - counts.available)),
      terminatingReplicas: counts.terminating,
    };
    const conditions = conditionsOf(object, counts, current, sets, deadline);
    return { ...status, conditions };
  });
  if (deadline < 2_147_483_647 && current !== undefined) again(deadline * 1000);
}

const countNames = ["replicas", "updatedReplicas", "readyReplicas", "availableReplicas", "unavailableReplicas"];

interface Counts {
  readonly wanted: number;
  /** What the sets are to have, whether or not their Pods could be made. */
  readonly asked: number;
  readonly least: number;
  readonly replicas: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
  readonly terminating: number;
}

function countsOf(deployment: ApiObject, current: ApiObject | undefined, sets: readonly ApiObject[]): Counts {
  const sum = (field: string): number => sets.reduce((total, set) => total + (numberAt(set, "status", field) ?? 0), 0);
  const wanted = numberAt(deployment, "spec", "replicas") ?? 1;
  const rolling = fieldsAt(deployment, "spec", "strategy", "rollingUpdate");
  const surge = scaled(rolling["maxSurge"], wanted, Math.ceil);
  const down = scaled(rolling["maxUnavailable"], wanted, Math.floor);
  const recreate = textAt(deployment, "spec", "strategy", "type") === "Recreate";
  const mayMiss = recreate ? 0 : down === 0 && surge === 0 ? 1 : down;
  return {
    wanted,
    asked: sets.reduce((total, set) => total + (numberAt(set, "spec", "replicas") ?? 0), 0),
    least: wanted - mayMiss,
    replicas: sum("replicas"),
    updated: numberAt(current, "status", "replicas") ?? 0,
    ready: sum("readyReplicas"),
    available: sum("availableReplicas"),
    terminating: sum("terminatingReplicas"),
  };
}

function conditionsOf(
  object: ApiObject,
  counts: Counts,
  current: ApiObject | undefined,
  sets: readonly ApiObject[],
  deadline: number,
): readonly Fields[] {
  const time = timestamp();
  const before = listAt(object, "status", "conditions");
  const enough = counts.available >= counts.least;
  const available = enough
    ? { status: "True", reason: "MinimumReplicasAvailable", message: "Deployment has minimum availability." }
    : {
        status: "False",
        reason: "MinimumReplicasUnavailable",
        message: "Deployment does not have minimum availability.",
      };
  const failing = sets.flatMap((set) =>
    listAt(set, "status", "conditions").filter((each) => each["type"] === "ReplicaFailure"),
  )[0];
  const failure = failing && {
    status: textAt(failing, "status"),
    reason: textAt(failing, "reason"),
    message: textAt(failing, "message"),
  };
  const withAvailable = updated(before, "Available", available, time);
  const withProgress = progress(object, withAvailable, counts, current, deadline, time);
  return failure === undefined
    ? withCondition(withProgress, "ReplicaFailure", undefined, time)
    : updated(withProgress, "ReplicaFailure", failure, time);
}

interface Condition {
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** Puts in a condition; the time of its last update moves only when it says something new. */
function updated(
  conditions: readonly Fields[],
  type: string,
  condition: Condition,
  time: string,
  force = false,
): readonly Fields[] {
  const old = conditions.find((each) => each["type"] === type);
  const same = old?.["status"] === condition.status && old["reason"] === condition.reason;
  if (same && !force) return conditions;
  return withCondition(conditions, type, condition, time, { lastUpdateTime: time });
}

function progress(
  object: ApiObject,
  conditions: readonly Fields[],
  counts: Counts,
  current: ApiObject | undefined,
  deadline: number,
  time: string,
): readonly Fields[] {
  const old = conditions.find((each) => each["type"] === "Progressing");
  if (at(object, "spec", "paused") === true) {
    const paused = { status: "Unknown", reason: "DeploymentPaused", message: "Deployment is paused" };
    return updated(conditions, "Progressing", paused, time);
  }
  if (old?.["reason"] === "DeploymentPaused") {
    const resumed = { status: "Unknown", reason: "DeploymentResumed", message: "Deployment is resumed" };
    return updated(conditions, "Progressing", resumed, time);
  }
  const name = current?.metadata.name ?? "";
  const complete =
    counts.updated === counts.wanted && counts.replicas === counts.wanted && counts.available === counts.wanted;
  if (complete) {
    const message = `ReplicaSet "${name}" has successfully progressed.`;
    return updated(conditions, "Progressing", { status: "True", reason: "NewReplicaSetAvailable", message }, time);
  }
  if (old === undefined) {
    const message = `Created new replica set "${name}"`;
    return updated(conditions, "Progressing", { status: "True", reason: "NewReplicaSetCreated", message }, time);
  }
  if (hasMoved(object, counts) || (old["reason"] === "NewReplicaSetAvailable" && counts.updated < counts.wanted)) {
    const message = `ReplicaSet "${name}" is progressing.`;
    return updated(conditions, "Progressing", { status: "True", reason: "ReplicaSetUpdated", message }, time, true);
  }
  const since = Date.parse(textAt(old, "lastUpdateTime"));
  if (old["reason"] === "NewReplicaSetAvailable" || Date.now() - since < deadline * 1000) return conditions;
  const message = `ReplicaSet "${name}" has timed out progressing.`;
  return updated(conditions, "Progressing", { status: "False", reason: "ProgressDeadlineExceeded", message }, time);
}

/** Whether more new Pods are there, or ready, or available, or fewer old ones, than the status last said. */
function hasMoved(object: ApiObject, counts: Counts): boolean {
  const before = (field: string): number => numberAt(object, "status", field) ?? 0;
  const oldBefore = before("replicas") - before("updatedReplicas");
  return (
    counts.updated > before("updatedReplicas") ||
    counts.replicas - counts.updated < oldBefore ||
    counts.ready > before("readyReplicas") ||
    counts.available > before("availableReplicas")
  );
}

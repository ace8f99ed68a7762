import { changeStatus, timestamp } from "./change.ts";
import {
  availableIn,
  createPod,
  deletePod,
  dependentsOf,
  isActive,
  isReady,
  textOf,
  withCondition,
} from "./dependents.ts";
import { fieldsAt, listAt, mapAt, numberAt } from "../kinds/fields-at.ts";
import type { Controller, Reconciling } from "./controller.ts";
import type { ApiObject, Fields } from "../storage/api-object.ts";

/** Keeps as many Pods as a ReplicaSet asks for. */
export const replicaSetController: Controller = {
  name: "replicaset",
  resource: "replicasets.apps",
  kind: "ReplicaSet",
  owns: ["pods"],
  reconcile: async (set, reconciling) => {
    const { api } = reconciling;
    const pods = (await dependentsOf(api, "pods", set)).filter(isActive);
    const wanted = numberAt(set, "spec", "replicas") ?? 1;
    const failure =
      set.metadata.deletionTimestamp === undefined ? await manage(set, pods, wanted, reconciling) : undefined;
    await report(set, failure, reconciling);
    if (failure !== undefined) throw failure.error;
  },
};

interface Failure {
  readonly reason: "FailedCreate" | "FailedDelete";
  readonly error: unknown;
}

async function manage(
  set: ApiObject,
  pods: readonly ApiObject[],
  wanted: number,
  reconciling: Reconciling,
): Promise<Failure | undefined> {
  if (pods.length < wanted) return createPods(set, wanted - pods.length, reconciling);
  try {
    await Promise.all(
      pods
        .toSorted(byDispensability)
        .slice(0, pods.length - wanted)
        .map((pod) => deletePod(reconciling, set, pod)),
    );
    return undefined;
  } catch (error) {
    return { reason: "FailedDelete", error };
  }
}

/** In batches that double, so that a ReplicaSet whose Pods are refused asks once and not a thousand times. */
async function createPods(set: ApiObject, count: number, reconciling: Reconciling): Promise<Failure | undefined> {
  let left = count;
  for (let batch = 1; left > 0; batch *= 2) {
    const size = Math.min(batch, left);
    const results = await Promise.allSettled(Array.from({ length: size }, () => createPod(reconciling, set)));
    const refused = results.find((result) => result.status === "rejected");
    if (refused !== undefined) return { reason: "FailedCreate", error: refused.reason };
    left -= size;
  }
  return undefined;
}

/** The Pods to give up first: those not ready, then the newest. */
function byDispensability(left: ApiObject, right: ApiObject): number {
  const ready = Number(isReady(left)) - Number(isReady(right));
  if (ready !== 0) return ready;
  const byAge = Date.parse(right.metadata.creationTimestamp) - Date.parse(left.metadata.creationTimestamp);
  return byAge === 0 ? (left.metadata.name < right.metadata.name ? 1 : -1) : byAge;
}

async function report(set: ApiObject, failure: Failure | undefined, { api, again }: Reconciling): Promise<void> {
  const minReadySeconds = numberAt(set, "spec", "minReadySeconds") ?? 0;
  const all = await dependentsOf(api, "pods", set);
  const pods = all.filter(isActive);
  const now = Date.now();
  const waits = pods.map((pod) => availableIn(pod, minReadySeconds, now));
  const soonest = Math.min(...waits.filter((wait) => wait !== undefined && wait > 0).map(Number));
  if (Number.isFinite(soonest)) again(soonest + 1);
  const labels = Object.entries(mapAt(set, "spec", "template", "metadata", "labels"));
  const labelled = pods.filter((pod) => labels.every(([key, value]) => pod.metadata.labels?.[key] === value));
  await changeStatus(api, "replicasets.apps", set, (current) => {
    const conditions = withCondition(
      listAt(current, "status", "conditions"),
      "ReplicaFailure",
      failure && { status: "True", reason: failure.reason, message: textOf(failure.error) },
      timestamp(),
    );
    const status: Fields = {
      replicas: pods.length,
      ...counted("fullyLabeledReplicas", labelled.length),
      ...counted("readyReplicas", pods.filter(isReady).length),
      ...counted("availableReplicas", waits.filter((wait) => wait === 0).length),
      terminatingReplicas: all.filter((pod) => pod.metadata.deletionTimestamp !== undefined).length,
      observedGeneration: set.metadata.generation ?? 1,
      ...(conditions.length === 0 ? {} : { conditions }),
    };
    return { ...without(fieldsAt(current, "status"), Object.keys(emptyCounts)), ...status };
  });
}

const emptyCounts = { fullyLabeledReplicas: 0, readyReplicas: 0, availableReplicas: 0, conditions: 0 };

/** A count in a status, which is left out where it is 0. */
export function counted(name: string, count: number): Fields {
  return count === 0 ? {} : { [name]: count };
}

/** An object without some of its fields. */
export function without(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

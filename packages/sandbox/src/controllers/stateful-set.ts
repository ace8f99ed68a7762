import { changeStatus, remove } from "./change.ts";
import { availableIn, createPod, dependentsOf, isReady } from "./dependents.ts";
import { counted, without } from "./replica-set.ts";
import { currentRevision, forgetRevisions, ownerAt, revisionLabel, revisionsOf } from "./revisions.ts";
import { at, fieldsAt, listAt, mapAt, numberAt, textAt } from "../kinds/fields-at.ts";
import type { Controller, Reconciling } from "./controller.ts";
import type { ApiObject, Fields } from "../storage/api-object.ts";

const resource = "statefulsets.apps";

/** Keeps a StatefulSet's numbered Pods: made in order, taken away in reverse, renewed from the last. */
export const statefulSetController: Controller = {
  name: "statefulset",
  resource,
  kind: "StatefulSet",
  owns: ["pods"],
  reconcile: async (set, reconciling) => {
    if (set.metadata.deletionTimestamp !== undefined) return;
    const update = await currentRevision(reconciling, set);
    const shown = textAt(set, "status", "currentRevision");
    const current = revisionsOf(reconciling, set).find((each) => each.metadata.name === shown) ?? update;
    try {
      await advance(set, current, update, reconciling);
    } finally {
      await report(set, current, update, reconciling);
    }
  },
};

function ordinalOf(set: ApiObject, pod: ApiObject): number {
  const prefix = `${set.metadata.name}-`;
  const rest = pod.metadata.name.startsWith(prefix) ? pod.metadata.name.slice(prefix.length) : "";
  return /^\d+$/u.test(rest) ? Number(rest) : -1;
}

/** Does the next thing there is to do, or everything at once where the Pods are managed in parallel. */
async function advance(set: ApiObject, current: ApiObject, update: ApiObject, reconciling: Reconciling): Promise<void> {
  const pods = await dependentsOf(reconciling.api, "pods", set);
  const start = numberAt(set, "spec", "ordinals", "start") ?? 0;
  const end = start + (numberAt(set, "spec", "replicas") ?? 1);
  const ordered = textAt(set, "spec", "podManagementPolicy") !== "Parallel";
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(set, pod), pod]));
  for (let ordinal = start; ordinal < end; ordinal += 1) {
    const pod = byOrdinal.get(ordinal);
    if (pod === undefined) {
      const revision = ordinal < start + partitionOf(set) ? current : update;
      await createNumbered(set, ordinal, revision, reconciling);
      if (ordered) return;
    } else if (ordered && (!isReady(pod) || pod.metadata.deletionTimestamp !== undefined)) return;
  }
  const surplus = [...byOrdinal].filter(([ordinal]) => ordinal < start || ordinal >= end).toSorted(([a], [b]) => b - a);
  for (const [, pod] of surplus) {
    if (pod.metadata.deletionTimestamp === undefined) await removeNumbered(set, pod, reconciling);
    if (ordered) return;
  }
  await renew(set, byOrdinal, start, end, update, reconciling);
}

async function renew(
  set: ApiObject,
  pods: ReadonlyMap<number, ApiObject>,
  start: number,
  end: number,
  update: ApiObject,
  reconciling: Reconciling,
): Promise<void> {
  if (textAt(set, "spec", "updateStrategy", "type") !== "RollingUpdate") return;
  for (let ordinal = end - 1; ordinal >= start + partitionOf(set); ordinal -= 1) {
    const pod = pods.get(ordinal);
    if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return;
    if (pod.metadata.labels?.[revisionLabel] !== hashedName(update)) {
      await removeNumbered(set, pod, reconciling);
      return;
    }
    if (!isReady(pod)) return;
  }
}

function partitionOf(set: ApiObject): number {
  return numberAt(set, "spec", "updateStrategy", "rollingUpdate", "partition") ?? 0;
}

/** A StatefulSet's Pods carry the whole name of their revision. */
function hashedName(revision: ApiObject): string {
  return revision.metadata.name;
}

async function removeNumbered(set: ApiObject, pod: ApiObject, { api, events }: Reconciling): Promise<void> {
  await remove(api, "pods", pod);
  const { name } = pod.metadata;
  const message = `delete Pod ${name} in StatefulSet ${set.metadata.name} successful`;
  events.record(set, { type: "Normal", reason: "SuccessfulDelete", message });
}

async function createNumbered(
  set: ApiObject,
  ordinal: number,
  revision: ApiObject,
  reconciling: Reconciling,
): Promise<void> {
  const { api, events } = reconciling;
  const name = `${set.metadata.name}-${ordinal}`;
  const claims = listAt(set, "spec", "volumeClaimTemplates");
  for (const claim of claims) {
    const claimName = `${textAt(claim, "metadata", "name")}-${name}`;
    const namespace = set.metadata.namespace ?? "";
    if (api.get("persistentvolumeclaims", namespace, claimName) !== undefined) continue;
    await api.create("persistentvolumeclaims", {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: claimName, namespace, labels: { ...mapAt(set, "spec", "selector", "matchLabels") } },
      spec: fieldsAt(claim, "spec"),
    });
  }
  try {
    await createPod(reconciling, ownerAt(set, revision), {
      name,
      quiet: true,
      labels: {
        [revisionLabel]: hashedName(revision),
        "statefulset.kubernetes.io/pod-name": name,
        "apps.kubernetes.io/pod-index": `${ordinal}`,
      },
      spec: (spec) => {
        spec["hostname"] = name;
        const service = textAt(set, "spec", "serviceName");
        if (service !== "") spec["subdomain"] = service;
        addClaims(spec, claims, name);
      },
    });
    const message = `create Pod ${name} in StatefulSet ${set.metadata.name} successful`;
    events.record(set, { type: "Normal", reason: "SuccessfulCreate", message });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const message = `create Pod ${name} in StatefulSet ${set.metadata.name} failed error: ${text}`;
    events.record(set, { type: "Warning", reason: "FailedCreate", message });
    throw error;
  }
}

function addClaims(spec: Fields, claims: readonly Fields[], podName: string): void {
  const names = new Set(claims.map((claim) => textAt(claim, "metadata", "name")));
  const own = listAt(spec, "volumes").filter((volume) => !names.has(textAt(volume, "name")));
  if (claims.length === 0) return;
  spec["volumes"] = [
    ...own,
    ...[...names].map((name) => ({ name, persistentVolumeClaim: { claimName: `${name}-${podName}` } })),
  ];
}

async function report(set: ApiObject, current: ApiObject, update: ApiObject, reconciling: Reconciling): Promise<void> {
  const { api, again } = reconciling;
  const pods = await dependentsOf(api, "pods", set);
  const living = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined);
  const of = (revision: ApiObject): number =>
    living.filter((pod) => pod.metadata.labels?.[revisionLabel] === hashedName(revision)).length;
  const waits = living.map((pod) => availableIn(pod, numberAt(set, "spec", "minReadySeconds") ?? 0, Date.now()));
  for (const wait of waits) if (wait !== undefined && wait > 0) again(wait + 1);
  const wanted = numberAt(set, "spec", "replicas") ?? 1;
  const ready = living.filter(isReady).length;
  const done = of(update) === wanted && living.length === wanted && ready === wanted;
  const shown = done ? update : current;
  await changeStatus(api, resource, set, (object) => ({
    ...without(fieldsAt(object, "status"), ["readyReplicas", "currentReplicas", "updatedReplicas"]),
    observedGeneration: set.metadata.generation ?? 1,
    replicas: pods.length,
    ...counted("readyReplicas", ready),
    ...counted("currentReplicas", of(shown)),
    ...counted("updatedReplicas", of(update)),
    availableReplicas: waits.filter((wait) => wait === 0).length,
    currentRevision: shown.metadata.name,
    updateRevision: update.metadata.name,
    collisionCount: numberAt(at(object, "status"), "collisionCount") ?? 0,
  }));
  const used = new Set([shown.metadata.name, update.metadata.name]);
  for (const pod of pods) used.add(pod.metadata.labels?.[revisionLabel] ?? "");
  await forgetRevisions(reconciling, set, used);
}

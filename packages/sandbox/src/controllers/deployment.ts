import { equalJson } from "@portcullis/objects";
import { changeObject, remove } from "./change.ts";
import { controllerReference } from "./controller.ts";
import { reportDeployment } from "./deployment-status.ts";
import { dependentsOf, isActive, scaled, templateWithout } from "./dependents.ts";
import { templateHash } from "./template-hash.ts";
import { at, fieldsAt, json, mapAt, numberAt, ownFields, textAt } from "../kinds/fields-at.ts";
import { isRefusal } from "../server/refusals.ts";
import { cloneJson } from "../storage/api-object.ts";
import type { Controller, Reconciling } from "./controller.ts";
import type { ApiObject } from "../storage/api-object.ts";

const replicaSets = "replicasets.apps";
const hashLabel = "pod-template-hash";
const revisionAnnotation = "deployment.kubernetes.io/revision";

/** Makes a ReplicaSet for each template a Deployment had, and moves its Pods to the latest. */
export const deploymentController: Controller = {
  name: "deployment",
  resource: "deployments.apps",
  kind: "Deployment",
  owns: [replicaSets],
  reconcile: async (deployment, reconciling) => {
    const { api } = reconciling;
    if (deployment.metadata.deletionTimestamp !== undefined) return;
    const paused = at(deployment, "spec", "paused") === true;
    let sets = await dependentsOf(api, replicaSets, deployment);
    const latest = latestSet(deployment, sets);
    if (latest === undefined && !paused) {
      await createSet(deployment, sets, reconciling);
      sets = await dependentsOf(api, replicaSets, deployment);
    } else if (latest !== undefined) {
      await renewRevision(deployment, latest, sets, reconciling);
    }
    const current = latestSet(deployment, await dependentsOf(api, replicaSets, deployment));
    if (current !== undefined) await rollOut(deployment, current, paused, reconciling);
    await cleanUp(deployment, current, reconciling);
    await reportDeployment(deployment, current, await dependentsOf(api, replicaSets, deployment), reconciling);
  },
};

/** The ReplicaSet made of the template as it now is: the oldest, should there be several. */
function latestSet(deployment: ApiObject, sets: readonly ApiObject[]): ApiObject | undefined {
  const template = json(templateWithout(at(deployment, "spec", "template"), hashLabel));
  return sets
    .toSorted((a, b) => Date.parse(a.metadata.creationTimestamp) - Date.parse(b.metadata.creationTimestamp))
    .find((set) => equalJson(json(templateWithout(at(set, "spec", "template"), hashLabel)), template));
}

function revisionOf(set: ApiObject): number {
  return Number(set.metadata.annotations?.[revisionAnnotation] ?? 0) || 0;
}

/** What of a Deployment's annotations its ReplicaSets do not get. */
const ownAnnotations = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  revisionAnnotation,
  "deployment.kubernetes.io/revision-history",
  "deployment.kubernetes.io/desired-replicas",
  "deployment.kubernetes.io/max-replicas",
  "deprecated.deployment.rollback.to",
]);

function annotationsFor(deployment: ApiObject, revision: number): Record<string, string> {
  const kept = Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => !ownAnnotations.has(key));
  const replicas = wantedReplicas(deployment);
  return {
    ...Object.fromEntries(kept),
    [revisionAnnotation]: `${revision}`,
    "deployment.kubernetes.io/desired-replicas": `${replicas}`,
    "deployment.kubernetes.io/max-replicas": `${replicas + maxSurge(deployment)}`,
  };
}

async function createSet(deployment: ApiObject, sets: readonly ApiObject[], reconciling: Reconciling): Promise<void> {
  const { api, events } = reconciling;
  const { name, namespace = "" } = deployment.metadata;
  const revision = Math.max(0, ...sets.map(revisionOf)) + 1;
  const template = cloneJson(fieldsAt(deployment, "spec", "template"));
  for (let collisions = 0; ; collisions += 1) {
    const hash = templateHash(fieldsAt(deployment, "spec", "template"), collisions);
    const labels = { ...mapAt(template, "metadata", "labels"), [hashLabel]: hash };
    const total = sets.reduce((sum, set) => sum + (numberAt(set, "spec", "replicas") ?? 0), 0);
    const replicas = newSetReplicas(deployment, 0, total);
    const selector = cloneJson(fieldsAt(deployment, "spec", "selector"));
    ownFields(selector, "matchLabels")[hashLabel] = hash;
    ownFields(template, "metadata")["labels"] = labels;
    try {
      const set = await api.create(replicaSets, {
        apiVersion: "apps/v1",
        kind: "ReplicaSet",
        metadata: {
          name: `${name}-${hash}`,
          namespace,
          labels,
          annotations: annotationsFor(deployment, revision),
          ownerReferences: [controllerReference(deployment)],
        },
        spec: {
          replicas,
          selector,
          template,
          ...(at(deployment, "spec", "minReadySeconds") === undefined
            ? {}
            : { minReadySeconds: at(deployment, "spec", "minReadySeconds") }),
        },
      });
      await annotateRevision(deployment, revision, reconciling);
      if (replicas > 0) {
        const message = `Scaled up replica set ${set.metadata.name} from 0 to ${replicas}`;
        events.record(deployment, { type: "Normal", reason: "ScalingReplicaSet", message });
      }
      return;
    } catch (error) {
      if (!isRefusal(error, "AlreadyExists")) throw error;
    }
  }
}

/** A template that comes back becomes the newest revision again. */
async function renewRevision(
  deployment: ApiObject,
  latest: ApiObject,
  sets: readonly ApiObject[],
  reconciling: Reconciling,
): Promise<void> {
  const others = Math.max(0, ...sets.filter((set) => set !== latest).map(revisionOf));
  const revision = revisionOf(latest) > others ? revisionOf(latest) : others + 1;
  const wanted = annotationsFor(deployment, revision);
  await changeObject(reconciling.api, replicaSets, latest, (draft) => {
    const before = draft.metadata.annotations ?? {};
    if (Object.entries(wanted).every(([key, value]) => before[key] === value)) return false;
    const old = before[revisionAnnotation];
    const history = before["deployment.kubernetes.io/revision-history"];
    const past =
      old === undefined || old === `${revision}` ? history : history === undefined ? old : `${history},${old}`;
    draft.metadata.annotations = {
      ...before,
      ...wanted,
      ...(past === undefined ? {} : { "deployment.kubernetes.io/revision-history": past }),
    };
    return true;
  });
  await annotateRevision(deployment, revision, reconciling);
}

async function annotateRevision(deployment: ApiObject, revision: number, { api }: Reconciling): Promise<void> {
  await changeObject(api, "deployments.apps", deployment, (draft) => {
    if (draft.metadata.annotations?.[revisionAnnotation] === `${revision}`) return false;
    draft.metadata.annotations = { ...draft.metadata.annotations, [revisionAnnotation]: `${revision}` };
    return true;
  });
}

function wantedReplicas(deployment: ApiObject): number {
  return numberAt(deployment, "spec", "replicas") ?? 1;
}

function isRecreate(deployment: ApiObject): boolean {
  return textAt(deployment, "spec", "strategy", "type") === "Recreate";
}

function maxSurge(deployment: ApiObject): number {
  if (isRecreate(deployment)) return 0;
  return scaled(at(deployment, "spec", "strategy", "rollingUpdate", "maxSurge"), wantedReplicas(deployment), Math.ceil);
}

function maxUnavailable(deployment: ApiObject): number {
  const replicas = wantedReplicas(deployment);
  const value = at(deployment, "spec", "strategy", "rollingUpdate", "maxUnavailable");
  const most = scaled(value, replicas, Math.floor);
  return Math.min(replicas, most === 0 && maxSurge(deployment) === 0 ? 1 : most);
}

function newSetReplicas(deployment: ApiObject, current: number, total: number): number {
  const wanted = wantedReplicas(deployment);
  if (isRecreate(deployment)) return total - current > 0 ? current : wanted;
  const room = wanted + maxSurge(deployment) - total;
  return room <= 0 ? current : Math.max(current, current + Math.min(room, wanted - current));
}

async function rollOut(
  deployment: ApiObject,
  current: ApiObject,
  paused: boolean,
  reconciling: Reconciling,
): Promise<void> {
  const { api } = reconciling;
  const wanted = wantedReplicas(deployment);
  const sets = await dependentsOf(api, replicaSets, deployment);
  const old = sets.filter((set) => set.metadata.uid !== current.metadata.uid && replicasOf(set) > 0);
  const total = sets.reduce((sum, set) => sum + replicasOf(set), 0);
  const own = replicasOf(current);
  if (own > wanted) return scaleSet(deployment, current, wanted, reconciling);
  if (paused)
    return old.length === 0 && own !== wanted ? scaleSet(deployment, current, wanted, reconciling) : undefined;
  if (isRecreate(deployment)) {
    for (const set of old) await scaleSet(deployment, set, 0, reconciling);
    if (oldPodsLeft(deployment, current, reconciling)) return;
    return own === wanted ? undefined : scaleSet(deployment, current, wanted, reconciling);
  }
  const next = newSetReplicas(deployment, own, total);
  if (next !== own) await scaleSet(deployment, current, next, reconciling);
  await scaleDownOld(deployment, current, old, reconciling);
}

function replicasOf(set: ApiObject): number {
  return numberAt(set, "spec", "replicas") ?? 0;
}

function availableOf(set: ApiObject): number {
  return numberAt(set, "status", "availableReplicas") ?? 0;
}

function oldPodsLeft(deployment: ApiObject, current: ApiObject, { api }: Reconciling): boolean {
  const hash = current.metadata.labels?.[hashLabel];
  const selector = Object.entries(mapAt(deployment, "spec", "selector", "matchLabels"));
  return api
    .list("pods", deployment.metadata.namespace)
    .some(
      (pod) =>
        (isActive(pod) || pod.metadata.deletionTimestamp !== undefined) &&
        selector.every(([key, value]) => pod.metadata.labels?.[key] === value) &&
        pod.metadata.labels?.[hashLabel] !== hash,
    );
}

/** Old Pods go as far as the new ones that are available allow; those that are not available go first. */
async function scaleDownOld(
  deployment: ApiObject,
  current: ApiObject,
  old: readonly ApiObject[],
  reconciling: Reconciling,
): Promise<void> {
  const least = wantedReplicas(deployment) - maxUnavailable(deployment);
  const fresh = reconciling.api.get(replicaSets, current.metadata.namespace ?? "", current.metadata.name) ?? current;
  const total = [fresh, ...old].reduce((sum, set) => sum + replicasOf(set), 0);
  let removable = total - least - (replicasOf(fresh) - availableOf(fresh));
  const byAge = old.toSorted(
    (a, b) => Date.parse(a.metadata.creationTimestamp) - Date.parse(b.metadata.creationTimestamp),
  );
  const targets = new Map<ApiObject, number>(byAge.map((set) => [set, replicasOf(set)]));
  for (const set of byAge) {
    const unhealthy = Math.min(Math.max(0, removable), replicasOf(set) - availableOf(set));
    targets.set(set, replicasOf(set) - unhealthy);
    removable -= unhealthy;
  }
  let spare = [fresh, ...old].reduce((sum, set) => sum + availableOf(set), 0) - least;
  for (const set of byAge) {
    const left = targets.get(set) ?? 0;
    const cut = Math.min(Math.max(0, spare), left);
    targets.set(set, left - cut);
    spare -= cut;
  }
  for (const [set, replicas] of targets) {
    if (replicas !== replicasOf(set)) await scaleSet(deployment, set, replicas, reconciling);
  }
}

async function scaleSet(
  deployment: ApiObject,
  set: ApiObject,
  replicas: number,
  { api, events }: Reconciling,
): Promise<void> {
  const before = replicasOf(set);
  await changeObject(api, replicaSets, set, (draft) => {
    const spec = ownFields(draft, "spec");
    if (spec["replicas"] === replicas) return false;
    spec["replicas"] = replicas;
    return true;
  });
  if (before === replicas) return;
  const direction = replicas > before ? "up" : "down";
  const message = `Scaled ${direction} replica set ${set.metadata.name} from ${before} to ${replicas}`;
  events.record(deployment, { type: "Normal", reason: "ScalingReplicaSet", message });
}

/** Forgets the oldest of the ReplicaSets that are empty, beyond what the history may hold. */
async function cleanUp(deployment: ApiObject, current: ApiObject | undefined, { api }: Reconciling): Promise<void> {
  const limit = numberAt(deployment, "spec", "revisionHistoryLimit") ?? 10;
  const sets = await dependentsOf(api, replicaSets, deployment);
  const empty = sets
    .filter((set) => set.metadata.uid !== current?.metadata.uid && replicasOf(set) === 0)
    .filter((set) => (numberAt(set, "status", "replicas") ?? 0) === 0 && set.metadata.deletionTimestamp === undefined)
    .toSorted((a, b) => revisionOf(a) - revisionOf(b));
  for (const set of empty.slice(0, Math.max(0, empty.length - limit))) {
    await remove(api, replicaSets, set, { propagationPolicy: "Background" });
  }
}

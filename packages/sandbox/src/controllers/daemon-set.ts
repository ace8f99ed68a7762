import { changeStatus } from "./change.ts";
import { availableIn, createPod, deletePod, dependentsOf, isActive, isReady } from "./dependents.ts";
import { counted, without } from "./replica-set.ts";
import { currentRevision, forgetRevisions, hashOf, revisionLabel, revisionsOf } from "./revisions.ts";
import { fieldsAt, listAt, mapAt, numberAt, ownFields, textAt } from "../kinds/fields-at.ts";
import type { Controller, Reconciling } from "./controller.ts";
import type { Api } from "../server/api.ts";
import type { ApiObject, Fields } from "../storage/api-object.ts";

const resource = "daemonsets.apps";

/** Keeps one Pod of a DaemonSet on each node that its selector lets it have. */
export const daemonSetController: Controller = {
  name: "daemonset",
  resource,
  kind: "DaemonSet",
  owns: ["pods"],
  follows: { nodes: (_node, api) => api.list(resource) },
  reconcile: async (set, reconciling) => {
    if (set.metadata.deletionTimestamp !== undefined) return;
    const revision = await currentRevision(reconciling, set);
    const nodes = nodesFor(set, reconciling.api);
    try {
      await manage(set, nodes, revision, reconciling);
    } finally {
      await report(set, nodes, revision, reconciling);
    }
  },
};

function nodesFor(set: ApiObject, api: Api): readonly string[] {
  const wanted = Object.entries(mapAt(set, "spec", "template", "spec", "nodeSelector"));
  return api
    .list("nodes")
    .filter((node) => wanted.every(([key, value]) => node.metadata.labels?.[key] === value))
    .map((node) => node.metadata.name);
}

/** The node a Pod was made for, which it names before it is scheduled. */
function nodeOf(pod: ApiObject): string {
  const scheduled = textAt(pod, "spec", "nodeName");
  if (scheduled !== "") return scheduled;
  const required = "requiredDuringSchedulingIgnoredDuringExecution";
  const terms = listAt(pod, "spec", "affinity", "nodeAffinity", required, "nodeSelectorTerms");
  const values = listAt(terms[0], "matchFields")[0]?.["values"];
  return Array.isArray(values) && typeof values[0] === "string" ? values[0] : "";
}

async function manage(
  set: ApiObject,
  nodes: readonly string[],
  revision: ApiObject,
  reconciling: Reconciling,
): Promise<void> {
  const all = await dependentsOf(reconciling.api, "pods", set);
  const pods = all.filter(isActive);
  for (const pod of pods) {
    const misplaced = !nodes.includes(nodeOf(pod)) || pods.find((each) => nodeOf(each) === nodeOf(pod)) !== pod;
    if (misplaced) await deletePod(reconciling, set, pod);
  }
  const hash = hashOf(revision);
  const rolling = textAt(set, "spec", "updateStrategy", "type") === "RollingUpdate";
  for (const node of nodes) {
    const pod = pods.find((each) => nodeOf(each) === node);
    if (pod === undefined) {
      if (!all.some((each) => nodeOf(each) === node)) await createOn(set, node, hash, reconciling);
    } else if (rolling && pod.metadata.labels?.[revisionLabel] !== hash) {
      await deletePod(reconciling, set, pod);
    }
  }
}

/** What the Pods of a DaemonSet put up with, since they belong to the node. */
const tolerated = [
  ["node.kubernetes.io/not-ready", "NoExecute"],
  ["node.kubernetes.io/unreachable", "NoExecute"],
  ["node.kubernetes.io/disk-pressure", "NoSchedule"],
  ["node.kubernetes.io/memory-pressure", "NoSchedule"],
  ["node.kubernetes.io/pid-pressure", "NoSchedule"],
  ["node.kubernetes.io/unschedulable", "NoSchedule"],
] as const;

async function createOn(set: ApiObject, node: string, hash: string, reconciling: Reconciling): Promise<void> {
  await createPod(reconciling, set, {
    labels: { [revisionLabel]: hash, "pod-template-generation": `${set.metadata.generation ?? 1}` },
    spec: (spec) => {
      const affinity: Fields = ownFields(ownFields(spec, "affinity"), "nodeAffinity");
      affinity["requiredDuringSchedulingIgnoredDuringExecution"] = {
        nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: [node] }] }],
      };
      spec["tolerations"] = [
        ...listAt(spec, "tolerations"),
        ...tolerated.map(([key, effect]) => ({ key, operator: "Exists", effect })),
      ];
    },
  });
}

async function report(
  set: ApiObject,
  nodes: readonly string[],
  revision: ApiObject,
  reconciling: Reconciling,
): Promise<void> {
  const { api, again } = reconciling;
  const pods = (await dependentsOf(api, "pods", set)).filter(isActive);
  const placed = pods.filter((pod) => nodes.includes(nodeOf(pod)));
  const minReadySeconds = numberAt(set, "spec", "minReadySeconds") ?? 0;
  const waits = placed.map((pod) => availableIn(pod, minReadySeconds, Date.now()));
  for (const wait of waits) if (wait !== undefined && wait > 0) again(wait + 1);
  const available = waits.filter((wait) => wait === 0).length;
  const updated = placed.filter((pod) => pod.metadata.labels?.[revisionLabel] === hashOf(revision)).length;
  await changeStatus(api, resource, set, (object) => ({
    ...without(fieldsAt(object, "status"), ["updatedNumberScheduled", "numberAvailable", "numberUnavailable"]),
    currentNumberScheduled: placed.length,
    numberMisscheduled: pods.length - placed.length,
    desiredNumberScheduled: nodes.length,
    numberReady: placed.filter(isReady).length,
    observedGeneration: set.metadata.generation ?? 1,
    ...counted("updatedNumberScheduled", updated),
    ...counted("numberAvailable", available),
    ...counted("numberUnavailable", nodes.length - available),
  }));
  const hashes = new Set(pods.map((pod) => pod.metadata.labels?.[revisionLabel]));
  const used = revisionsOf(reconciling, set).filter((each) => hashes.has(hashOf(each)));
  await forgetRevisions(reconciling, set, new Set([revision, ...used].map((each) => each.metadata.name)));
}

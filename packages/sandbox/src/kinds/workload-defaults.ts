import { at, listAt, mapAt, ownFields, setDefault } from "./fields-at.ts";
import { defaultPodTemplate } from "./pod-defaults.ts";
import { isFields } from "../storage/api-object.ts";
import type { Draft, Fields } from "../storage/api-object.ts";

/** Fills in a Deployment. */
export function defaultDeployment(draft: Draft): void {
  const spec = workloadSpec(draft);
  setDefault(spec, "replicas", 1);
  const strategy = ownFields(spec, "strategy");
  setDefault(strategy, "type", "RollingUpdate");
  if (strategy["type"] === "RollingUpdate") {
    const rolling = ownFields(strategy, "rollingUpdate");
    setDefault(rolling, "maxUnavailable", "25%");
    setDefault(rolling, "maxSurge", "25%");
  }
  setDefault(spec, "revisionHistoryLimit", 10);
  setDefault(spec, "progressDeadlineSeconds", 600);
}

/** Fills in a ReplicaSet. */
export function defaultReplicaSet(draft: Draft): void {
  const spec = workloadSpec(draft);
  setDefault(spec, "replicas", 1);
}

/** Fills in a ReplicationController: selector and labels come from the template. */
export function defaultReplicationController(draft: Draft): void {
  const spec = workloadSpec(draft);
  setDefault(spec, "replicas", 1);
  const labels = mapAt(spec, "template", "metadata", "labels");
  if (Object.keys(labels).length === 0) return;
  if (Object.keys(mapAt(spec, "selector")).length === 0) spec["selector"] = { ...labels };
  if (Object.keys(draft.metadata.labels ?? {}).length === 0) draft.metadata.labels = { ...labels };
}

/** Fills in a StatefulSet. */
export function defaultStatefulSet(draft: Draft): void {
  const spec = workloadSpec(draft);
  setDefault(spec, "podManagementPolicy", "OrderedReady");
  const strategy = ownFields(spec, "updateStrategy");
  if (strategy["type"] === undefined) {
    strategy["type"] = "RollingUpdate";
    ownFields(strategy, "rollingUpdate");
  }
  const rolling = strategy["rollingUpdate"];
  if (strategy["type"] === "RollingUpdate" && isFields(rolling)) setDefault(rolling, "partition", 0);
  const retention = ownFields(spec, "persistentVolumeClaimRetentionPolicy");
  setDefault(retention, "whenDeleted", "Retain");
  setDefault(retention, "whenScaled", "Retain");
  setDefault(spec, "replicas", 1);
  setDefault(spec, "revisionHistoryLimit", 10);
  for (const claim of listAt(spec, "volumeClaimTemplates")) {
    setDefault(claim, "apiVersion", "v1");
    setDefault(claim, "kind", "PersistentVolumeClaim");
    setDefault(ownFields(claim, "spec"), "volumeMode", "Filesystem");
    setDefault(ownFields(claim, "status"), "phase", "Pending");
  }
}

/** Fills in a DaemonSet. */
export function defaultDaemonSet(draft: Draft): void {
  const spec = workloadSpec(draft);
  const strategy = ownFields(spec, "updateStrategy");
  setDefault(strategy, "type", "RollingUpdate");
  if (strategy["type"] === "RollingUpdate") {
    const rolling = ownFields(strategy, "rollingUpdate");
    setDefault(rolling, "maxUnavailable", 1);
    setDefault(rolling, "maxSurge", 0);
  }
  setDefault(spec, "revisionHistoryLimit", 10);
}

function workloadSpec(draft: Draft): Fields {
  const spec = ownFields(draft, "spec");
  defaultPodTemplate(spec);
  return spec;
}

/** Fills in a Job. */
export function defaultJob(draft: Draft): void {
  const spec = ownFields(draft, "spec");
  defaultJobSpec(spec);
  const labels = mapAt(spec, "template", "metadata", "labels");
  if (Object.keys(labels).length > 0 && Object.keys(draft.metadata.labels ?? {}).length === 0) {
    draft.metadata.labels = { ...labels };
  }
  if (spec["parallelism"] === undefined && spec["completions"] === undefined) spec["completions"] = 1;
  setDefault(spec, "parallelism", 1);
  setDefault(spec, "backoffLimit", spec["backoffLimitPerIndex"] === undefined ? 6 : 2_147_483_647);
  setDefault(spec, "completionMode", "NonIndexed");
  setDefault(spec, "suspend", false);
  setDefault(spec, "podReplacementPolicy", spec["podFailurePolicy"] === undefined ? "TerminatingOrFailed" : "Failed");
  setDefault(spec, "manualSelector", false);
}

function defaultJobSpec(spec: Fields): void {
  defaultPodTemplate(spec);
  for (const rule of listAt(spec, "podFailurePolicy", "rules")) {
    for (const pattern of listAt(rule, "onPodConditions")) setDefault(pattern, "status", "True");
  }
}

/** Fills in a CronJob; its job template gets the Pod template's defaults alone. */
export function defaultCronJob(draft: Draft): void {
  const spec = ownFields(draft, "spec");
  setDefault(spec, "concurrencyPolicy", "Allow");
  setDefault(spec, "suspend", false);
  setDefault(spec, "successfulJobsHistoryLimit", 3);
  setDefault(spec, "failedJobsHistoryLimit", 1);
  const template = ownFields(spec, "jobTemplate");
  ownFields(template, "metadata");
  defaultJobSpec(ownFields(template, "spec"));
}

/**
 * Gives a new Job the labels by which it knows its Pods, unless it chose its own selector: the uid, which no
 * other Job has, and the name, for people.
 */
export function selectOwnPods(draft: Draft): void {
  const spec = ownFields(draft, "spec");
  if (spec["manualSelector"] === true) return;
  const labels = ownFields(ownFields(ownFields(spec, "template"), "metadata"), "labels");
  for (const prefix of ["", "batch.kubernetes.io/"]) {
    setDefault(labels, `${prefix}job-name`, draft.metadata.name);
    setDefault(labels, `${prefix}controller-uid`, draft.metadata.uid);
  }
  const selector = ownFields(spec, "selector");
  if (at(selector, "matchLabels", "batch.kubernetes.io/controller-uid") !== undefined) return;
  ownFields(selector, "matchLabels")["batch.kubernetes.io/controller-uid"] = draft.metadata.uid;
}

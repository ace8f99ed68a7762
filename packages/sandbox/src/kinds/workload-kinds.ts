import { builtIn, scalePaths } from "./built-in-kind.ts";
import { numberAt } from "./fields-at.ts";
import {
  controllerRevisionColumns,
  cronJobColumns,
  daemonSetColumns,
  deploymentColumns,
  jobColumns,
  replicaSetColumns,
  statefulSetColumns,
} from "./workload-columns.ts";
import {
  defaultCronJob,
  defaultDaemonSet,
  defaultDeployment,
  defaultJob,
  defaultReplicaSet,
  defaultStatefulSet,
  selectOwnPods,
} from "./workload-defaults.ts";
import { validateCronJob, validateJob, validateWorkload } from "./workload-validation.ts";
import { cronJobName } from "./validate-name.ts";
import type { BuiltIn } from "./built-in-kind.ts";
import type { Kind } from "./kind.ts";

/** The kinds whose controllers make Pods. */
export const workloadKinds: readonly Kind[] = [
  workload({
    kind: "Deployment",
    plural: "deployments",
    shortNames: ["deploy"],
    schema: "apps.v1.Deployment",
    scale: scalePaths,
    columns: deploymentColumns,
    applyDefaults: defaultDeployment,
    validate: validateWorkload({ immutableSelector: true }),
    keepsLabelsFromStatus: true,
  }),
  workload({
    kind: "ReplicaSet",
    plural: "replicasets",
    shortNames: ["rs"],
    schema: "apps.v1.ReplicaSet",
    scale: scalePaths,
    columns: replicaSetColumns,
    applyDefaults: defaultReplicaSet,
    selectableFields: { "status.replicas": (object) => `${replicas(object)}` },
    validate: validateWorkload({ immutableSelector: true }),
  }),
  workload({
    kind: "StatefulSet",
    plural: "statefulsets",
    shortNames: ["sts"],
    schema: "apps.v1.StatefulSet",
    scale: scalePaths,
    columns: statefulSetColumns,
    applyDefaults: defaultStatefulSet,
    validate: validateWorkload({
      immutableSelector: true,
      mutableSpec: {
        fields: [
          "replicas",
          "ordinals",
          "template",
          "updateStrategy",
          "revisionHistoryLimit",
          "persistentVolumeClaimRetentionPolicy",
          "minReadySeconds",
        ],
        text:
          "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', " +
          "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
      },
    }),
  }),
  workload({
    kind: "DaemonSet",
    plural: "daemonsets",
    shortNames: ["ds"],
    schema: "apps.v1.DaemonSet",
    columns: daemonSetColumns,
    applyDefaults: defaultDaemonSet,
    validate: validateWorkload({ immutableSelector: true }),
  }),
  builtIn({
    group: "apps",
    kind: "ControllerRevision",
    plural: "controllerrevisions",
    schema: "apps.v1.ControllerRevision",
    columns: controllerRevisionColumns,
  }),
  workload({
    group: "batch",
    kind: "Job",
    plural: "jobs",
    schema: "batch.v1.Job",
    columns: jobColumns,
    applyDefaults: defaultJob,
    prepareForCreate: (draft) => {
      selectOwnPods(draft);
    },
    selectableFields: { "status.successful": (object) => `${succeeded(object)}` },
    validate: validateJob,
  }),
  workload({
    group: "batch",
    kind: "CronJob",
    plural: "cronjobs",
    shortNames: ["cj"],
    schema: "batch.v1.CronJob",
    columns: cronJobColumns,
    applyDefaults: defaultCronJob,
    validate: validateCronJob,
    validateName: cronJobName,
  }),
];

function workload(row: BuiltIn): Kind {
  return builtIn({ group: "apps", categories: ["all"], statusSubresource: true, tracksGeneration: true, ...row });
}

function replicas(object: unknown): number {
  return numberAt(object, "status", "replicas") ?? 0;
}

function succeeded(object: unknown): number {
  return numberAt(object, "status", "succeeded") ?? 0;
}

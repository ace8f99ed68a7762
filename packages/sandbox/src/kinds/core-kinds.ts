import { builtIn, scalePaths } from "./built-in-kind.ts";
import {
  configMapColumns,
  endpointSliceColumns,
  endpointsColumns,
  eventColumns,
  nameAndAge,
  nameAndCreation,
  namespaceColumns,
  nodeColumns,
  persistentVolumeClaimColumns,
  persistentVolumeColumns,
  resourceQuotaColumns,
  secretColumns,
  serviceColumns,
} from "./core-columns.ts";
import {
  defaultEndpoints,
  defaultNamespace,
  holdNamespace,
  defaultPersistentVolume,
  defaultPersistentVolumeClaim,
  defaultSecret,
  defaultService,
} from "./core-defaults.ts";
import { at, ownFields, textAt } from "./fields-at.ts";
import { replicationControllerColumns } from "./workload-columns.ts";
import { defaultReplicationController } from "./workload-defaults.ts";
import { giveAddresses } from "./service-addresses.ts";
import { validateConfigMap, validateSecret, validateService } from "./core-validation.ts";
import { badRequest } from "../server/refusals.ts";
import { labelName } from "./validate-name.ts";
import type { Kind } from "./kind.ts";
import type { ApiObject } from "../storage/api-object.ts";

/** The kinds of the core group besides Pods, and the two groups that took over some of them. */
export const coreKinds: readonly Kind[] = [
  builtIn({
    kind: "Namespace",
    plural: "namespaces",
    shortNames: ["ns"],
    schema: "core.v1.Namespace",
    namespaced: false,
    statusSubresource: true,
    columns: namespaceColumns,
    applyDefaults: defaultNamespace,
    prepareForCreate: holdNamespace,
    specFinalizers: true,
    prepareForDelete: (draft) => {
      ownFields(draft, "status")["phase"] = "Terminating";
    },
    selectableFields: { "status.phase": (object) => textAt(object, "status", "phase") },
    validateName: labelName,
  }),
  builtIn({
    kind: "ConfigMap",
    plural: "configmaps",
    shortNames: ["cm"],
    schema: "core.v1.ConfigMap",
    columns: configMapColumns,
    validate: validateConfigMap,
  }),
  builtIn({
    kind: "Secret",
    plural: "secrets",
    schema: "core.v1.Secret",
    columns: secretColumns,
    applyDefaults: defaultSecret,
    selectableFields: { type: (object) => textAt(object, "type") },
    validate: validateSecret,
  }),
  builtIn({
    kind: "ServiceAccount",
    plural: "serviceaccounts",
    shortNames: ["sa"],
    schema: "core.v1.ServiceAccount",
    columns: nameAndAge,
    subresources: [
      {
        kind: "action",
        name: "token",
        body: { group: "authentication.k8s.io", version: "v1", kind: "TokenRequest" },
        run: () =>
          Promise.reject(badRequest("the sandbox issues no tokens for ServiceAccounts: use the one in its kubeconfig")),
      },
    ],
  }),
  builtIn({
    kind: "Service",
    plural: "services",
    shortNames: ["svc"],
    categories: ["all"],
    schema: "core.v1.Service",
    statusSubresource: true,
    columns: serviceColumns,
    applyDefaults: defaultService,
    prepareForCreate: giveAddresses,
    prepareForUpdate: (draft, old, context) => giveAddresses(draft, context, old),
    selectableFields: {
      "spec.clusterIP": (object) => textAt(object, "spec", "clusterIP"),
      "spec.type": (object) => textAt(object, "spec", "type"),
    },
    validateName: labelName,
    validate: validateService,
  }),
  builtIn({
    kind: "Endpoints",
    plural: "endpoints",
    singular: "endpoints",
    shortNames: ["ep"],
    schema: "core.v1.Endpoints",
    columns: endpointsColumns,
    deprecated: "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
    applyDefaults: defaultEndpoints,
  }),
  builtIn({
    group: "discovery.k8s.io",
    kind: "EndpointSlice",
    plural: "endpointslices",
    schema: "discovery.v1.EndpointSlice",
    tracksGeneration: true,
    columns: endpointSliceColumns,
  }),
  builtIn({
    kind: "Node",
    plural: "nodes",
    shortNames: ["no"],
    schema: "core.v1.Node",
    namespaced: false,
    statusSubresource: true,
    columns: nodeColumns,
    selectableFields: { "spec.unschedulable": (object) => `${at(object, "spec", "unschedulable") === true}` },
  }),
  builtIn({
    kind: "Event",
    plural: "events",
    shortNames: ["ev"],
    schema: "core.v1.Event",
    columns: eventColumns,
    selectableFields: {
      ...eventFields("involvedObject", [
        "kind",
        "namespace",
        "name",
        "uid",
        "apiVersion",
        "resourceVersion",
        "fieldPath",
      ]),
      reason: (object) => textAt(object, "reason"),
      reportingComponent: (object) => textAt(object, "reportingComponent"),
      source: (object) => textAt(object, "source", "component") || textAt(object, "reportingComponent"),
      type: (object) => textAt(object, "type"),
    },
  }),
  builtIn({
    group: "events.k8s.io",
    kind: "Event",
    plural: "events",
    shortNames: ["ev"],
    schema: "events.v1.Event",
    columns: nameAndCreation,
    selectableFields: {
      ...eventFields("regarding", ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"]),
      reason: (object) => textAt(object, "reason"),
      reportingController: (object) => textAt(object, "reportingController"),
      type: (object) => textAt(object, "type"),
    },
  }),
  builtIn({
    kind: "PersistentVolumeClaim",
    plural: "persistentvolumeclaims",
    shortNames: ["pvc"],
    schema: "core.v1.PersistentVolumeClaim",
    statusSubresource: true,
    columns: persistentVolumeClaimColumns,
    applyDefaults: defaultPersistentVolumeClaim,
  }),
  builtIn({
    kind: "PersistentVolume",
    plural: "persistentvolumes",
    shortNames: ["pv"],
    schema: "core.v1.PersistentVolume",
    namespaced: false,
    statusSubresource: true,
    columns: persistentVolumeColumns,
    applyDefaults: defaultPersistentVolume,
  }),
  builtIn({
    kind: "ReplicationController",
    plural: "replicationcontrollers",
    shortNames: ["rc"],
    categories: ["all"],
    schema: "core.v1.ReplicationController",
    statusSubresource: true,
    tracksGeneration: true,
    scale: scalePaths,
    columns: replicationControllerColumns,
    applyDefaults: defaultReplicationController,
    warnings: () => ["the sandbox stores ReplicationControllers and runs none: use a Deployment"],
  }),
  builtIn({
    kind: "LimitRange",
    plural: "limitranges",
    shortNames: ["limits"],
    schema: "core.v1.LimitRange",
    columns: nameAndCreation,
    warnings: () => ["the sandbox stores LimitRanges and enforces none"],
  }),
  builtIn({
    kind: "ResourceQuota",
    plural: "resourcequotas",
    shortNames: ["quota"],
    schema: "core.v1.ResourceQuota",
    statusSubresource: true,
    columns: resourceQuotaColumns,
    warnings: () => ["the sandbox stores ResourceQuotas and enforces none"],
  }),
];

function eventFields(field: string, names: readonly string[]): Record<string, (object: ApiObject) => string> {
  return Object.fromEntries(
    names.map((name) => [`${field}.${name}`, (object: ApiObject) => textAt(object, field, name)]),
  );
}

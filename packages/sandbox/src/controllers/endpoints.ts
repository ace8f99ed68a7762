import { equalJson } from "@portcullis/objects";
import { changeObject, remove } from "./change.ts";
import { controllerReference } from "./controller.ts";
import { isActive, isReady } from "./dependents.ts";
import { at, json, listAt, mapAt, numberAt, textAt } from "../kinds/fields-at.ts";
import { isRefusal } from "../server/refusals.ts";
import type { Controller, Reconciling } from "./controller.ts";
import type { NewObject } from "../server/api.ts";
import type { ApiObject, Fields } from "../storage/api-object.ts";
import type { GroupResource } from "../storage/store.ts";

const slices = "endpointslices.discovery.k8s.io";

/** Keeps the Endpoints and the EndpointSlice of each Service that selects Pods. */
export const endpointsController: Controller = {
  name: "endpoint",
  resource: "services",
  kind: "Service",
  follows: {
    pods: (pod, api) =>
      api
        .list("services", pod.metadata.namespace)
        .filter((service) => matches(mapAt(service, "spec", "selector"), pod.metadata.labels ?? {})),
  },
  removed: async (service, api) => {
    const { namespace = "", name } = service.metadata;
    const endpoints = api.get("endpoints", namespace, name);
    if (endpoints !== undefined) await remove(api, "endpoints", endpoints);
  },
  reconcile: async (service, reconciling) => {
    const selector = mapAt(service, "spec", "selector");
    if (Object.keys(selector).length === 0 || textAt(service, "spec", "type") === "ExternalName") return;
    if (service.metadata.deletionTimestamp !== undefined) return;
    const pods = reconciling.api
      .list("pods", service.metadata.namespace)
      .filter((pod) => isActive(pod) && matches(selector, pod.metadata.labels ?? {}))
      .filter((pod) => textAt(pod, "status", "podIP") !== "");
    await put(reconciling, "endpoints", endpointsOf(service, pods), "subsets");
    await putSlice(reconciling, service, pods);
  },
};

function matches(selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

function addressOf(pod: ApiObject): Fields {
  const { name, namespace = "", uid } = pod.metadata;
  const node = textAt(pod, "spec", "nodeName");
  return { ip: textAt(pod, "status", "podIP"), nodeName: node, targetRef: { kind: "Pod", name, namespace, uid } };
}

/** The port of a Pod that a Service's port leads to: a number as it is, a name as the Pod's containers have it. */
function targetPort(port: Fields, pod: ApiObject | undefined): number | undefined {
  const target = at(port, "targetPort");
  if (typeof target === "number") return target;
  const named = listAt(pod, "spec", "containers")
    .flatMap((container) => listAt(container, "ports"))
    .find((each) => each["name"] === target);
  return numberAt(named, "containerPort");
}

function portsOf(service: ApiObject, pods: readonly ApiObject[]): readonly Fields[] {
  return listAt(service, "spec", "ports").flatMap((port) => {
    const number = targetPort(port, pods[0]);
    if (number === undefined) return [];
    const name = textAt(port, "name");
    return [{ ...(name === "" ? {} : { name }), port: number, protocol: textAt(port, "protocol") || "TCP" }];
  });
}

function endpointsOf(service: ApiObject, pods: readonly ApiObject[]): NewObject {
  const { name, namespace = "", labels } = service.metadata;
  const [ready, notReady] = [pods.filter(isReady), pods.filter((pod) => !isReady(pod))];
  const subset = {
    ...(ready.length === 0 ? {} : { addresses: ready.map(addressOf) }),
    ...(notReady.length === 0 ? {} : { notReadyAddresses: notReady.map(addressOf) }),
    ports: portsOf(service, pods),
  };
  return {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: {
      name,
      namespace,
      labels: { ...labels, "endpoints.kubernetes.io/managed-by": "endpoint-controller" },
    },
    ...(pods.length === 0 ? {} : { subsets: [subset] }),
  };
}

/** The slice's name is made of the Service's, as it is generated in a cluster, and is found by its labels. */
async function putSlice(reconciling: Reconciling, service: ApiObject, pods: readonly ApiObject[]): Promise<void> {
  const { name, namespace = "", labels } = service.metadata;
  const own = reconciling.api
    .list(slices, namespace)
    .filter((slice) => slice.metadata.labels?.["kubernetes.io/service-name"] === name);
  for (const extra of own.slice(1)) await remove(reconciling.api, slices, extra);
  const endpoints = pods.map((pod) => {
    const ready = isReady(pod);
    const { targetRef, nodeName } = addressOf(pod);
    const conditions = { ready, serving: ready, terminating: false };
    return { addresses: [textAt(pod, "status", "podIP")], conditions, nodeName, targetRef };
  });
  const ports = portsOf(service, pods).map((port) => ({ name: textAt(port, "name"), ...port }));
  const slice: NewObject = {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      ...(own[0] === undefined ? { generateName: `${name}-` } : { name: own[0].metadata.name }),
      namespace,
      labels: {
        ...labels,
        "kubernetes.io/service-name": name,
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
      },
      ownerReferences: [controllerReference(service)],
    },
    addressType: "IPv4",
    endpoints,
    ports,
  };
  await put(reconciling, slices, slice, "endpoints", "ports");
}

/** Creates an object, or gives the one that is there new values of some of its fields. */
async function put(
  { api }: Reconciling,
  resource: GroupResource,
  object: NewObject,
  ...fields: readonly string[]
): Promise<void> {
  const { namespace = "", name } = object.metadata;
  const current = name === undefined ? undefined : api.get(resource, namespace, name);
  if (current === undefined) {
    try {
      await api.create(resource, object);
    } catch (error) {
      if (!isRefusal(error, "Forbidden")) throw error;
    }
    return;
  }
  await changeObject(api, resource, current, (draft) => {
    if (fields.every((field) => equalJson(json(draft[field]), json(object[field])))) return false;
    for (const field of fields) {
      if (object[field] === undefined) delete draft[field];
      else draft[field] = object[field];
    }
    return true;
  });
}

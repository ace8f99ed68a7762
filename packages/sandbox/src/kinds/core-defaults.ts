import { at, listAt, ownFields, setDefault, textAt } from "./fields-at.ts";
import { isFields } from "../storage/api-object.ts";
import type { Draft } from "../storage/api-object.ts";

/** A Namespace carries its own name as a label, by which selectors find it. */
export function defaultNamespace(draft: Draft): void {
  if (draft.metadata.name !== "" && draft.metadata.name !== undefined) {
    draft.metadata.labels = { ...draft.metadata.labels, "kubernetes.io/metadata.name": draft.metadata.name };
  }
  ownFields(draft, "spec");
  setDefault(ownFields(draft, "status"), "phase", "Active");
}

/** A new Namespace stays until it is empty. */
export function holdNamespace(draft: Draft): void {
  const spec = ownFields(draft, "spec");
  const finalizers = Array.isArray(spec["finalizers"]) ? spec["finalizers"] : [];
  if (!finalizers.includes("kubernetes")) spec["finalizers"] = [...finalizers, "kubernetes"];
}

/** A Secret without a type is opaque; what is in `stringData` moves to `data`, which is base64. */
export function defaultSecret(draft: Draft): void {
  setDefault(draft, "type", "Opaque");
  const plain = draft["stringData"];
  if (!isFields(plain)) return;
  const data = ownFields(draft, "data");
  for (const [key, value] of Object.entries(plain)) {
    if (typeof value === "string") data[key] = Buffer.from(value, "utf8").toString("base64");
  }
  delete draft["stringData"];
}

/** Fills in a PersistentVolumeClaim. */
export function defaultPersistentVolumeClaim(draft: Draft): void {
  setDefault(ownFields(draft, "spec"), "volumeMode", "Filesystem");
  setDefault(ownFields(draft, "status"), "phase", "Pending");
}

/** Fills in a PersistentVolume. */
export function defaultPersistentVolume(draft: Draft): void {
  const spec = ownFields(draft, "spec");
  setDefault(spec, "persistentVolumeReclaimPolicy", "Retain");
  setDefault(spec, "volumeMode", "Filesystem");
  setDefault(ownFields(draft, "status"), "phase", "Pending");
}

/** Ports of Endpoints are TCP unless they say otherwise. */
export function defaultEndpoints(draft: Draft): void {
  for (const subset of listAt(draft, "subsets")) {
    for (const port of listAt(subset, "ports")) setDefault(port, "protocol", "TCP");
  }
}

/** Fills in a Service. */
export function defaultService(draft: Draft): void {
  const spec = ownFields(draft, "spec");
  setDefault(spec, "sessionAffinity", "None");
  if (spec["sessionAffinity"] === "None") delete spec["sessionAffinityConfig"];
  else setDefault(ownFields(ownFields(spec, "sessionAffinityConfig"), "clientIP"), "timeoutSeconds", 10800);
  setDefault(spec, "type", "ClusterIP");
  for (const port of listAt(spec, "ports")) {
    setDefault(port, "protocol", "TCP");
    if (port["targetPort"] === 0) delete port["targetPort"];
    setDefault(port, "targetPort", port["port"]);
  }
  const type = textAt(spec, "type");
  const external = type === "NodePort" || type === "LoadBalancer";
  if (external || (type === "ClusterIP" && Array.isArray(spec["externalIPs"]))) {
    setDefault(spec, "externalTrafficPolicy", "Cluster");
  }
  if (type !== "ExternalName") setDefault(spec, "internalTrafficPolicy", "Cluster");
  if (type === "LoadBalancer" && at(spec, "allocateLoadBalancerNodePorts") === undefined) {
    spec["allocateLoadBalancerNodePorts"] = true;
  }
  ownFields(ownFields(draft, "status"), "loadBalancer");
}

/** The Pods of the story, as the demo reads and shows them. */
import type { Resource } from "@portcullis/kube";
import { isJsonArray, nameOf, own, ownPath, ownString, type JsonObject } from "@portcullis/objects";

/** Where Pods are. */
export const pods: Resource = { group: "", version: "v1", plural: "pods", kind: "Pod", namespaced: true };

/** A Pod's name, how many of its containers are ready, and what it waits for or is. */
export function podRow(pod: JsonObject): readonly [name: string, ready: string, status: string] {
  const statuses = ownPath(pod, "status", "containerStatuses");
  const list = isJsonArray(statuses) ? statuses : [];
  const containers = ownPath(pod, "spec", "containers");
  const total = isJsonArray(containers) ? containers.length : list.length;
  const ready = list.filter((status) => own(status, "ready") === true).length;
  return [nameOf(pod), `${ready}/${total}`, podStatus(pod)];
}

/** The word that kubectl shows as a Pod's status: what its first waiting container waits for, else its phase. */
export function podStatus(pod: JsonObject): string {
  const statuses = ownPath(pod, "status", "containerStatuses");
  for (const status of isJsonArray(statuses) ? statuses : []) {
    const reason = ownString(ownPath(status, "state", "waiting"), "reason");
    if (reason !== undefined) return reason;
  }
  return ownString(own(pod, "status"), "phase") ?? "Unknown";
}

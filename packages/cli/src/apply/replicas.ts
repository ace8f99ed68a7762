import { isJsonArray, isJsonObject, metadataOf, nameOf, own, ownString, type JsonObject } from "@portcullis/objects";
import type { KubeClient, Resource } from "@portcullis/kube";

const pods: Resource = { group: "", version: "v1", plural: "pods", kind: "Pod", namespaced: true };

/**
 * The Pods that answer for the webhook. One that says that it is not ready is none of them: nobody asks it, and it comes
 * ready with everything in force. Undefined where there are none, or where it may not be asked: who serves is known by
 * who reports then.
 */
export async function findReplicas(client: KubeClient, namespace: string): Promise<readonly string[] | undefined> {
  const listed = await client.list(pods, { namespace, labelSelector: "gatekeeper.sh/operation=webhook" });
  if (!listed.ok || listed.value.items.length === 0) return undefined;
  return listed.value.items.filter(isServing).map(nameOf);
}

function isServing(pod: JsonObject): boolean {
  if (own(metadataOf(pod), "deletionTimestamp") !== undefined) return false;
  const status = own(pod, "status");
  if (["Succeeded", "Failed"].includes(ownString(status, "phase") ?? "")) return false;
  const conditions = own(status, "conditions");
  const ready = isJsonArray(conditions) ? conditions.find((each) => ownString(each, "type") === "Ready") : undefined;
  return ownString(ready, "status") !== "False";
}

/** What one replica says about an object. */
export interface ReplicaReport {
  readonly pod: string;
  readonly generation: number;
  /** Why it is not in force there. */
  readonly problem?: string;
}

/** What the webhook's replicas say in an object's `status.byPod`; those of Pods that do other work are left out. */
export function reportsIn(object: JsonObject, uidField: string): readonly ReplicaReport[] {
  const uid = ownString(metadataOf(object), "uid") ?? "";
  const entries = own(own(object, "status"), "byPod");
  return (isJsonArray(entries) ? entries : []).filter(isJsonObject).flatMap((entry) => {
    const operations = own(entry, "operations");
    const isWebhook = isJsonArray(operations) && operations.includes("webhook");
    if (!isWebhook || ownString(entry, uidField) !== uid) return [];
    const generation = own(entry, "observedGeneration");
    const problem = problemIn(entry);
    return [
      {
        pod: ownString(entry, "id") ?? "",
        generation: typeof generation === "number" ? generation : 0,
        ...(problem === undefined ? {} : { problem }),
      },
    ];
  });
}

function problemIn(entry: JsonObject): string | undefined {
  const errors = own(entry, "errors");
  if (isJsonArray(errors) && errors.length > 0) {
    return errors
      .map((error) => `${ownString(error, "code") ?? "error"}: ${ownString(error, "message") ?? ""}`)
      .join("\n");
  }
  return own(entry, "enforced") === false ? "it is not enforced" : undefined;
}

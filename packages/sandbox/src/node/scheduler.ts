import { changeStatus, timestamp } from "../controllers/change.ts";
import { EventRecorder } from "../controllers/event-recorder.ts";
import { WorkQueue, keyOf, splitKey } from "../controllers/work-queue.ts";
import { at, fieldsAt, listAt, mapAt, textAt } from "../kinds/fields-at.ts";
import { isRefusal } from "../server/refusals.ts";
import type { QueueFailure } from "../controllers/work-queue.ts";
import type { Api } from "../server/api.ts";
import type { ApiObject, Fields } from "../storage/api-object.ts";

/** The scheduler of a cluster of one node: each Pod goes there, unless the Pod or the node says no. */
export class Scheduler {
  readonly #api: Api;
  readonly #node: string;
  readonly #events: EventRecorder;
  readonly #queue: WorkQueue;
  readonly #stops: readonly (() => void)[];

  constructor(api: Api, node: string, failed: QueueFailure) {
    this.#api = api;
    this.#node = node;
    this.#events = new EventRecorder(api, { component: "default-scheduler" });
    this.#queue = new WorkQueue((key) => this.#schedule(key), failed);
    this.#stops = [
      api.watch("pods", ({ type, object }) => {
        if (type !== "DELETED" && isUnscheduled(object)) this.#add(object);
      }),
      api.watch("nodes", () => {
        for (const pod of api.list("pods")) if (isUnscheduled(pod)) this.#add(pod);
      }),
    ];
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#queue.close();
  }

  #add({ metadata }: ApiObject): void {
    this.#queue.add(keyOf(metadata.namespace, metadata.name));
  }

  async #schedule(key: string): Promise<void> {
    const pod = this.#api.get("pods", ...splitKey(key));
    const node = this.#api.get("nodes", "", this.#node);
    if (pod === undefined || node === undefined || !isUnscheduled(pod)) return;
    const obstacle = obstacleOf(pod, node);
    if (obstacle !== undefined) return this.#refuse(pod, obstacle);
    const { namespace = "", name } = pod.metadata;
    try {
      await this.#api.createSubresource("pods", namespace, name, "binding", {
        apiVersion: "v1",
        kind: "Binding",
        metadata: { name, namespace },
        target: { apiVersion: "v1", kind: "Node", name: this.#node },
      });
    } catch (error) {
      if (isRefusal(error, "NotFound") || isRefusal(error, "BadRequest")) return;
      throw error;
    }
    const message = `Successfully assigned ${namespace}/${name} to ${this.#node}`;
    this.#events.record(pod, { type: "Normal", reason: "Scheduled", message });
  }

  async #refuse(pod: ApiObject, obstacle: string): Promise<void> {
    const message =
      `0/1 nodes are available: 1 ${obstacle}. ` +
      "preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
    const before = listAt(pod, "status", "conditions").find((each) => each["type"] === "PodScheduled");
    if (before?.["message"] === message) return;
    await changeStatus(this.#api, "pods", pod, (current) => {
      const others = listAt(current, "status", "conditions").filter((each) => each["type"] !== "PodScheduled");
      const condition: Fields = {
        type: "PodScheduled",
        status: "False",
        reason: "Unschedulable",
        message,
        lastProbeTime: null,
        lastTransitionTime: timestamp(),
      };
      return { ...fieldsAt(current, "status"), conditions: [...others, condition] };
    });
    this.#events.record(pod, { type: "Warning", reason: "FailedScheduling", message });
  }
}

function isUnscheduled(pod: ApiObject): boolean {
  return (
    textAt(pod, "spec", "nodeName") === "" &&
    pod.metadata.deletionTimestamp === undefined &&
    textAt(pod, "spec", "schedulerName") === "default-scheduler" &&
    listAt(pod, "spec", "schedulingGates").length === 0
  );
}

/** Why a Pod may not go to a node, in the scheduler's words, or undefined. */
function obstacleOf(pod: ApiObject, node: ApiObject): string | undefined {
  if (at(node, "spec", "unschedulable") === true && !tolerates(pod, unschedulable)) {
    return "node(s) were unschedulable";
  }
  const labels = node.metadata.labels ?? {};
  const wanted = Object.entries(mapAt(pod, "spec", "nodeSelector"));
  if (!wanted.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value)) {
    return "node(s) didn't match Pod's node affinity/selector";
  }
  const taint = listAt(node, "spec", "taints").find(
    (each) => each["effect"] !== "PreferNoSchedule" && each["key"] !== unschedulable.key && !tolerates(pod, each),
  );
  if (taint === undefined) return undefined;
  return `node(s) had untolerated taint(s) {${textAt(taint, "key")}: ${textAt(taint, "value")}}`;
}

const unschedulable = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };

function tolerates(pod: ApiObject, taint: Fields): boolean {
  return listAt(pod, "spec", "tolerations").some((toleration) => {
    const key = textAt(toleration, "key");
    const effect = textAt(toleration, "effect");
    const exists = textAt(toleration, "operator") === "Exists";
    return (
      (effect === "" || effect === taint["effect"]) &&
      (key === "" ? exists : key === taint["key"]) &&
      (exists || textAt(toleration, "value") === textAt(taint, "value"))
    );
  });
}

import { changeStatus, remove } from "../controllers/change.ts";
import { EventRecorder } from "../controllers/event-recorder.ts";
import { WorkQueue, keyOf, splitKey } from "../controllers/work-queue.ts";
import { at, listAt, textAt } from "../kinds/fields-at.ts";
import { ImagePuller } from "./image-puller.ts";
import { nodeAddress } from "./node-object.ts";
import { acceptedStatus, stepPod } from "./pod-status.ts";
import type { PullOutcome } from "./image-puller.ts";
import type { PodStep } from "./pod-status.ts";
import type { QueueFailure } from "../controllers/work-queue.ts";
import type { Api } from "../server/api.ts";
import type { ApiObject } from "../storage/api-object.ts";

/** How long a Pod is seen terminating before the node lets go of it. */
const terminationTime = 40;

/** The simulated kubelet: brings the Pods of its node to life, keeps them there, and lets them go. */
export class Kubelet {
  readonly #api: Api;
  readonly #node: string;
  readonly #puller: ImagePuller;
  readonly #events: EventRecorder;
  readonly #queue: WorkQueue;
  readonly #stop: () => void;
  readonly #addresses = new Map<string, string>();
  readonly #terminating = new Map<string, number>();
  #lastAddress = 1;

  constructor(api: Api, node: string, reachableRegistries: readonly string[], failed: QueueFailure) {
    this.#api = api;
    this.#node = node;
    this.#puller = new ImagePuller(reachableRegistries);
    this.#events = new EventRecorder(api, { component: "kubelet", host: node });
    this.#queue = new WorkQueue((key) => this.#sync(key), failed);
    this.#stop = api.watch("pods", ({ type, object }) => {
      if (textAt(object, "spec", "nodeName") !== node) return;
      if (type === "DELETED") this.#forget(object);
      else this.#queue.add(keyOf(object.metadata.namespace, object.metadata.name));
    });
  }

  close(): void {
    this.#stop();
    this.#queue.close();
  }

  #forget({ metadata }: ApiObject): void {
    this.#addresses.delete(metadata.uid);
    this.#terminating.delete(metadata.uid);
    this.#puller.forget(`${metadata.uid}/`);
  }

  async #sync(key: string): Promise<void> {
    const pod = this.#api.get("pods", ...splitKey(key));
    if (pod === undefined || textAt(pod, "spec", "nodeName") !== this.#node) return;
    if (pod.metadata.deletionTimestamp !== undefined) return this.#terminate(key, pod);
    if (["Succeeded", "Failed"].includes(textAt(pod, "status", "phase"))) return;
    if (at(pod, "status", "startTime") === undefined) {
      return changeStatus(this.#api, "pods", pod, (current) => acceptedStatus(current, new Date()));
    }
    await this.#step(key, pod);
  }

  async #step(key: string, pod: ApiObject): Promise<void> {
    const now = new Date();
    const pulls = new Map<string, PullOutcome>();
    const steps: PodStep[] = [];
    await changeStatus(this.#api, "pods", pod, (current) => {
      const step = stepPod(current, {
        now,
        podIp: this.#addressOf(current),
        // A pull happens once, however often someone else's write makes the step be worked out anew.
        pull: (container) => {
          const name = textAt(container, "name");
          const id = `${pod.metadata.uid}/${name}`;
          const outcome =
            pulls.get(name) ??
            this.#puller.pull(id, textAt(container, "image"), textAt(container, "imagePullPolicy"), now.getTime());
          pulls.set(name, outcome);
          return outcome;
        },
      });
      steps.push(step);
      return step.status;
    });
    const last = steps.at(-1);
    for (const occurrence of last?.occurrences ?? []) this.#events.record(pod, occurrence);
    if (last?.again !== undefined) this.#queue.addAfter(key, last.again + 1);
  }

  async #terminate(key: string, pod: ApiObject): Promise<void> {
    const { uid, deletionGracePeriodSeconds } = pod.metadata;
    // What finalizers hold is no longer the kubelet's.
    if (deletionGracePeriodSeconds === 0) return;
    const since = this.#terminating.get(uid);
    if (since === undefined) {
      this.#terminating.set(uid, Date.now());
      for (const status of listAt(pod, "status", "containerStatuses")) {
        if (at(status, "state", "running") === undefined) continue;
        const name = textAt(status, "name");
        const message = `Stopping container ${name}`;
        this.#events.record(pod, { type: "Normal", reason: "Killing", message, fieldPath: `spec.containers{${name}}` });
      }
    }
    const left = (since ?? Date.now()) + terminationTime - Date.now();
    if (left > 0) return this.#queue.addAfter(key, left);
    await remove(this.#api, "pods", pod, { gracePeriodSeconds: 0 });
  }

  #addressOf(pod: ApiObject): string {
    if (at(pod, "spec", "hostNetwork") === true) return nodeAddress;
    const known = this.#addresses.get(pod.metadata.uid) ?? textAt(pod, "status", "podIP");
    if (known !== "") {
      this.#addresses.set(pod.metadata.uid, known);
      return known;
    }
    const taken = new Set(this.#addresses.values());
    let address: string;
    do {
      this.#lastAddress = (this.#lastAddress % 65_533) + 1;
      address = `10.244.${this.#lastAddress >> 8}.${this.#lastAddress & 255}`;
    } while (taken.has(address));
    this.#addresses.set(pod.metadata.uid, address);
    return address;
  }
}

import { createHash } from "node:crypto";
import { changeObject, timestamp } from "./change.ts";
import { numberAt } from "../kinds/fields-at.ts";
import type { Api } from "../server/api.ts";
import type { ApiObject } from "../storage/api-object.ts";

/** Who an Event is from. */
export interface EventSource {
  readonly component: string;
  readonly host?: string;
}

/** What happened to an object. */
export interface Occurrence {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  /** The part it happened to: `spec.containers{web}`. */
  readonly fieldPath?: string;
}

const mostRemembered = 4096;

/**
 * Writes Events. The same thing said again of the same object counts in the Event that is there. Events are told in
 * order; one that the API refuses is lost, since nothing may depend on them.
 */
export class EventRecorder {
  readonly #api: Api;
  readonly #source: EventSource;
  readonly #names = new Map<string, string>();
  #last: Promise<void> = Promise.resolve();
  #lastMoment = 0n;

  constructor(api: Api, source: EventSource) {
    this.#api = api;
    this.#source = source;
  }

  record(object: ApiObject, occurrence: Occurrence): void {
    const time = timestamp();
    this.#last = this.#last.then(() => this.#write(object, occurrence, time)).catch(() => undefined);
  }

  /** Settles when everything recorded so far is written. */
  settled(): Promise<void> {
    return this.#last;
  }

  async #write(object: ApiObject, occurrence: Occurrence, time: string): Promise<void> {
    const { namespace = "default", name, uid } = object.metadata;
    const { type, reason, message, fieldPath = "" } = occurrence;
    const identity = createHash("sha256").update([uid, type, reason, message, fieldPath].join("\0")).digest("base64");
    const known = this.#names.get(identity);
    const event = known === undefined ? undefined : this.#api.get("events", namespace, known);
    if (event !== undefined) {
      await changeObject(this.#api, "events", event, (draft) => {
        draft["count"] = (numberAt(draft, "count") ?? 1) + 1;
        draft["lastTimestamp"] = time;
        return true;
      });
      return;
    }
    const eventName = `${name}.${this.#moment()}`;
    this.#remember(identity, eventName);
    await this.#api.create("events", {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: eventName, namespace },
      involvedObject: {
        apiVersion: object.apiVersion,
        kind: object.kind,
        name,
        ...(object.metadata.namespace === undefined ? {} : { namespace }),
        uid,
        resourceVersion: object.metadata.resourceVersion,
        ...(fieldPath === "" ? {} : { fieldPath }),
      },
      type,
      reason,
      message,
      count: 1,
      firstTimestamp: time,
      lastTimestamp: time,
      source: { ...this.#source },
      reportingComponent: this.#source.component,
      reportingInstance: this.#source.host ?? "",
    });
  }

  /** The time in nanoseconds, never the same twice: names in order of time are how lists show Events in order. */
  #moment(): string {
    const now = BigInt(Date.now()) * 1_000_000n;
    this.#lastMoment = now > this.#lastMoment ? now : this.#lastMoment + 1n;
    return this.#lastMoment.toString(16);
  }

  #remember(identity: string, name: string): void {
    if (this.#names.size >= mostRemembered) {
      const [oldest] = this.#names.keys();
      if (oldest !== undefined) this.#names.delete(oldest);
    }
    this.#names.set(identity, name);
  }
}

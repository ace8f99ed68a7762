import { randomUUID } from "node:crypto";
import type { JsonObject } from "@portcullis/objects";

/** What an event is about. */
export interface InvolvedObject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
}

/** An event of Kubernetes' core group. */
export interface KubernetesEvent {
  readonly name: string;
  readonly namespace: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly involved: InvolvedObject;
  readonly component: string;
  /** The component once more, except where an event stands for several. */
  readonly reporter: string;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly first: number;
  readonly last: number;
}

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** A name that no other event has: the object's and the time, where that is a name at all. */
export function eventName(objectName: string, now: number): string {
  const name = `${objectName}.${(BigInt(now) * 1_000_000n).toString(16)}${Math.floor(Math.random() * 4096).toString(16)}`;
  return name.length <= 253 && subdomain.test(name) ? name : randomUUID();
}

/** The event as the API takes it. */
export function eventObject(event: KubernetesEvent): JsonObject {
  const { involved, annotations } = event;
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: {
      name: event.name,
      namespace: event.namespace,
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    },
    involvedObject: { ...involved },
    reason: event.reason,
    message: event.message,
    source: { component: event.component },
    reportingComponent: event.reporter,
    firstTimestamp: timestamp(event.first),
    lastTimestamp: timestamp(event.last),
    count: event.count,
    type: event.type,
  };
}

/** A time as Kubernetes writes it, to the second. */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
}

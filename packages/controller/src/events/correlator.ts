/**
 * Keeps events from flooding the cluster, by the numbers of Kubernetes' own clients: the same event again raises its
 * count, the tenth of those that differ in their message alone within ten minutes becomes one that stands for them, and
 * an object gets 25 at once and one more every five minutes.
 */
import { eventName, type InvolvedObject, type KubernetesEvent } from "./event.ts";

/** What to do with an event. */
export type Correlated =
  | { readonly kind: "create"; readonly key: string; readonly event: KubernetesEvent }
  /** The event is there already, of this name: its count, time and message change. */
  | { readonly kind: "count"; readonly key: string; readonly event: KubernetesEvent }
  | { readonly kind: "skip" };

/** The events that differ in their message alone. Times are milliseconds since the epoch. */
interface Similar {
  readonly messages: Set<string>;
  last: number;
}

/** An event that was written, and how often it happened. */
interface Seen {
  readonly count: number;
  readonly first: number;
  readonly name: string;
}

/** What an object may still get. */
interface Bucket {
  tokens: number;
  filled: number;
}

/** Events, groups of them and objects that are told apart; of more than these the oldest are forgotten. */
const mostRemembered = 4096;
/** So many different messages of a group become one event. */
const mostSimilar = 10;
const similarWithinMilliseconds = 600_000;
/** What an object gets at once, and how long it takes until it gets another. */
const burst = 25;
const refillMilliseconds = 300_000;

/** Decides what becomes of each event, by those that came before it. */
export class EventCorrelator {
  readonly #similar = new Map<string, Similar>();
  readonly #seen = new Map<string, Seen>();
  readonly #buckets = new Map<string, Bucket>();

  /** Decides about an event that happened now. */
  correlate(event: KubernetesEvent, now: number): Correlated {
    const aggregated = this.#aggregate(event, now);
    const counted = this.#count(aggregated.key, aggregated.event);
    if (!this.#accepts(counted, now)) return { kind: "skip" };
    return { kind: counted.count > 1 ? "count" : "create", key: aggregated.key, event: counted };
  }

  #aggregate(event: KubernetesEvent, now: number): { readonly key: string; readonly event: KubernetesEvent } {
    const group = [event.component, ...identity(event.involved), event.type, event.reason].join("\0");
    let similar = this.#similar.get(group);
    if (similar === undefined || now - similar.last > similarWithinMilliseconds)
      similar = { messages: new Set(), last: now };
    similar.messages.add(event.message);
    similar.last = now;
    remember(this.#similar, group, similar);
    if (similar.messages.size < mostSimilar) return { key: `${group}\0${event.message}`, event };
    // No larger than it need be: which one goes does not matter.
    const [any] = similar.messages;
    if (any !== undefined) similar.messages.delete(any);
    const standsForAll = {
      ...event,
      name: eventName(event.involved.name, now),
      annotations: {},
      reporter: "",
      message: `(combined from similar events): ${event.message}`,
    };
    return { key: group, event: standsForAll };
  }

  #count(key: string, event: KubernetesEvent): KubernetesEvent {
    const before = this.#seen.get(key);
    const counted =
      before === undefined ? event : { ...event, name: before.name, first: before.first, count: before.count + 1 };
    remember(this.#seen, key, { count: counted.count, first: counted.first, name: counted.name });
    return counted;
  }

  #accepts(event: KubernetesEvent, now: number): boolean {
    const key = [event.component, ...identity(event.involved), event.type].join("\0");
    const bucket = this.#buckets.get(key) ?? { tokens: burst, filled: now };
    bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.filled) / refillMilliseconds);
    bucket.filled = now;
    const accepts = bucket.tokens >= 1;
    if (accepts) bucket.tokens -= 1;
    remember(this.#buckets, key, bucket);
    return accepts;
  }
}

function identity({ kind, namespace, name, uid }: InvolvedObject): readonly string[] {
  return [kind, namespace, name, uid ?? ""];
}

/** Keeps the entries that were used last, and no more than there is room for. */
function remember<T>(entries: Map<string, T>, key: string, value: T): void {
  entries.delete(key);
  entries.set(key, value);
  if (entries.size <= mostRemembered) return;
  const [oldest] = entries.keys();
  if (oldest !== undefined) entries.delete(oldest);
}

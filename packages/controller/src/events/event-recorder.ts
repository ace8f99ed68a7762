import type { Clock, KubeClient } from "@portcullis/kube";
import type { Log } from "../log/log.ts";
import { events } from "../resources.ts";
import { EventCorrelator } from "./correlator.ts";
import { eventName, eventObject, timestamp, type InvolvedObject, type KubernetesEvent } from "./event.ts";

/** What happened, and to what. */
export interface Happening {
  readonly involved: InvolvedObject;
  readonly annotations: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly message: string;
}

/** What writing events needs. */
export interface EventRecorderOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  /** Who says it, as `kubectl describe` shows it. */
  readonly component: string;
}

/** Events that wait to be written; when there are more the newest are dropped, for they must never hold up an answer. */
const mostWaiting = 1000;
/** Two minutes in all, as Kubernetes' own clients have it. */
const mostTries = 12;
const betweenTriesMilliseconds = 10_000;

/** Writes warnings into the cluster, one after another, behind whoever records them. */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #correlator = new EventCorrelator();
  readonly #waiting: KubernetesEvent[] = [];
  readonly #stopping = new AbortController();
  #writing: Promise<void> | undefined;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  /** Takes note of a warning; returns at once. */
  warn({ involved, annotations, reason, message }: Happening): void {
    if (this.#stopping.signal.aborted) return;
    if (this.#waiting.length >= mostWaiting) {
      this.#options.log.debug("an event is dropped, since too many wait to be written", { reason });
      return;
    }
    const now = this.#options.clock.now();
    this.#waiting.push({
      name: eventName(involved.name, now),
      namespace: involved.namespace === "" ? "default" : involved.namespace,
      annotations,
      involved,
      component: this.#options.component,
      reporter: this.#options.component,
      type: "Warning",
      reason,
      message,
      count: 1,
      first: now,
      last: now,
    });
    this.#writing ??= this.#writeAll();
  }

  /** Resolves when nothing waits any more. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  /** Drops what waits and ends. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#waiting.length = 0;
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    // Whoever records is answering a review; nothing of this may come before the answer.
    await new Promise((resolve) => setImmediate(resolve));
    for (let event = this.#waiting.shift(); event !== undefined; event = this.#waiting.shift()) {
      const correlated = this.#correlator.correlate(event, this.#options.clock.now());
      if (correlated.kind !== "skip") await this.#write(correlated.event, correlated.kind === "count");
    }
    this.#writing = undefined;
  }

  async #write(event: KubernetesEvent, isThere: boolean): Promise<void> {
    const { clock, log } = this.#options;
    let failure: unknown;
    for (let attempt = 1; attempt <= mostTries; attempt += 1) {
      if (this.#stopping.signal.aborted) return;
      try {
        const refused = await this.#send(event, isThere);
        if (refused !== undefined)
          log.warn("the API server refused an event", { reason: event.reason, error: refused });
        return;
      } catch (error) {
        failure = error;
        log.debug("writing an event failed; it is tried again", { attempt, error });
        await clock.sleep(betweenTriesMilliseconds * (attempt === 1 ? clock.random() : 1), this.#stopping.signal);
      }
    }
    log.warn("an event could not be written and is given up", { reason: event.reason, error: failure });
  }

  /** Sends the event; why it was refused, if it was. */
  async #send(event: KubernetesEvent, isThere: boolean): Promise<string | undefined> {
    const { client } = this.#options;
    if (isThere) {
      const { name, namespace, count, message, last } = event;
      const change = { count, message, lastTimestamp: timestamp(last) };
      const patched = await client.patch(events, { name, namespace }, "strategic", change);
      // Events live for an hour; then it is made anew.
      if (patched.ok || patched.status.code !== 404) return patched.ok ? undefined : patched.status.message;
    }
    const created = await client.create(events, eventObject(event));
    if (created.ok || created.status.reason === "AlreadyExists") return undefined;
    return created.status.message;
  }
}

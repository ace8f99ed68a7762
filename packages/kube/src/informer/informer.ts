/**
 * A collection kept in step with the server: list, then watch from the list's version on, for as long as it runs.
 *
 * A watch is never trusted to be alive. The server is asked to end it after some minutes; one on which nothing arrives
 * for twice the bookmark period is taken for dead and opened anew; where the server has forgotten the version, all is
 * listed anew and the difference reported, so that no change is lost however long the gap was.
 *
 * What is kept is without `managedFields`: nobody reads them here, and they are a third of most objects.
 */
import { resourceVersionOf, type JsonObject } from "@portcullis/objects";
import type { KubeClient, ListSelection } from "../client/client.ts";
import type { Resource } from "../client/resource.ts";
import { readStatus, type ApiStatus } from "../client/status.ts";
import type { Clock } from "../clock.ts";
import { withoutManagedFields } from "./trim.ts";
import { backoffDelay, type BackoffPolicy } from "./backoff.ts";
import { ObjectStore, type Change } from "./object-store.ts";
import { readWatch } from "./watch-lines.ts";

/** What an informer tells whoever keeps its log and its figures. */
export type InformerNote =
  | { readonly kind: "listed"; readonly count: number }
  | { readonly kind: "watch-ended" | "watch-idle" | "version-forgotten" }
  | { readonly kind: "unreadable"; readonly message: string }
  | { readonly kind: "failed"; readonly message: string; readonly failures: number; readonly waitMilliseconds: number };

/** What to keep, and how. */
export interface InformerOptions {
  readonly client: KubeClient;
  readonly resource: Resource;
  readonly selection?: ListSelection;
  readonly clock: Clock;
  /** Called for every change, in order, before the next one is read. Must not throw. */
  readonly onChange: (change: Change) => void;
  readonly onNote?: (note: InformerNote) => void;
  readonly backoff?: BackoffPolicy;
  /** A watch with no byte for this long is dead: twice the minute between the server's bookmarks. */
  readonly idleMilliseconds?: number;
}

const usualBackoff: BackoffPolicy = { firstMilliseconds: 100, mostMilliseconds: 30_000 };

export class Informer {
  readonly store: ObjectStore = new ObjectStore();
  readonly #options: InformerOptions;
  readonly #stopping = new AbortController();
  readonly #synced = Promise.withResolvers<void>();
  #hasSynced = false;
  #running: Promise<void> | undefined;
  #failures = 0;

  constructor(options: InformerOptions) {
    this.#options = options;
  }

  /** Whether the first list is in the store. */
  get hasSynced(): boolean {
    return this.#hasSynced;
  }

  /** Begins to list and watch. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Resolves when the first list is in the store and reported, or when the informer is stopped before. */
  synced(): Promise<void> {
    return this.#synced.promise;
  }

  /** Ends the watch. Nothing is reported after the promise resolves. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#synced.resolve();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    let version: string | undefined;
    while (!signal.aborted) {
      try {
        version ??= await this.#list();
        version = await this.#watch(version);
      } catch (error) {
        if (signal.aborted) break;
        await this.#waitAfter(error);
      }
    }
  }

  async #list(): Promise<string> {
    const { client, resource, selection } = this.#options;
    const listed = await client.list(resource, selection, this.#stopping.signal, withoutManagedFields);
    if (!listed.ok) throw new Refused(listed.status);
    const { items, resourceVersion } = listed.value;
    for (const change of this.store.replace(items)) this.#options.onChange(change);
    this.#options.onNote?.({ kind: "listed", count: items.length });
    this.#failures = 0;
    this.#hasSynced = true;
    this.#synced.resolve();
    return resourceVersion;
  }

  /** Watches until the watch ends; the version to go on from, or undefined where all must be listed anew. */
  async #watch(from: string): Promise<string | undefined> {
    const { client, resource, selection, clock, onNote } = this.#options;
    const idle = new IdleTimer(this.#options.idleMilliseconds ?? 130_000, this.#stopping.signal);
    let version = from;
    try {
      // Five to ten minutes, spread, so that not all watches of all replicas end together.
      const timeoutSeconds = 300 + Math.floor(clock.random() * 300);
      const stream = await client.watch(
        resource,
        selection ?? {},
        { resourceVersion: version, timeoutSeconds },
        idle.signal,
      );
      if (stream.status !== 200) return await this.#refusedWatch(stream);
      for await (const line of readWatch(idle.watch(stream.body))) {
        switch (line.kind) {
          case "bookmark":
            version = line.resourceVersion;
            break;
          case "unreadable":
            onNote?.({ kind: "unreadable", message: line.message });
            break;
          case "error":
            if (line.status.code === 410) return this.#forgotten();
            throw new Refused(line.status);
          default:
            version = this.#take(line.kind, line.object, version);
        }
        this.#failures = 0;
      }
      onNote?.({ kind: "watch-ended" });
      return version;
    } catch (error) {
      if (!idle.hasExpired) throw error;
      onNote?.({ kind: "watch-idle" });
      return version;
    } finally {
      idle.stop();
    }
  }

  #take(kind: "added" | "modified" | "deleted", object: JsonObject, version: string): string {
    const change = kind === "deleted" ? this.store.remove(object) : this.store.put(withoutManagedFields(object));
    if (change !== undefined) this.#options.onChange(change);
    const seen = resourceVersionOf(object);
    return seen === "" ? version : seen;
  }

  async #refusedWatch(stream: { readonly status: number; readonly body: AsyncIterable<string> }): Promise<undefined> {
    let text = "";
    for await (const chunk of stream.body) text += chunk;
    if (stream.status === 410) return this.#forgotten();
    throw new Refused(readStatus(stream.status, text));
  }

  #forgotten(): undefined {
    this.#options.onNote?.({ kind: "version-forgotten" });
    return undefined;
  }

  async #waitAfter(error: unknown): Promise<void> {
    const { clock, backoff, onNote } = this.#options;
    this.#failures += 1;
    const asked = error instanceof Refused ? (error.status.retryAfterSeconds ?? 0) * 1000 : 0;
    const usual = backoffDelay(backoff ?? usualBackoff, this.#failures, clock.random());
    const waitMilliseconds = Math.max(asked, usual);
    const message = error instanceof Error ? error.message : String(error);
    onNote?.({ kind: "failed", message, failures: this.#failures, waitMilliseconds });
    await clock.sleep(waitMilliseconds, this.#stopping.signal);
  }
}

class Refused extends Error {
  readonly status: ApiStatus;

  constructor(status: ApiStatus) {
    super(status.message);
    this.status = status;
  }
}

/** Aborts its signal when nothing has arrived for the time. */
class IdleTimer {
  readonly #own = new AbortController();
  readonly #milliseconds: number;
  #timer: NodeJS.Timeout;
  hasExpired = false;
  readonly signal: AbortSignal;

  constructor(milliseconds: number, outer: AbortSignal) {
    this.#milliseconds = milliseconds;
    this.signal = AbortSignal.any([this.#own.signal, outer]);
    this.#timer = this.#arm();
  }

  async *watch(body: AsyncIterable<string>): AsyncGenerator<string> {
    for await (const chunk of body) {
      clearTimeout(this.#timer);
      this.#timer = this.#arm();
      yield chunk;
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#own.abort();
  }

  #arm(): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.hasExpired = true;
      this.#own.abort();
    }, this.#milliseconds);
    timer.unref();
    return timer;
  }
}

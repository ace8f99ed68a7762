/**
 * A collection kept in step with the server: list, then watch from the list's version on, for as long as it runs.
 *
 * A watch is never trusted to be alive. The server is asked to end it after some minutes; one on which nothing arrives
 * for twice the bookmark period is taken for dead and opened anew; where the server has forgotten the version, all is
 * listed anew and the difference reported, so that no change is lost however long the gap was. A watch that broke goes on
 * behind the last event that it brought: told once more what was long past, the store would go back in time.
 *
 * Nor is a version trusted for ever. A cluster whose etcd was restored counts on from an older one, and a watch from ahead
 * of it brings nothing, not even bookmarks, until the server has come that far: so all is listed anew behind a watch that
 * was silent, where the server does not take the version, and, now and then at most, where a connection broke, since no
 * server is restored that was not ended before.
 *
 * What is kept is without `managedFields`: nobody reads them here, and they are a third of most objects.
 */
import { resourceVersionOf, type JsonObject } from "@portcullis/objects";
import type { KubeClient, ListSelection } from "../client/client.ts";
import type { Resource } from "../client/resource.ts";
import { readStatus, type ApiStatus } from "../client/status.ts";
import type { ApiStream } from "../client/transport.ts";
import type { Clock } from "../clock.ts";
import { backoffDelay, type BackoffPolicy } from "./backoff.ts";
import { IdleTimer } from "./idle-timer.ts";
import { keyOf, ObjectStore, type Change } from "./object-store.ts";
import { withoutManagedFields } from "./trim.ts";
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
  /** What is kept of each object; all of it where absent, but for `managedFields`. */
  readonly trim?: (object: JsonObject) => JsonObject;
  /** Called for every change, in order, before the next one is read. Must not throw. */
  readonly onChange: (change: Change) => void;
  /** Called with what happens on the way. Must not throw. */
  readonly onNote?: (note: InformerNote) => void;
  readonly backoff?: BackoffPolicy;
  /** A watch with no byte for this long is dead: twice the minute between the server's bookmarks. */
  readonly idleMilliseconds?: number;
}

/** Seldom enough for a server in trouble, and soon enough that what holds is known within seconds when it is well again. */
const usualBackoff: BackoffPolicy = { firstMilliseconds: 100, mostMilliseconds: 5000 };
/** A watch that ends sooner, with nothing said, was of no use. */
const shortestWatchMilliseconds = 1000;
/** Twice the minute between the server's bookmarks, and some seconds for the way. */
const usualIdleMilliseconds = 130_000;

/** Behind a connection that broke all is listed anew, unless it was just listed; the more there is, the longer ago. */
const relistMilliseconds = 10_000;
const relistMillisecondsOfObject = 5;
/** The server has forgotten the version; cannot read it; or has not come that far. */
const versionRefusals = [410, 400, 504];

/** Why a collection is not followed just now, and since when (milliseconds on the clock). */
export interface InformerTrouble {
  readonly since: number;
  readonly message: string;
  /** HTTP's, where the server has said no. */
  readonly code: number | undefined;
}

/** Keeps one collection, from `start` to `stop`. */
export class Informer {
  /** What is known of the collection now; empty before the first list. */
  readonly store: ObjectStore = new ObjectStore();
  readonly #options: InformerOptions;
  readonly #trim: (object: JsonObject) => JsonObject;
  readonly #stopping = new AbortController();
  readonly #synced = Promise.withResolvers<void>();
  #hasSynced = false;
  #running: Promise<void> | undefined;
  #failures = 0;
  /** Watches in a row that were of no use. */
  #useless = 0;
  /** Where a watch goes on from; undefined where all must be listed anew. */
  #version: string | undefined;
  #listedAt = 0;
  /** Whether a connection broke since all was listed. */
  #isDoubtful = false;
  #trouble: InformerTrouble | undefined;

  constructor(options: InformerOptions) {
    this.#options = options;
    this.#trim = options.trim ?? withoutManagedFields;
  }

  /** Whether the first list is in the store. */
  get hasSynced(): boolean {
    return this.#hasSynced;
  }

  /** Why it does not follow the collection just now; nothing while it does. */
  get trouble(): InformerTrouble | undefined {
    return this.#trouble;
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
    while (!signal.aborted) {
      try {
        if (this.#isDoubtful && !this.#isJustListed()) this.#version = undefined;
        this.#version ??= await this.#list();
        await this.#watch(this.#version);
        // One may have come at a bad moment; a server that ends every watch at once is not asked for ever more.
        if (this.#useless > 1) await this.#wait(this.#useless - 1, 0, "watches end at once");
      } catch (error) {
        if (signal.aborted) break;
        if (!(error instanceof Refused)) this.#isDoubtful = true;
        await this.#waitAfter(error);
      }
    }
  }

  #isJustListed(): boolean {
    const ago = Math.abs(this.#options.clock.now() - this.#listedAt);
    return ago < relistMilliseconds + this.store.size * relistMillisecondsOfObject;
  }

  async #list(): Promise<string> {
    const { client, resource, selection } = this.#options;
    const listed = await client.list(resource, selection, this.#stopping.signal, this.#trim);
    if (!listed.ok) throw new Refused(listed.status);
    const { items, resourceVersion } = listed.value;
    for (const change of this.store.replace(items)) this.#report(change);
    this.#options.onNote?.({ kind: "listed", count: items.length });
    this.#trouble = undefined;
    this.#isDoubtful = false;
    this.#listedAt = this.#options.clock.now();
    this.#hasSynced = true;
    this.#synced.resolve();
    return resourceVersion;
  }

  /** Watches until the watch ends. */
  async #watch(from: string): Promise<void> {
    const { client, resource, selection, clock, onNote } = this.#options;
    const idle = new IdleTimer(this.#options.idleMilliseconds ?? usualIdleMilliseconds, this.#stopping.signal);
    let opened: number | undefined;
    let isUseful = false;
    try {
      // Five to ten minutes, spread, so that not all watches of all replicas end together.
      const timeoutSeconds = 300 + Math.floor(clock.random() * 300);
      const stream = await client.watch(
        resource,
        selection ?? {},
        { resourceVersion: from, timeoutSeconds },
        idle.signal,
      );
      if (stream.status !== 200) return await this.#refusedWatch(stream);
      this.#trouble = undefined;
      opened = clock.now();
      for await (const line of readWatch(idle.watch(stream.body))) {
        switch (line.kind) {
          case "bookmark":
            this.#version = line.resourceVersion;
            break;
          case "unreadable":
            onNote?.({ kind: "unreadable", message: line.message });
            break;
          case "error":
            if (versionRefusals.includes(line.status.code)) return this.#forget();
            throw new Refused(line.status);
          default:
            this.#take(line.kind, line.object);
        }
        isUseful = true;
        this.#failures = 0;
      }
      onNote?.({ kind: "watch-ended" });
    } catch (error) {
      if (!idle.hasExpired) throw error;
      onNote?.({ kind: "watch-idle" });
      this.#version = undefined;
    } finally {
      idle.stop();
      if (opened !== undefined && clock.now() - opened >= shortestWatchMilliseconds) isUseful = true;
      this.#useless = isUseful ? 0 : this.#useless + 1;
      // Not by a list: where all is listed anew for each watch that ends at once, the waits are to become longer.
      if (isUseful) this.#failures = 0;
    }
  }

  #take(kind: "added" | "modified" | "deleted", object: JsonObject): void {
    const change = kind === "deleted" ? this.store.remove(object) : this.store.put(this.#trim(object));
    if (change !== undefined) this.#report(change);
    const seen = resourceVersionOf(object);
    if (seen !== "") this.#version = seen;
  }

  /** Tells of a change. It is in the store already, and so are those behind it: they must be told whatever comes of this. */
  #report(change: Change): void {
    try {
      this.#options.onChange(change);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const message = `${change.kind} ${keyOf(change.object)} could not be taken in: ${why}`;
      this.#options.onNote?.({ kind: "unreadable", message });
    }
  }

  async #refusedWatch({ status, body, retryAfterSeconds }: ApiStream): Promise<void> {
    let text = "";
    for await (const chunk of body) text += chunk;
    if (versionRefusals.includes(status)) return this.#forget();
    throw new Refused(readStatus(status, text, retryAfterSeconds));
  }

  #forget(): void {
    this.#version = undefined;
    this.#options.onNote?.({ kind: "version-forgotten" });
  }

  async #waitAfter(error: unknown): Promise<void> {
    this.#failures += 1;
    const asked = error instanceof Refused ? (error.status.retryAfterSeconds ?? 0) * 1000 : 0;
    const message = error instanceof Error ? error.message : String(error);
    const since = this.#trouble?.since ?? this.#options.clock.now();
    this.#trouble = { since, message, code: error instanceof Refused ? error.status.code : undefined };
    await this.#wait(this.#failures, asked, message);
  }

  /** Waits after this many failures in a row, at least as long as the server asks. */
  async #wait(failures: number, askedMilliseconds: number, message: string): Promise<void> {
    const { clock, backoff, onNote } = this.#options;
    const usual = backoffDelay(backoff ?? usualBackoff, failures, clock.random());
    const waitMilliseconds = Math.max(askedMilliseconds, usual);
    onNote?.({ kind: "failed", message, failures, waitMilliseconds });
    await clock.sleep(waitMilliseconds, this.#stopping.signal);
  }
}

/** The server answered, and said no. */
class Refused extends Error {
  readonly status: ApiStatus;

  constructor(status: ApiStatus) {
    super(status.message);
    this.status = status;
  }
}

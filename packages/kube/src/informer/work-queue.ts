import type { Clock } from "../clock.ts";
import { backoffDelay, type BackoffPolicy } from "./backoff.ts";

/** What a queue is for. */
export interface WorkQueueOptions {
  /** Brings one thing to the state it should be in. May throw: then it is tried again, later and later. */
  readonly work: (key: string, signal: AbortSignal) => Promise<void>;
  readonly onFailure: (key: string, error: unknown, failures: number) => void;
  readonly clock: Clock;
  /** How many keys may be worked on at once. */
  readonly workers?: number;
  readonly backoff?: BackoffPolicy;
}

/** Soon enough that all is brought in order within seconds when a server is well again. */
const usualBackoff: BackoffPolicy = { firstMilliseconds: 50, mostMilliseconds: 5000 };
/** Enough that one slow answer holds up little, and few enough that a restart does not flood the server. */
const usualWorkers = 4;
/** However many keys fail, no more of them than this are tried again in a second. */
const retriesInASecond = 10;
/** Failures in a row, of whatever keys, that are taken for a server in trouble rather than for bad keys. */
const trouble = 5;

/**
 * Keys that want work. A key that is added while it waits is worked on once; one that is added while it is worked on is
 * worked on again afterwards; no key is worked on twice at the same time.
 *
 * What failed is tried again, later each time, and the more keys fail the later. The first success after a time of trouble
 * brings all of them back at once; no sooner again than they would have had their turns, since keys that are bad for good
 * fail all the same whenever another one succeeds.
 */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #stopping = new AbortController();
  readonly #waiting = new Set<string>();
  readonly #active = new Map<string, Promise<void>>();
  readonly #failures = new Map<string, number>();
  /** What ends the wait of a key for another attempt: no key has more than one, however often it is added. */
  readonly #retries = new Map<string, AbortController>();
  #idle: PromiseWithResolvers<void> | undefined;
  /** Failures since the last success. */
  #inARow = 0;
  #recovery = new AbortController();
  #recoveredAt = Number.NEGATIVE_INFINITY;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
  }

  /** Says that a key wants work. */
  add(key: string): void {
    if (this.#stopping.signal.aborted) return;
    this.#forgetRetry(key);
    this.#waiting.add(key);
    this.#startNext();
  }

  /** Resolves when nothing waits and nothing is worked on. Keys that wait for another attempt do not count. */
  settled(): Promise<void> {
    if (this.#waiting.size === 0 && this.#active.size === 0) return Promise.resolve();
    this.#idle ??= Promise.withResolvers();
    return this.#idle.promise;
  }

  /** Takes no more keys and waits for those that are being worked on. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#waiting.clear();
    await Promise.all(this.#active.values());
  }

  #startNext(): void {
    for (const key of this.#waiting) {
      if (this.#active.size >= (this.#options.workers ?? usualWorkers)) return;
      if (this.#active.has(key)) continue;
      this.#waiting.delete(key);
      this.#active.set(key, this.#workOn(key));
    }
  }

  async #workOn(key: string): Promise<void> {
    // Whoever added the key goes on first; otherwise work could begin inside of the caller's own step.
    await Promise.resolve();
    const { work, onFailure } = this.#options;
    try {
      await work(key, this.#stopping.signal);
      this.#failures.delete(key);
      this.#succeeded();
    } catch (error) {
      const failures = (this.#failures.get(key) ?? 0) + 1;
      this.#failures.set(key, failures);
      this.#inARow += 1;
      if (!this.#stopping.signal.aborted) {
        onFailure(key, error, failures);
        void this.#addLater(key, failures);
      }
    }
    this.#active.delete(key);
    this.#startNext();
    if (this.#waiting.size === 0 && this.#active.size === 0) {
      this.#idle?.resolve();
      this.#idle = undefined;
    }
  }

  #succeeded(): void {
    const now = this.#options.clock.now();
    if (this.#inARow >= trouble && now - this.#recoveredAt >= this.#roundMilliseconds()) {
      this.#recoveredAt = now;
      this.#recovery.abort();
      this.#recovery = new AbortController();
    }
    this.#inARow = 0;
  }

  /** How long it takes until every key that fails has had its turn. */
  #roundMilliseconds(): number {
    return (this.#failures.size / retriesInASecond) * 1000;
  }

  async #addLater(key: string, failures: number): Promise<void> {
    const { clock, backoff } = this.#options;
    const random = clock.random();
    const usual = backoffDelay(backoff ?? usualBackoff, failures, random);
    const inTurn = this.#roundMilliseconds() * (0.5 + random / 2);
    this.#forgetRetry(key);
    const retry = new AbortController();
    this.#retries.set(key, retry);
    const signal = AbortSignal.any([this.#stopping.signal, this.#recovery.signal, retry.signal]);
    await clock.sleep(Math.max(usual, failures > 1 ? inTurn : 0), signal);
    if (!retry.signal.aborted) this.add(key);
  }

  /** A key that is worked on for another reason is not tried again for the failure before. */
  #forgetRetry(key: string): void {
    this.#retries.get(key)?.abort();
    this.#retries.delete(key);
  }
}

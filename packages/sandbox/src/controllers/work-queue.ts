/** Why a reconcile did not succeed: told to whoever made the queue, which goes on by itself. */
export type QueueFailure = (key: string, error: unknown) => void;

const firstRetry = 50;
const longestRetry = 30_000;
/** What timers can count to; beyond it they would fire at once. */
const longestTimer = 2 ** 31 - 1;

/**
 * Runs one function for each key that was added, never twice at a time for the same key. A key that is added while
 * it runs runs once more; one that fails is tried again, each time after a longer pause.
 */
export class WorkQueue {
  readonly #reconcile: (key: string) => Promise<void>;
  readonly #failed: QueueFailure;
  readonly #waiting = new Set<string>();
  readonly #running = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #timers = new Map<string, { readonly timer: NodeJS.Timeout; readonly due: number }>();
  #closed = false;
  #scheduled = false;

  constructor(reconcile: (key: string) => Promise<void>, failed: QueueFailure) {
    this.#reconcile = reconcile;
    this.#failed = failed;
  }

  /** Runs the key soon; what is added in one turn of the event loop runs together. */
  add(key: string): void {
    if (this.#closed) return;
    this.#waiting.add(key);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#drain();
    });
  }

  /** Runs the key after a pause, unless it is already due sooner. */
  addAfter(key: string, delay: number): void {
    if (this.#closed) return;
    const milliseconds = Math.min(delay, longestTimer);
    const due = Date.now() + milliseconds;
    const planned = this.#timers.get(key);
    if (planned !== undefined && planned.due <= due) return;
    if (planned !== undefined) clearTimeout(planned.timer);
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      this.add(key);
    }, milliseconds);
    timer.unref();
    this.#timers.set(key, { timer, due });
  }

  /** Nothing runs after this but what is running already. */
  close(): void {
    this.#closed = true;
    for (const { timer } of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#waiting.clear();
  }

  #drain(): void {
    for (const key of this.#waiting) {
      if (this.#running.has(key) || this.#closed) continue;
      this.#waiting.delete(key);
      this.#running.add(key);
      void this.#run(key);
    }
  }

  async #run(key: string): Promise<void> {
    try {
      await this.#reconcile(key);
      this.#failures.delete(key);
    } catch (error) {
      const failures = this.#failures.get(key) ?? 0;
      this.#failures.set(key, failures + 1);
      if (!this.#closed) this.#failed(key, error);
      this.addAfter(key, Math.min(firstRetry * 2 ** failures, longestRetry));
    } finally {
      this.#running.delete(key);
      if (this.#waiting.has(key)) this.add(key);
    }
  }
}

/** The key of a namespaced object. */
export function keyOf(namespace: string | undefined, name: string): string {
  return `${namespace ?? ""}/${name}`;
}

/** The namespace and name in a key. */
export function splitKey(key: string): readonly [namespace: string, name: string] {
  const slash = key.indexOf("/");
  return [key.slice(0, slash), key.slice(slash + 1)];
}

import type { Clock } from "@portcullis/kube";

const toldEveryMilliseconds = 10_000;

/** Counts what happens, and tells of it now and then: whoever makes it happen must not be able to fill the log. */
export class Tally {
  readonly #clock: Clock;
  readonly #tell: (count: number, last: string) => void;
  #count = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, tell: (count: number, last: string) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** It happened once more; `last` says by whom. */
  count(last: string): void {
    this.#count += 1;
    const now = this.#clock.now();
    if (Math.abs(now - this.#toldAt) < toldEveryMilliseconds) return;
    this.#tell(this.#count, last);
    this.#count = 0;
    this.#toldAt = now;
  }
}

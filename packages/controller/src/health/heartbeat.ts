/** How often the thread that reviews shows that it comes round. */
export const beatMilliseconds = 1000;

/**
 * Beats without a beat after which a thread counts as hung. Twice of what a webhook may take at most, so that no load and
 * no policy comes near it: being started anew while others still answer slowly helps nobody.
 */
const mostMissed = 60;

/** The beats of one thread, seen from another; it is told to look as often as the other beats. */
export class Heartbeat {
  readonly #count: Int32Array;
  #seen = 0;
  #missed = 0;

  /** Of four bytes that both threads share. */
  constructor(shared: SharedArrayBuffer) {
    this.#count = new Int32Array(shared);
  }

  /** Here I am. */
  beat(): void {
    Atomics.add(this.#count, 0, 1);
  }

  /**
   * Looks whether it has beaten since. Looks are counted, and no clock is asked: where the whole process was halted, both
   * threads were, and nobody is to blame.
   */
  look(): void {
    const count = Atomics.load(this.#count, 0);
    this.#missed = count === this.#seen ? this.#missed + 1 : 0;
    this.#seen = count;
  }

  get isHung(): boolean {
    return this.#missed >= mostMissed;
  }
}

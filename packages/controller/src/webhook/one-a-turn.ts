/**
 * Work that takes long, done in the order it came, one piece in each turn of the event loop. Between two of them
 * everything else has its turn; several that came together would otherwise be one long piece to all others.
 */
export class OneATurn {
  readonly #waiting: (() => void)[] = [];
  readonly #next = (): void => {
    const work = this.#waiting.shift();
    // Before the work: a fault in it must keep nobody waiting for ever.
    if (this.#waiting.length > 0) setImmediate(this.#next);
    work?.();
  };

  /** Does it in a turn to come. */
  add(work: () => void): void {
    this.#waiting.push(work);
    if (this.#waiting.length === 1) setImmediate(this.#next);
  }
}

/** An answer that takes so long, in milliseconds, is one that others should not wait for. */
const longAnswer = 2;
/** For so long after such an answer there may be another; none waits for the others of its turn then. */
const wary = 1000;

/**
 * The calls that came in one turn of the event loop: read one after the other, then answered one after the other, then
 * sent one after the other. Each of the three goes through much code and many bytes of its own; done in turns for each
 * call they would drive one another out of the processor's caches, and wake whoever waits for an answer each time anew.
 */
export class Turn {
  readonly #now: () => number;
  #began: number | undefined;
  #answering: (() => void)[] = [];
  #sending: (() => void)[] = [];
  #isAnswering = false;
  #waryUntil = Number.NEGATIVE_INFINITY;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** When this turn began, milliseconds on the clock. While a slow policy is asked the others wait, and that is their time. */
  began(): number {
    if (this.#began === undefined) {
      this.#began = this.#now();
      setImmediate(this.#end);
    }
    return this.#began;
  }

  /** Does it when all calls of this turn are read. It must not throw. */
  answer(work: () => void): void {
    this.began();
    this.#answering.push(work);
  }

  /**
   * Does it when the other answers of this turn are there; at once where no turn is being answered, and where answers took
   * long just now, since nobody should wait for another's slow policy.
   */
  send(work: () => void): void {
    if (this.#isAnswering && this.#now() >= this.#waryUntil) this.#sending.push(work);
    else work();
  }

  readonly #end = (): void => {
    let last = this.#now();
    this.#began = undefined;
    const answering = this.#answering;
    if (answering.length === 0) return;
    this.#answering = [];
    this.#isAnswering = true;
    for (const work of answering) {
      work();
      const now = this.#now();
      if (now - last >= longAnswer) {
        this.#waryUntil = now + wary;
        this.#send();
      }
      last = now;
    }
    this.#isAnswering = false;
    this.#send();
  };

  #send(): void {
    const sending = this.#sending;
    this.#sending = [];
    for (const work of sending) work();
  }
}

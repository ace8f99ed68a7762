/** Aborts its signal when nothing has arrived for the time. */
export class IdleTimer {
  readonly #own = new AbortController();
  readonly #milliseconds: number;
  #timer: NodeJS.Timeout;
  /** Whether the signal fired because nothing arrived. */
  hasExpired = false;
  readonly signal: AbortSignal;

  constructor(milliseconds: number, outer: AbortSignal) {
    this.#milliseconds = milliseconds;
    this.signal = AbortSignal.any([this.#own.signal, outer]);
    this.#timer = this.#arm();
  }

  /** The body as it comes, each piece of which shows that somebody is there. */
  async *watch(body: AsyncIterable<string>): AsyncGenerator<string> {
    for await (const chunk of body) {
      clearTimeout(this.#timer);
      this.#timer = this.#arm();
      yield chunk;
    }
  }

  /** Ends the waiting, and whatever goes on under the signal. */
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

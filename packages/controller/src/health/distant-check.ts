import type { HealthCheck } from "./health-server.ts";

/** How long who probes is let wait for the other thread; probes have a second. */
const patienceMilliseconds = 500;
/** How long what it said counts while it is too busy to say anything. */
const knownMilliseconds = 10_000;

/** What another thread has said, and when. */
interface Known {
  readonly problems: readonly string[];
  readonly at: number;
}

/**
 * A check that another thread makes. That thread is asked once at a time, however many probe. While it is too busy to
 * answer, its last word counts for some seconds: who is busy with reviews is as ready as before, and taking such a server
 * out of the Service would only move what keeps it busy to the next.
 */
export class DistantCheck implements HealthCheck {
  readonly name: string;
  readonly #ask: () => Promise<readonly string[]>;
  readonly #now: () => number;
  #asked: Promise<readonly string[] | undefined> | undefined;
  #known: Known | undefined;

  constructor(name: string, ask: () => Promise<readonly string[]>, now: () => number = () => performance.now()) {
    this.name = name;
    this.#ask = ask;
    this.#now = now;
  }

  async failing(): Promise<readonly string[]> {
    const answered = await this.#answerSoon();
    if (answered !== undefined) return answered;
    const known = this.#known;
    if (known !== undefined && this.#now() - known.at < knownMilliseconds) return known.problems;
    return ["the server has been too busy to say for more than ten seconds"];
  }

  async #answerSoon(): Promise<readonly string[] | undefined> {
    const impatience = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => impatience.resolve(undefined), patienceMilliseconds);
    this.#asked ??= this.#askOnce();
    try {
      return await Promise.race([this.#asked, impatience.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #askOnce(): Promise<readonly string[]> {
    try {
      const problems = await this.#ask();
      this.#known = { problems, at: this.#now() };
      return problems;
    } finally {
      this.#asked = undefined;
    }
  }
}

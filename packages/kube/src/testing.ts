import type { ApiRequest, ApiStream, Transport } from "./client/transport.ts";
import type { Clock } from "./clock.ts";

/** An answer that a test has prepared. */
export interface ScriptedAnswer {
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  /** The body, in the pieces it is to arrive in. `hang` keeps the connection open until it is aborted. */
  readonly body?: readonly unknown[];
  readonly hang?: boolean;
  /** Breaks the connection behind the body, with this error. */
  readonly breaks?: string;
  /** Fails on the way instead. */
  readonly fails?: string;
}

/** A transport that answers what it is told to and remembers what it was asked. */
export class ScriptedTransport implements Transport {
  readonly requests: ApiRequest[] = [];
  readonly #answer: (request: ApiRequest, index: number) => ScriptedAnswer;

  constructor(answer: (request: ApiRequest, index: number) => ScriptedAnswer) {
    this.#answer = answer;
  }

  async open(request: ApiRequest, signal?: AbortSignal): Promise<ApiStream> {
    const answer = this.#answer(request, this.requests.length);
    this.requests.push(request);
    if (answer.fails !== undefined) throw new Error(answer.fails);
    await Promise.resolve();
    return {
      status: answer.status ?? 200,
      ...(answer.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: answer.retryAfterSeconds }),
      body: bodyOf(answer, signal),
    };
  }

  close(): void {
    // There are no connections.
  }
}

async function* bodyOf(answer: ScriptedAnswer, signal: AbortSignal | undefined): AsyncGenerator<string> {
  for (const piece of answer.body ?? []) yield typeof piece === "string" ? piece : `${JSON.stringify(piece)}\n`;
  if (answer.breaks !== undefined) throw new Error(answer.breaks);
  if (answer.hang !== true) return;
  await new Promise((_resolve, reject) => {
    const abort = (): void => {
      reject(new Error("aborted"));
    };
    if (signal?.aborted === true) abort();
    signal?.addEventListener("abort", abort);
  });
}

/** A clock on which every sleep ends at once and is written down. */
export class InstantClock implements Clock {
  readonly sleeps: number[] = [];
  #now = 0;

  now(): number {
    return this.#now;
  }

  random(): number {
    return 0.5;
  }

  async sleep(milliseconds: number): Promise<void> {
    this.sleeps.push(milliseconds);
    this.#now += milliseconds;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A clock whose sleepers wake when the test moves it on. */
export class HandClock implements Clock {
  #now = 1_000_000;
  #sleepers: { at: number; wake: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  random(): number {
    return 0.5;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      this.#sleepers.push({ at: this.#now + milliseconds, wake: resolve });
      signal?.addEventListener("abort", () => {
        resolve();
      });
    });
  }

  /** Lets time pass in steps, and everything that is due happen. */
  async pass(milliseconds: number): Promise<void> {
    for (let left = milliseconds; left > 0; left -= 500) {
      this.#now += Math.min(500, left);
      const due = this.#sleepers.filter((sleeper) => sleeper.at <= this.#now);
      this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.at > this.#now);
      for (const { wake } of due) wake();
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

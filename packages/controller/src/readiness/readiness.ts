import type { Clock } from "@portcullis/kube";

/** How far a server has come: loading what was there at its start, then being called, then enforcing, then draining. */
export class Readiness {
  readonly #parts: readonly (() => readonly string[])[];
  #stage: "loading" | "loaded" | "enforcing" | "draining" = "loading";
  #isLoaded = false;
  #call = "a request to itself over TLS";

  /** Of parts that each say what they still await. */
  constructor(parts: readonly (() => readonly string[])[]) {
    this.#parts = parts;
  }

  /** Whether everything that was there at the start was in force at some time. What comes later does not take it back. */
  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /** What is still awaited; nothing for a server that enforces and goes on. */
  awaited(): readonly string[] {
    switch (this.#stage) {
      case "loading":
        return [...this.#missing(), this.#call];
      case "loaded":
        return [this.#call];
      case "enforcing":
        return [];
      case "draining":
        return ["nothing more: the server is shutting down"];
    }
  }

  /** Resolves when no part awaits anything. */
  async loaded(clock: Clock, isStopped: () => boolean): Promise<void> {
    for (let wait = 2; this.#missing().length > 0 && !isStopped(); wait = Math.min(wait * 2, 50)) {
      await clock.sleep(wait);
    }
  }

  /** Everything is loaded. */
  load(): void {
    // Who is stopped before has not loaded, and never lets anything through.
    if (this.#stage !== "loading") return;
    this.#isLoaded = true;
    this.#stage = "loaded";
  }

  /** Says how a request to itself went. */
  called(failure: string | undefined): void {
    if (failure !== undefined) this.#call = `a request to itself over TLS: ${failure}`;
  }

  /** The API server asks from now on. */
  enforce(): void {
    if (this.#stage === "loaded") this.#stage = "enforcing";
  }

  /** It was told to stop. */
  drain(): void {
    this.#stage = "draining";
  }

  #missing(): readonly string[] {
    return this.#parts.flatMap((part) => part());
  }
}

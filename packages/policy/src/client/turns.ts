/**
 * The order in which things were asked for, by name, where some take longer than others: nothing slow undoes what was
 * asked for later. Of what was taken away only as much is remembered as may still be in question.
 */
export class Turns {
  #last = 0;
  #running = 0;
  /** The turn of what took effect. */
  readonly #effective = new Map<string, number>();
  /** Names of what was taken away while something was running. */
  readonly #gone = new Set<string>();

  /** How many names are remembered. */
  get size(): number {
    return this.#effective.size;
  }

  /** The turn of something that begins, and may take its time; `end` must follow. */
  begin(): number {
    this.#running += 1;
    this.#last += 1;
    return this.#last;
  }

  /** Something that began has ended, whatever came of it. */
  end(): void {
    this.#running -= 1;
    if (this.#running > 0) return;
    for (const name of this.#gone) this.#effective.delete(name);
    this.#gone.clear();
  }

  /** Whether nothing that was asked for later has taken effect. */
  isLatest(name: string, turn: number): boolean {
    return (this.#effective.get(name) ?? 0) <= turn;
  }

  /** What was asked for in this turn is in effect. */
  put(name: string, turn: number): void {
    this.#effective.set(name, Math.max(turn, this.#effective.get(name) ?? 0));
    this.#gone.delete(name);
  }

  /** What had the name is taken away, at once. */
  remove(name: string): void {
    this.#last += 1;
    if (this.#running === 0) {
      this.#effective.delete(name);
      return;
    }
    this.#effective.set(name, this.#last);
    this.#gone.add(name);
  }
}

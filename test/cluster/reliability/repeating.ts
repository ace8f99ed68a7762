/** Work that goes on beside a row until it is stopped. */
export interface Repeating {
  /** Ends it after the turn that it is at; how many turns it took. Rejects where a turn failed. */
  stop(): Promise<number>;
}

/** Does something again and again; each turn is told its number, from 0 on. */
export function repeating(turn: (number: number) => Promise<void>): Repeating {
  let isStopping = false;
  let turns = 0;
  const work = async (): Promise<void> => {
    while (!isStopping) {
      await turn(turns);
      turns += 1;
    }
  };
  const working = work();
  // A failure is told by `stop`, which may be called long after it.
  working.catch(() => undefined);
  return {
    async stop() {
      isStopping = true;
      await working;
      return turns;
    },
  };
}

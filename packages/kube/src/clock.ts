import { setTimeout as sleepFor } from "node:timers/promises";

/** Time and chance, handed in so that a test can hold both still. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after the time, or at once when the signal fires. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** At least 0, less than 1. */
  random(): number;
}

/** The machine's own clock. It does not keep the process alive. */
export const systemClock: Clock = clockOf(false);

/** The same for a command, whose process lives for as long as it sleeps. */
export const commandClock: Clock = clockOf(true);

function clockOf(ref: boolean): Clock {
  return {
    now: () => Date.now(),
    random: () => Math.random(),
    async sleep(milliseconds, signal) {
      try {
        await sleepFor(milliseconds, undefined, { ref, ...(signal === undefined ? {} : { signal }) });
      } catch (error) {
        if (signal?.aborted !== true) throw error;
      }
    },
  };
}

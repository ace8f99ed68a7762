import type { Clock } from "@portcullis/kube";

/**
 * What a promise comes to, or undefined where the deadline (milliseconds on the clock) is there first; what comes later
 * is left aside. No timer stays behind.
 */
export async function byDeadline<T>(promise: Promise<T>, deadline: number, clock: Clock): Promise<T | undefined> {
  const over = new AbortController();
  const late = clock.sleep(Math.max(deadline - clock.now(), 0), over.signal).then(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    over.abort();
  }
}

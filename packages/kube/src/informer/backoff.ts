/** How long to wait between attempts that fail. */
export interface BackoffPolicy {
  readonly firstMilliseconds: number;
  readonly mostMilliseconds: number;
}

/**
 * The wait before the next attempt: doubling from the first, never above the most, and spread over the upper half, so
 * that a thousand clients that failed together do not come back together.
 */
export function backoffDelay(policy: BackoffPolicy, failures: number, random: number): number {
  const full = Math.min(policy.mostMilliseconds, policy.firstMilliseconds * 2 ** Math.max(0, failures - 1));
  return Math.round(full / 2 + (full / 2) * random);
}

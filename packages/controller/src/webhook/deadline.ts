import { readGoDuration } from "@portcullis/objects";

/** The most that we ever take, whatever the API server would wait: its own limit for webhooks. */
const mostMilliseconds = 30_000;

/**
 * How long a call may take: what the API server says it waits (`?timeout=3s`, as Go writes durations), less a margin for
 * the way. Without a word from it, the fallback counts.
 */
export function timeAllowed(query: string, fallbackMilliseconds: number): number {
  const asked = readGoDuration(new URLSearchParams(query).get("timeout") ?? "") ?? 0;
  const within = Math.min(asked > 0 ? asked : fallbackMilliseconds, mostMilliseconds);
  // A fifth of a short time, half a second of a long one.
  return within - Math.min(within / 5, 500);
}

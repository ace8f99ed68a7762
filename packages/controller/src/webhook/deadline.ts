const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** The most that we ever take, whatever the API server would wait: its own limit for webhooks. */
const mostMilliseconds = 30_000;

/**
 * How long a call may take: what the API server says it waits (`?timeout=3s`, as Go writes durations), less a margin for
 * the way. Without a word from it, the fallback counts.
 */
export function timeAllowed(query: string, fallbackMilliseconds: number): number {
  const text = new URLSearchParams(query).get("timeout") ?? "";
  const asked = readDuration(text) ?? fallbackMilliseconds;
  const within = Math.min(asked, mostMilliseconds);
  // A fifth of a short time, half a second of a long one.
  return within - Math.min(within / 5, 500);
}

function readDuration(text: string): number | undefined {
  let total = 0;
  let rest = text;
  while (rest !== "") {
    const part = /^(\d+(?:\.\d+)?)(ms|s|m|h)/.exec(rest);
    if (part === null) return undefined;
    total += Number(part[1]) * (units[part[2] ?? ""] ?? 0);
    rest = rest.slice(part[0].length);
  }
  return total > 0 ? total : undefined;
}

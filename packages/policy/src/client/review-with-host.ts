import { resolveNeeds, type Host, type ResolveOptions } from "@portcullis/rego/host";
import type { Review } from "../review/review.ts";
import type { Client } from "./client.ts";
import type { ReviewOptions, ReviewOutcome } from "./review.ts";

/**
 * Reviews, asks the host for what policies want to know of the outside, and reviews again with the answers. What was
 * printed on the way to a need is printed again then, so only the last time counts.
 */
export async function reviewWithHost(
  client: Client,
  review: Review,
  options: Omit<ReviewOptions, "facts">,
  host: Host,
  signal?: ResolveOptions["signal"],
): Promise<ReviewOutcome> {
  const { print } = options;
  let printed: string[] = [];
  const reviewed = (facts: ReviewOptions["facts"]): ReviewOutcome => {
    const lines: string[] = [];
    printed = lines;
    const keep = (line: string): void => void lines.push(line);
    return client.review(review, { ...options, facts, print: print === undefined ? undefined : keep });
  };
  const outcome = await resolveNeeds(reviewed(undefined), reviewed, host, { signal });
  for (const line of printed) print?.(line);
  return outcome;
}

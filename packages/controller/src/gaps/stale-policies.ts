/**
 * Watches that do not come through. The policies that were in force stay in force, and the server stays ready: one that
 * goes by yesterday's policies is better than none. But nobody would know, so it is said aloud.
 */
import type { Clock, Informer, InformerTrouble } from "@portcullis/kube";
import type { Gaps } from "./gaps.ts";

/** Something that is not followed just now, by its name. */
export type Unfollowed = readonly [what: string, trouble: InformerTrouble];

/** The trouble of an informer under the name of what it follows; nothing where it has none. */
export function troubleOf(what: string, { trouble }: Pick<Informer, "trouble">): readonly Unfollowed[] {
  return trouble === undefined ? [] : [[what, trouble]];
}

/** What watching over the watches needs. */
export interface StalePoliciesOptions {
  readonly clock: Clock;
  readonly gaps: Gaps;
  readonly unfollowed: () => readonly Unfollowed[];
}

/** Shorter troubles are part of the life of a cluster. */
const patienceMilliseconds = 30_000;
const lookEveryMilliseconds = 5000;
const mostNamed = 3;

/** Opens a gap while something is not followed for long, and closes it when all is followed again. */
export class StalePolicies {
  readonly #options: StalePoliciesOptions;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: StalePoliciesOptions) {
    this.#options = options;
  }

  /** Begins to look. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Looks no more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#options.clock.sleep(lookEveryMilliseconds, signal);
      if (!signal.aborted) this.#look();
    }
  }

  #look(): void {
    const { clock, gaps, unfollowed } = this.#options;
    const now = clock.now();
    const gap = { kind: "stale-policies", objectKind: "ConstraintTemplate", name: "policies" } as const;
    const long = unfollowed().filter(([, { since }]) => now - since >= patienceMilliseconds);
    if (long.length === 0) return gaps.close(gap.kind, gap.name);
    const named = long.slice(0, mostNamed).map(([what, { message }]) => `${what} (${message})`);
    const more = long.length > mostNamed ? ` and ${long.length - mostNamed} more` : "";
    const message = `the cluster is not followed: ${named.join(", ")}${more}; what was in force there stays in force, and what has changed since does not count yet`;
    gaps.open({ ...gap, message });
  }
}

/**
 * The gaps that are open now. Each replica finds all of them by itself, logs them and counts them; the one that holds the
 * Lease tells them in the cluster, also those that it finds open when it becomes the holder.
 */
import type { Log } from "../log/log.ts";
import type { Gap, GapKind, GapObserver } from "./gap.ts";

/** What keeping them needs. */
export interface GapsOptions {
  readonly log: Log;
  readonly observer: GapObserver;
  /** Whether this replica is the one that tells. */
  readonly mayTell: () => boolean;
}

/** The gaps that are open, each told once. */
export class Gaps {
  readonly #options: GapsOptions;
  readonly #open = new Map<string, Gap>();

  constructor(options: GapsOptions) {
    this.#options = options;
  }

  /** Says that there is a gap; once, however often it is seen. */
  open(gap: Gap): void {
    const key = keyOf(gap.kind, gap.name);
    if (this.#open.has(key)) return;
    this.#open.set(key, gap);
    const { log, observer, mayTell } = this.#options;
    log.error(gap.message, { event_type: "protection_gap", gap: gap.kind, name: gap.name });
    observer.opened(gap);
    if (mayTell()) observer.tell(gap);
  }

  /** Says that all is well with this one. */
  close(kind: GapKind, name: string): void {
    const key = keyOf(kind, name);
    const gap = this.#open.get(key);
    if (gap === undefined) return;
    this.#open.delete(key);
    const { log, observer } = this.#options;
    log.info("a gap in the protection is closed", { event_type: "protection_gap_closed", gap: kind, name });
    observer.closed(gap);
  }

  /** Tells all that are open: this replica has become the one that tells. */
  tellAll(): void {
    for (const gap of this.#open.values()) this.#options.observer.tell(gap);
  }
}

function keyOf(kind: GapKind, name: string): string {
  return `${kind}/${name}`;
}

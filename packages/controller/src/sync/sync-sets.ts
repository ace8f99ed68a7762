import { nameOf } from "@portcullis/objects";
import { Informer, type Clock, type KubeClient } from "@portcullis/kube";
import type { Log } from "../log/log.ts";
import { troubleOf, type Unfollowed } from "../gaps/stale-policies.ts";
import { syncSets } from "../resources.ts";
import type { Inventory } from "./inventory.ts";
import { wishesOfSyncSet } from "./sync-wish.ts";

/** What following SyncSets needs. */
export interface SyncSetsOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly inventory: Inventory;
}

/** Follows the SyncSets: what is synced beside what Config and the templates name. */
export class SyncSets {
  readonly #informer: Informer;

  constructor({ client, clock, log, inventory }: SyncSetsOptions) {
    this.#informer = new Informer({
      client,
      clock,
      resource: syncSets,
      backoff: { firstMilliseconds: 20, mostMilliseconds: 5000 },
      onChange: ({ kind, object }) => {
        inventory.wish(`syncset/${nameOf(object)}`, kind === "deleted" ? [] : wishesOfSyncSet(object));
      },
      onNote: (note) => {
        log.debug("syncset watch", { ...note });
      },
    });
  }

  start(): void {
    this.#informer.start();
  }

  /** Whether the SyncSets that were there at the start count. */
  get hasSynced(): boolean {
    return this.#informer.hasSynced;
  }

  /** Whether they are not followed just now. */
  unfollowed(): readonly Unfollowed[] {
    return troubleOf("the SyncSets", this.#informer);
  }

  async stop(): Promise<void> {
    await this.#informer.stop();
  }
}

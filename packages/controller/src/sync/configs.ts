import { metadataOf, nameOf, own, type GroupVersionKind, type JsonObject } from "@portcullis/objects";
import { Informer, type Change, type Clock, type KubeClient } from "@portcullis/kube";
import type { Gaps } from "../gaps/gaps.ts";
import type { Log } from "../log/log.ts";
import { troubleOf, type Unfollowed } from "../gaps/stale-policies.ts";
import { isSame } from "./is-same.ts";
import { configs } from "../resources.ts";
import type { Inventory } from "./inventory.ts";
import { noExclusion, readExclusion, type NamespaceExclusion } from "./namespace-exclusion.ts";
import type { Reporting } from "./reporting.ts";
import { wishesOfConfig } from "./sync-wish.ts";

/** What following the Config needs. */
export interface ConfigsOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  /** Gatekeeper's own namespace, where its Config is. */
  readonly namespace: string;
  readonly inventory: Inventory;
  readonly reports: Reporting;
  readonly gaps: Gaps;
}

/** There is one Config, of this name; any other is left unread. */
const configName = "config";

/** Follows the Config: which namespaces are left alone, and what is synced. */
export class Configs {
  readonly #options: ConfigsOptions;
  readonly #informer: Informer;
  #exclusion: NamespaceExclusion = noExclusion;
  /** The kinds that it names and that nobody serves. */
  #unserved: readonly GroupVersionKind[] = [];

  constructor(options: ConfigsOptions) {
    this.#options = options;
    const { client, clock, log, namespace } = options;
    this.#informer = new Informer({
      client,
      clock,
      resource: configs,
      selection: { namespace },
      backoff: { firstMilliseconds: 20, mostMilliseconds: 5000 },
      onChange: (change) => {
        this.#take(change);
      },
      onNote: (note) => {
        log.debug("config watch", { ...note });
      },
    });
  }

  start(): void {
    this.#informer.start();
  }

  /** Whether the Config that was there at the start, if any, counts. */
  get hasSynced(): boolean {
    return this.#informer.hasSynced;
  }

  /** Whether it is not followed just now. */
  unfollowed(): readonly Unfollowed[] {
    return troubleOf("the Config", this.#informer);
  }

  /** Which namespaces are left alone now. */
  get exclusion(): NamespaceExclusion {
    return this.#exclusion;
  }

  /** The Config as last seen. */
  find(name: string): JsonObject | undefined {
    return this.#informer.store.get(`${this.#options.namespace}/${name}`);
  }

  async stop(): Promise<void> {
    await this.#informer.stop();
  }

  #take(change: Change): void {
    const { log, inventory, reports, gaps } = this.#options;
    const { object } = change;
    const name = nameOf(object);
    if (name !== configName) {
      log.info("Ignoring unsupported config name", { config_name: name });
      return;
    }
    // One that is being deleted counts no more, as in Gatekeeper.
    const isGone = change.kind === "deleted" || own(metadataOf(object), "deletionTimestamp") !== undefined;
    if (change.kind === "updated" && !isGone && isSame(change.previous, object)) return;
    this.#exclusion = isGone ? noExclusion : readExclusion(object);
    inventory.exclude(this.#exclusion);
    const wishes = isGone ? [] : wishesOfConfig(object);
    inventory.wish("config", wishes, (unserved) => {
      this.#unserved = unserved;
      reports.reportConfig(object, unserved);
    });
    // Until they are looked for, those of before are all that is known.
    if (wishes.length === 0) this.#unserved = [];
    if (isGone) {
      reports.removeConfig(name);
      const message =
        "the Config was deleted: namespaces that it left alone are reviewed, and of the inventory only what templates are known to read is kept";
      gaps.open({ kind: "config", objectKind: "Config", name, message });
    } else {
      reports.reportConfig(object, this.#unserved);
      gaps.close("config", name);
    }
    log.info(isGone ? "the Config is gone" : "the Config counts");
  }
}

/**
 * The objects of the cluster that referential policies read, kept by one watch for each kind that anybody wishes for.
 * Objects come and go one by one; nothing is ever rebuilt.
 */
import {
  formatApiVersion,
  groupVersionKindOf,
  nameOf,
  namespaceOf,
  type GroupVersionKind,
  type JsonObject,
} from "@portcullis/objects";
import {
  apiVersionOf,
  Discovery,
  Informer,
  keyOf,
  WorkQueue,
  type Change,
  type Clock,
  type FoundInAllGroups,
  type KubeClient,
  type Resource,
} from "@portcullis/kube";
import type { Log } from "../log/log.ts";
import { troubleOf, type Unfollowed } from "../gaps/stale-policies.ts";
import { noExclusion, type NamespaceExclusion } from "./namespace-exclusion.ts";
import type { SyncObserver } from "./observer.ts";
import type { SyncWish } from "./sync-wish.ts";

/** What the inventory needs. */
export interface InventoryOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly observer: SyncObserver;
  /** Where the objects go. */
  readonly data: {
    putData(object: JsonObject): void;
    removeData(object: JsonObject): void;
  };
}

/** What one source wishes for, and who hears which of it nobody serves. */
interface Wished {
  readonly wishes: readonly SyncWish[];
  readonly hear: ((unserved: readonly GroupVersionKind[]) => void) | undefined;
  /** What was heard last; nothing yet where absent. */
  told: string | undefined;
}

interface Watched {
  readonly resource: Resource;
  readonly informer: Informer;
  /** The keys of those that are not in the data, since `sync` leaves their namespaces alone. */
  readonly excluded: Set<string>;
}

/** A kind that the server does not serve is looked for again after this long. */
const lookAgainMilliseconds = 10_000;
/** How long a group that does not answer is waited for: what another server serves may be away for good. */
const patienceMilliseconds = 5000;
const kindsKey = "kinds";

/** Follows what is wished for into the data, kind by kind. */
export class Inventory {
  readonly #options: InventoryOptions;
  readonly #discovery: Discovery;
  readonly #queue: WorkQueue;
  readonly #wishes = new Map<string, Wished>();
  readonly #watched = new Map<string, Watched>();
  readonly #stopping = new AbortController();
  #exclusion: NamespaceExclusion = noExclusion;
  /** The kinds that are wished for and that the server does not serve, as the log last told them. */
  #missing: readonly string[] = [];
  /** Whether what is wished for now was looked for. */
  #isFollowed = true;
  /** Groups that do not answer, and since when. */
  readonly #silent = new Map<string, number>();
  /** The groups that were told of. */
  #told = "";
  #isLookingAgain = false;

  constructor(options: InventoryOptions) {
    this.#options = options;
    const { client, clock, log } = options;
    this.#discovery = new Discovery(client, clock);
    this.#queue = new WorkQueue({
      clock,
      workers: 1,
      backoff: { firstMilliseconds: 50, mostMilliseconds: 5000 },
      work: () => this.#follow(),
      onFailure: (_key, error, failures) => {
        log.warn("finding the kinds to sync failed; it is tried again", { failures, error });
      },
    });
  }

  /**
   * Says what one source (a Config, a SyncSet, a template) wishes for; it replaces what that source wished before. `hear`
   * is told which of the kinds that are named exactly nobody serves, when they were looked for and whenever these are
   * others.
   */
  wish(source: string, wishes: readonly SyncWish[], hear?: (unserved: readonly GroupVersionKind[]) => void): void {
    if (wishes.length === 0) {
      if (!this.#wishes.delete(source)) return;
    } else this.#wishes.set(source, { wishes, hear, told: undefined });
    this.#isFollowed = false;
    this.#queue.add(kindsKey);
  }

  /** Says which namespaces are left alone from now on. */
  exclude(exclusion: NamespaceExclusion): void {
    this.#exclusion = exclusion;
    for (const watched of this.#watched.values()) {
      for (const object of watched.informer.store.list()) {
        const isOut = watched.excluded.has(keyOf(object));
        if (isOut !== this.#isExcluded(object)) this.#place(watched, object);
      }
      this.#tell(watched.resource.kind);
    }
  }

  /** Resolves when every kind that is wished for now, and served, is in the data. */
  async synced(): Promise<void> {
    await this.#queue.settled();
    await Promise.all([...this.#watched.values()].map(({ informer }) => informer.synced()));
  }

  /** The kinds that are not in the data yet. */
  awaited(): readonly string[] {
    if (!this.#isFollowed) return ["which kinds to sync the server has"];
    const awaited = [...this.#watched.values()].filter(({ informer }) => !informer.hasSynced);
    return awaited.map(({ resource }) => `the objects of ${apiVersionOf(resource)} ${resource.kind}`);
  }

  /** The kinds that are not followed just now. */
  unfollowed(): readonly Unfollowed[] {
    return [...this.#watched].flatMap(([key, { informer }]) => troubleOf(`the objects of ${key}`, informer));
  }

  /** The kinds that are wished for and that the server does not serve. */
  get missing(): readonly string[] {
    return this.#missing;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([...this.#watched.values()].map(({ informer }) => informer.stop()));
    await this.#queue.stop();
  }

  /** Brings the watches to what is wished for. */
  async #follow(): Promise<void> {
    const { log, observer } = this.#options;
    const sources = [...this.#wishes.values()];
    const unserved = new Map<Wished, GroupVersionKind[]>(sources.map((source) => [source, []]));
    this.#isFollowed = true;
    const wanted = new Map<string, Resource>();
    const missing: string[] = [];
    const silent = new Set<string>();
    try {
      for (const source of sources) {
        for (const wish of source.wishes) {
          const { found, unanswered } = await this.#resolve(wish);
          for (const each of unanswered) silent.add(each);
          const followed = found.filter(isFollowable);
          if (followed.length === 0) missing.push(describeWish(wish));
          if (found.length + unanswered.length === 0 && wish.kind === "exact") unserved.get(source)?.push(wish.of);
          for (const resource of followed) wanted.set(keyOfKind(resource), resource);
        }
      }
    } catch (error) {
      this.#isFollowed = false;
      throw error;
    }
    for (const [key, watched] of this.#watched) {
      // Who does not answer may have the kind still, and its watch tells when not.
      if (!wanted.has(key) && !silent.has(apiVersionOf(watched.resource))) this.#drop(key, watched);
    }
    for (const [key, resource] of wanted) if (!this.#watched.has(key)) this.#watch(key, resource);
    observer.watching(this.#watched.size, this.#watched.size + missing.length);
    for (const [source, kinds] of unserved) {
      const told = JSON.stringify(kinds);
      if (told === source.told) continue;
      source.told = told;
      source.hear?.(kinds);
    }
    if (missing.join() !== this.#missing.join() && missing.length > 0)
      log.warn("kinds to sync are not served, or cannot be listed and watched; they are looked for again", { missing });
    this.#missing = missing;
    this.#awaitSilent(silent);
    if (missing.length > 0 || silent.size > 0) void this.#lookAgain();
  }

  /** Asks soon again where groups have just fallen silent, which keeps a start waiting; others are not waited for. */
  #awaitSilent(silent: ReadonlySet<string>): void {
    const { clock, log } = this.#options;
    const now = clock.now();
    for (const each of this.#silent.keys()) if (!silent.has(each)) this.#silent.delete(each);
    for (const each of silent) if (!this.#silent.has(each)) this.#silent.set(each, now);
    const fresh = [...this.#silent].filter(([, since]) => now - since < patienceMilliseconds).map(([each]) => each);
    if (fresh.length > 0) {
      this.#isFollowed = false;
      throw new Error(`no answer to which kinds there are in ${fresh.join(", ")}`);
    }
    const told = [...silent].join();
    if (told !== this.#told && told !== "")
      log.warn("kinds to sync may be in groups that do not answer", { groups: told });
    this.#told = told;
  }

  async #resolve(wish: SyncWish): Promise<FoundInAllGroups> {
    switch (wish.kind) {
      case "exact":
        return this.#find(wish.of);
      case "any-of": {
        const byGroup = new Map<string, Resource>();
        const unanswered: string[] = [];
        for (const each of wish.these) {
          const group = `${each.group}/${each.kind}`;
          if (byGroup.has(group)) continue;
          const answer = await this.#find(each);
          unanswered.push(...answer.unanswered);
          for (const found of answer.found) byGroup.set(group, found);
        }
        return { found: [...byGroup.values()], unanswered };
      }
      case "every-group":
        return this.#discovery.findInAllGroups(wish.name);
    }
  }

  async #find(of: GroupVersionKind): Promise<FoundInAllGroups> {
    try {
      const found = await this.#discovery.find(of);
      return { found: found === undefined ? [] : [found], unanswered: [] };
    } catch {
      return { found: [], unanswered: [formatApiVersion(of)] };
    }
  }

  #watch(key: string, resource: Resource): void {
    const { client, clock, log } = this.#options;
    const informer = new Informer({
      client,
      clock,
      resource,
      onChange: (change) => {
        this.#take(watched, change);
      },
      onNote: (note) => {
        log[note.kind === "unreadable" || note.kind === "failed" ? "warn" : "debug"]("inventory watch", {
          sync_kind: key,
          ...note,
        });
        if (note.kind === "listed") this.#tell(resource.kind);
        // Its CRD went: what was synced of it is gone, and it is looked for again.
        if (note.kind === "failed" && informer.trouble?.code === 404) {
          this.#discovery.forget();
          this.#queue.add(kindsKey);
        }
      },
    });
    const watched: Watched = { resource, informer, excluded: new Set() };
    this.#watched.set(key, watched);
    informer.start();
    log.info("syncing a kind", { sync_kind: key });
  }

  #drop(key: string, watched: Watched): void {
    this.#watched.delete(key);
    void watched.informer.stop();
    for (const object of watched.informer.store.list()) {
      if (!watched.excluded.has(keyOf(object))) this.#options.data.removeData(object);
    }
    this.#tell(watched.resource.kind);
    this.#options.log.info("a kind is no longer synced", { sync_kind: key });
  }

  #take(watched: Watched, change: Change): void {
    // A watch that was ended may still have had an event in its hands.
    if (this.#watched.get(keyOfKind(watched.resource)) !== watched) return;
    const { data, observer, clock } = this.#options;
    const from = clock.now();
    if (change.kind !== "deleted") this.#place(watched, change.object);
    else if (!watched.excluded.delete(keyOf(change.object))) data.removeData(change.object);
    observer.syncTook((clock.now() - from) / 1000);
    if (watched.informer.hasSynced) this.#tell(watched.resource.kind);
  }

  /** Puts an object into the data or takes it out, as the exclusion has it. */
  #place(watched: Watched, object: JsonObject): void {
    const { data } = this.#options;
    const key = keyOf(object);
    if (this.#isExcluded(object)) {
      if (!watched.excluded.has(key)) data.removeData(object);
      watched.excluded.add(key);
    } else {
      watched.excluded.delete(key);
      data.putData(object);
    }
  }

  #isExcluded(object: JsonObject): boolean {
    const { group, kind } = groupVersionKindOf(object);
    const isNamespace = group === "" && kind === "Namespace";
    return this.#exclusion.excludes("sync", isNamespace ? nameOf(object) : namespaceOf(object));
  }

  #tell(kind: string): void {
    let active = 0;
    for (const watched of this.#watched.values()) {
      if (watched.resource.kind === kind) active += watched.informer.store.size - watched.excluded.size;
    }
    this.#options.observer.objectsSynced(kind, active, 0);
  }

  async #lookAgain(): Promise<void> {
    // One alarm is enough, however many ask.
    if (this.#isLookingAgain) return;
    this.#isLookingAgain = true;
    await this.#options.clock.sleep(lookAgainMilliseconds, this.#stopping.signal);
    this.#isLookingAgain = false;
    this.#queue.add(kindsKey);
  }
}

/** Some kinds can be created and nothing else, such as a review of access. */
function isFollowable({ verbs }: Resource): boolean {
  return verbs === undefined || (verbs.includes("list") && verbs.includes("watch"));
}

function keyOfKind(resource: Resource): string {
  return `${apiVersionOf(resource)} ${resource.kind}`;
}

function describeWish(wish: SyncWish): string {
  switch (wish.kind) {
    case "exact":
      return `${formatApiVersion(wish.of)} ${wish.of.kind}`;
    case "any-of":
      return wish.these.map((each) => `${formatApiVersion(each)} ${each.kind}`).join(" or ");
    case "every-group":
      return wish.name;
  }
}

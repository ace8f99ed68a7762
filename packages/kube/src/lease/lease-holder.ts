/**
 * Who of several replicas does what must be done once. The holder renews a Lease; when it has not done so for a while,
 * another takes it. Nothing that must never be done twice may hang on it, since clocks and pauses can fool anybody: only
 * what is wasteful to do twice.
 */
import { metadataOf, nameOf, own, ownString, resourceVersionOf, type JsonObject } from "@portcullis/objects";
import type { KubeClient } from "../client/client.ts";
import type { Resource } from "../client/resource.ts";
import { ApiError } from "../client/status.ts";
import type { Clock } from "../clock.ts";

/** Whose Lease, and what to do with it. */
export interface LeaseHolderOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly namespace: string;
  readonly name: string;
  /** Who this replica is. */
  readonly identity: string;
  /** Called when this replica becomes the holder, and when it is it no longer. */
  readonly onChange: (isHolder: boolean) => void;
  /** Called when the server could not be asked, or refused; it is asked again. */
  readonly onFailure?: (error: unknown) => void;
  /** How long a holder counts that does not renew. It renews three times in that time. */
  readonly durationMilliseconds?: number;
}

/** The resource that whoever takes part must be allowed to get, create and update. */
export const leases: Resource = {
  group: "coordination.k8s.io",
  version: "v1",
  plural: "leases",
  kind: "Lease",
  namespaced: true,
};

/** As long as Kubernetes' own controllers have it. */
const usualDurationMilliseconds = 15_000;
/** How soon the server is asked again that could not be. */
const retryMilliseconds = 1500;
/** How long whoever ends takes to give it up. */
const farewellMilliseconds = 3000;

/** Takes part in the holding of one Lease, from `start` to `stop`. */
export class LeaseHolder {
  readonly #options: LeaseHolderOptions;
  readonly #duration: number;
  readonly #stopping = new AbortController();
  #isHolder = false;
  #running: Promise<void> | undefined;
  #renewed = 0;
  /** What another holder's Lease looked like, and since when, on our own clock: others' clocks are not to be trusted. */
  #seen = { version: "", at: 0 };

  constructor(options: LeaseHolderOptions) {
    this.#options = options;
    this.#duration = options.durationMilliseconds ?? usualDurationMilliseconds;
  }

  /** Whether this replica holds the Lease now. */
  get isHolder(): boolean {
    return this.#isHolder;
  }

  /** Begins to ask for the Lease. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Gives the Lease up, so that another can take it at once. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    if (!this.#isHolder) return;
    this.#become(false);
    try {
      const { client, name, namespace, identity } = this.#options;
      const signal = AbortSignal.timeout(farewellMilliseconds);
      const found = await client.get(leases, { name, namespace }, signal);
      if (!found.ok || holderOf(found.value) !== identity) return;
      await client.replace(leases, this.#lease(found.value, ""), signal);
    } catch {
      // Nobody can be told, and nobody need be: the Lease runs out by itself.
    }
  }

  async #run(): Promise<void> {
    const { clock, onFailure } = this.#options;
    while (!this.#stopping.signal.aborted) {
      let wait = this.#duration / 3;
      try {
        await this.#takeInTime();
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        onFailure?.(error);
        // What only the holder does is not done until somebody could ask again.
        wait = Math.min(wait, retryMilliseconds);
      }
      // Whoever cannot renew must stop before another may begin.
      if (this.#isHolder && clock.now() >= this.#mustStopAt()) this.#become(false);
      // Spread by a fifth either way, so that replicas do not ask in step.
      await clock.sleep(wait * (0.8 + 0.4 * clock.random()), this.#stopping.signal);
    }
  }

  #mustStopAt(): number {
    return this.#renewed + (this.#duration * 2) / 3;
  }

  /** A server that does not answer must not keep a holder from stopping before another may begin. */
  async #takeInTime(): Promise<void> {
    const { clock } = this.#options;
    const [late, answered] = [new AbortController(), new AbortController()];
    const wait = this.#isHolder
      ? Math.max(this.#mustStopAt() - clock.now(), this.#duration / 10)
      : (this.#duration * 2) / 3;
    void clock.sleep(wait, answered.signal).then(() => {
      late.abort(new Error(`no answer about the Lease ${this.#options.name} within ${Math.round(wait)} ms`));
    });
    try {
      await this.#take(AbortSignal.any([late.signal, this.#stopping.signal]));
    } finally {
      answered.abort();
    }
  }

  async #take(signal: AbortSignal): Promise<void> {
    const { client, clock, name, namespace, identity } = this.#options;
    const from = clock.now();
    const found = await client.get(leases, { name, namespace }, signal);
    if (!found.ok && found.status.code !== 404) throw new ApiError(`reading the Lease ${name}`, found.status);
    const existing = found.ok ? found.value : undefined;
    if (existing !== undefined && !this.#isFree(existing)) {
      this.#become(false);
      return;
    }
    const wanted = this.#lease(existing, identity);
    const written =
      existing === undefined
        ? await client.create(leases, wanted, signal)
        : await client.replace(leases, wanted, signal);
    if (written.ok) {
      this.#renewed = from;
      this.#become(true);
    } else if (written.status.code === 409) this.#become(false);
    else throw new ApiError(`writing the Lease ${name}`, written.status);
  }

  #isFree(lease: JsonObject): boolean {
    const holder = holderOf(lease);
    if (holder === "" || holder === this.#options.identity) return true;
    const now = this.#options.clock.now();
    const version = resourceVersionOf(lease);
    if (version !== this.#seen.version) this.#seen = { version, at: now };
    return now - this.#seen.at >= this.#duration;
  }

  #lease(existing: JsonObject | undefined, holder: string): JsonObject {
    const { clock, name, namespace } = this.#options;
    const spec = own(existing, "spec");
    const transitions = Number(own(spec, "leaseTransitions") ?? 0);
    // Kubernetes' MicroTime has six digits behind the second.
    const now = new Date(clock.now()).toISOString().replace("Z", "000Z");
    const isNew = existing === undefined || holderOf(existing) !== holder;
    return {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: existing === undefined ? { name, namespace } : { ...metadataOf(existing), name: nameOf(existing) },
      spec: {
        holderIdentity: holder,
        leaseDurationSeconds: Math.max(1, Math.round(this.#duration / 1000)),
        acquireTime: isNew ? now : (ownString(spec, "acquireTime") ?? now),
        renewTime: now,
        leaseTransitions: isNew ? transitions + 1 : transitions,
      },
    };
  }

  #become(isHolder: boolean): void {
    if (isHolder === this.#isHolder) return;
    this.#isHolder = isHolder;
    this.#options.onChange(isHolder);
  }
}

function holderOf(lease: JsonObject): string {
  return ownString(own(lease, "spec"), "holderIdentity") ?? "";
}

/**
 * Keeps our authorities in the webhook configurations that others have written: a GitOps tool that applies its file anew
 * empties the field, and from then on no call would come through.
 */
import {
  isJsonArray,
  metadataOf,
  nameOf,
  own,
  ownString,
  resourceVersionOf,
  type JsonObject,
} from "@portcullis/objects";
import {
  backoffDelay,
  Informer,
  valueOf,
  WorkQueue,
  type Clock,
  type KubeClient,
  type Resource,
} from "@portcullis/kube";
import type { Gaps } from "../gaps/gaps.ts";
import { troubleOf, type Unfollowed } from "../gaps/stale-policies.ts";
import type { Log } from "../log/log.ts";
import { mutatingWebhookConfigurations, webhookConfigurations } from "../resources.ts";
import { validationWebhook } from "../webhook/configuration.ts";

/** What keeping them needs. */
export interface TrustKeeperOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  /** Names of the configurations. The first validating one is the server's own. */
  readonly validating: readonly string[];
  readonly mutating: readonly string[];
  readonly gaps: Gaps;
  /** Told of the server's own configuration when it comes or changes. */
  readonly onConfiguration?: (configuration: JsonObject) => void;
}

/** Putting back is done at once so often in a row, and then more and more slowly: somebody else does the same. */
const atOnce = 5;
const fightBackoff = { firstMilliseconds: 500, mostMilliseconds: 4000 };
/** After so long it is no fight any more. */
const peaceMilliseconds = 60_000;

export class TrustKeeper {
  readonly #options: TrustKeeperOptions;
  readonly #informers = new Map<string, { readonly resource: Resource; readonly informer: Informer }>();
  readonly #queue: WorkQueue;
  #trust: string | undefined;
  /** How often in a row, and when last, what is trusted was put back into a configuration. */
  readonly #putBack = new Map<string, { readonly count: number; readonly at: number }>();

  constructor(options: TrustKeeperOptions) {
    this.#options = options;
    const { clock, log } = options;
    this.#queue = new WorkQueue({
      clock,
      backoff: { firstMilliseconds: 50, mostMilliseconds: 2000 },
      work: (key, signal) => this.#keep(key, signal),
      onFailure: (key, error, failures) => {
        log.warn("writing the authorities into a webhook configuration failed; it is tried again", {
          key,
          failures,
          error,
        });
      },
    });
    for (const name of options.validating) this.#follow(webhookConfigurations, name);
    for (const name of options.mutating) this.#follow(mutatingWebhookConfigurations, name);
  }

  start(): void {
    for (const { informer } of this.#informers.values()) informer.start();
  }

  /** The configurations that are not followed just now: whether they are as they should be is not known. */
  unfollowed(): readonly Unfollowed[] {
    return [...this.#informers].flatMap(([key, { informer }]) => troubleOf(key, informer));
  }

  async synced(): Promise<void> {
    await Promise.all([...this.#informers.values()].map(({ informer }) => informer.synced()));
  }

  /** Says whom the API server is to trust from now on (PEM). Without a word nothing is written. */
  trust(authorities: string): void {
    this.#trust = Buffer.from(authorities).toString("base64");
    this.#putBack.clear();
    for (const key of this.#informers.keys()) this.#queue.add(key);
  }

  /** The server's own configuration as last seen. */
  get configuration(): JsonObject | undefined {
    const [name = ""] = this.#options.validating;
    return this.#informers.get(`${webhookConfigurations.kind}/${name}`)?.informer.store.get(name);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#informers.values()].map(({ informer }) => informer.stop()));
    await this.#queue.stop();
  }

  #follow(resource: Resource, name: string): void {
    const { client, clock, log, validating, onConfiguration } = this.#options;
    const isOwn = resource === webhookConfigurations && name === validating[0];
    const key = `${resource.kind}/${name}`;
    const informer = new Informer({
      client,
      clock,
      resource,
      selection: { fieldSelector: `metadata.name=${name}` },
      backoff: { firstMilliseconds: 50, mostMilliseconds: 2000 },
      onChange: (change) => {
        if (change.kind !== "deleted") this.#queue.add(key);
        this.#watchOver(resource, name, change.kind === "deleted" ? undefined : change.object);
        if (isOwn && change.kind !== "deleted") onConfiguration?.(change.object);
      },
      onNote: (note) => {
        log.debug("webhook configuration watch", { ...note });
        // Deleted before we came.
        if (note.kind === "listed" && note.count === 0) this.#watchOver(resource, name, undefined);
      },
    });
    this.#informers.set(key, { resource, informer });
  }

  /** Without the configuration nobody asks us. It may be how somebody gets a cluster going again, so it is said, not undone. */
  #watchOver(resource: Resource, name: string, configuration: JsonObject | undefined): void {
    const { gaps, validating } = this.#options;
    if (resource !== webhookConfigurations || name !== validating[0]) return;
    const kind = "webhook-configuration";
    const webhooks = own(configuration, "webhooks");
    const webhook = (isJsonArray(webhooks) ? webhooks : []).find(
      (each) => ownString(each, "name") === validationWebhook,
    );
    const rules = own(webhook, "rules");
    const hasRules = isJsonArray(rules) && rules.length > 0;
    if (hasRules) return gaps.close(kind, name);
    const lacks =
      webhook === undefined
        ? `has no webhook ${validationWebhook}`
        : `has no rules for the webhook ${validationWebhook}`;
    const what = configuration === undefined ? "is not there" : lacks;
    const message = `the webhook configuration ${name} ${what}: the API server does not ask us, and every request is let through`;
    gaps.open({ kind, objectKind: resource.kind, name, message });
  }

  async #keep(key: string, signal: AbortSignal): Promise<void> {
    const { client, log } = this.#options;
    const followed = this.#informers.get(key);
    if (followed === undefined || this.#patchFor(followed.informer, key) === undefined) return;
    await this.#pace(key, signal);
    const found = this.#patchFor(followed.informer, key);
    if (found === undefined || signal.aborted) return;
    const { configuration, patch } = found;
    const written = await client.patch(followed.resource, { name: nameOf(configuration) }, "json", patch);
    // Deleted, or changed meanwhile: then the watch tells of it, and brings us back. Any other refusal is told and retried,
    // since no call comes through until it is written.
    if (!written.ok && [404, 409].includes(written.status.code)) return;
    valueOf(written, `writing the authorities into ${key}`);
    this.#count(key);
    log.info("the authorities in a webhook configuration were renewed", {
      name: ownString(metadataOf(configuration), "name"),
    });
  }

  /** What is to be changed in the configuration as it is known; nothing where all is well, or it is not there. */
  #patchFor(
    informer: Informer,
    key: string,
  ): { readonly configuration: JsonObject; readonly patch: readonly JsonObject[] } | undefined {
    const [name = ""] = key.split("/").slice(1);
    const configuration = informer.store.get(name);
    const trust = this.#trust;
    if (configuration === undefined || trust === undefined) return undefined;
    const webhooks = own(configuration, "webhooks");
    const patch: JsonObject[] = [];
    for (const [at, webhook] of (isJsonArray(webhooks) ? webhooks : []).entries()) {
      if (ownString(own(webhook, "clientConfig"), "caBundle") === trust) continue;
      patch.push({ op: "add", path: `/webhooks/${at}/clientConfig/caBundle`, value: trust });
    }
    if (patch.length === 0) return undefined;
    // The places in the list are those of this version; where it is another one by now, the answer is a conflict.
    patch.unshift({ op: "replace", path: "/metadata/resourceVersion", value: resourceVersionOf(configuration) });
    return { configuration, patch };
  }

  /** Waits where the same was put back again and again: whoever takes it away as often would be answered without end. */
  async #pace(key: string, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const before = this.#putBack.get(key);
    if (before === undefined || before.count < atOnce) return;
    const wait = backoffDelay(fightBackoff, before.count - atOnce + 1, clock.random());
    await clock.sleep(wait, signal);
  }

  #count(key: string): void {
    const { clock, log } = this.#options;
    const now = clock.now();
    const before = this.#putBack.get(key);
    const isNew = before === undefined || Math.abs(now - before.at) >= peaceMilliseconds;
    const count = isNew ? 1 : before.count + 1;
    this.#putBack.set(key, { count, at: now });
    if (count !== atOnce) return;
    log.warn(
      "somebody else keeps writing other authorities into a webhook configuration, and no call comes through meanwhile",
      {
        configuration: key,
      },
    );
  }
}

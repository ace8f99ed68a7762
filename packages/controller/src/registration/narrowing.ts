/**
 * Keeps the webhook's rules as narrow as the constraints allow. Any replica widens them, and before a constraint counts;
 * one of them, and only after a while of quiet, makes them narrower. Once somebody else has changed what was written
 * here, or if an applied file owns the rules, they are left alone for good.
 */
import {
  annotationsOf,
  equalJson,
  isJsonArray,
  own,
  ownPath,
  ownString,
  readJson,
  resourceVersionOf,
  writeJson,
  type JsonObject,
  type JsonValue,
} from "@portcullis/objects";
import { Discovery, valueOf, type Clock, type KubeClient, type Resource } from "@portcullis/kube";
import type { Log } from "../log/log.ts";
import { webhookConfigurations } from "../resources.ts";
import {
  isRulesOwnedByApply,
  isWideRule,
  narrowRules,
  neededResources,
  resourcesOf,
  union,
  type NeededResources,
} from "./narrow-rules.ts";

/** What narrowing needs. */
export interface NarrowingOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  /** Name of the configuration. */
  readonly configuration: string;
  /** Every constraint that counts. */
  readonly constraints: () => readonly JsonObject[];
  /** Whether this replica is the one that makes rules narrower. */
  readonly mayNarrow: () => boolean;
  /** How long nothing must have changed before rules become narrower. */
  readonly quietMilliseconds?: number;
}

const webhookName = "validation.gatekeeper.sh";
/** The rules as they were before anything was narrowed. */
const wideAnnotation = "portcullis.dev/wide-rules";
/** The rules as they were written here, by which another's change is known. */
const wroteAnnotation = "portcullis.dev/narrowed-rules";

/** How long a constraint counts that was admitted and is not seen. */
const admittedMilliseconds = 2000;

export class Narrowing {
  readonly #options: NarrowingOptions;
  readonly #discovery: Discovery;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #wake: PromiseWithResolvers<void> = Promise.withResolvers<void>();
  #changes = 0;
  #isLeftAlone = false;
  /** Constraints that are being admitted: no watch shows them yet, and rules must not become narrower than they match. */
  readonly #admitted = new Set<JsonObject>();
  /** One change of the rules after another, so that none is made of what was known before another. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: NarrowingOptions) {
    this.#options = options;
    this.#discovery = new Discovery(options.client, options.clock);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake.resolve();
    await this.#running;
  }

  /** A constraint came, changed or went. */
  changed(): void {
    this.#changes += 1;
    this.#wake.resolve();
  }

  /** Sees to it that the API server asks about what these constraints match, beside those that count already. */
  async widen(more: readonly JsonObject[] = []): Promise<void> {
    for (const constraint of more) void this.#holdAdmitted(constraint);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      if ((await this.#inTurn("widen")) === "done") return;
    }
    throw new Error("the rules of the webhook configuration keep changing under our hands");
  }

  async #run(): Promise<void> {
    const { clock, log, mayNarrow, quietMilliseconds } = this.#options;
    const { signal } = this.#stopping;
    let widened = -1;
    let narrowed = -1;
    while (!signal.aborted && !this.#isLeftAlone) {
      const seen = this.#changes;
      try {
        this.#wake = Promise.withResolvers();
        // Constraints that came by the watch alone, or through another replica.
        if (seen !== widened) await this.widen();
        widened = seen;
        await Promise.race([this.#wake.promise, clock.sleep(quietMilliseconds ?? 30_000, signal)]);
        if (signal.aborted || this.#changes !== seen || narrowed === seen || !mayNarrow()) continue;
        if ((await this.#inTurn("narrow")) === "done") narrowed = seen;
      } catch (error) {
        log.warn("bringing the webhook's rules to what the constraints match failed; it is tried again", { error });
        await clock.sleep(1000, signal);
      }
    }
  }

  /** Until the watch must have shown it, if it was written at all. */
  async #holdAdmitted(constraint: JsonObject): Promise<void> {
    this.#admitted.add(constraint);
    await this.#options.clock.sleep(admittedMilliseconds, this.#stopping.signal);
    this.#admitted.delete(constraint);
    this.changed();
  }

  #inTurn(how: "widen" | "narrow"): Promise<"done" | "again"> {
    const done = this.#turn.then(() => this.#bring(how));
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /** One attempt; `again` where somebody else wrote meanwhile. */
  async #bring(how: "widen" | "narrow"): Promise<"done" | "again"> {
    const { client, configuration: name, log } = this.#options;
    const constraints = [...this.#options.constraints(), ...this.#admitted];
    const needed = await neededResources(constraints, (group, kind) => this.#find(group, kind));
    // A list of one, which is a right that whoever follows the configuration has anyway.
    const listed = await client.list(webhookConfigurations, { fieldSelector: `metadata.name=${name}` });
    const [configuration] = valueOf(listed, `reading the webhook configuration ${name}`).items;
    if (configuration === undefined) return "done";
    const webhooks = own(configuration, "webhooks");
    const at = isJsonArray(webhooks) ? webhooks.findIndex((each) => ownString(each, "name") === webhookName) : -1;
    const current = own(isJsonArray(webhooks) ? webhooks[at] : undefined, "rules");
    const wide = this.#wideRules(configuration, current);
    if (current === undefined || wide === undefined) return "done";
    const wanted = needed === undefined ? wide : wantedRules(wide, current, needed, how);
    if (equalJson(wanted, current)) return "done";
    const annotations = {
      ...annotationsOf(configuration),
      [wideAnnotation]: writeJson(wide),
      [wroteAnnotation]: writeJson(wanted),
    };
    const written = await client.patch(webhookConfigurations, { name }, "json", [
      { op: "test", path: "/metadata/resourceVersion", value: resourceVersionOf(configuration) },
      { op: "add", path: "/metadata/annotations", value: annotations },
      { op: "replace", path: `/webhooks/${at}/rules`, value: wanted },
    ]);
    if (!written.ok && [409, 422].includes(written.status.code)) return "again";
    valueOf(written, `writing the rules of the webhook configuration ${name}`);
    log.info("the webhook's rules were brought to what the constraints match", { how });
    return "done";
  }

  /** The rules to be narrowed, or undefined where they are not ours to touch. */
  #wideRules(configuration: JsonObject, current: JsonValue | undefined): JsonValue | undefined {
    const annotations = annotationsOf(configuration);
    const wrote = parsed(ownString(annotations, wroteAnnotation));
    const wide = parsed(ownString(annotations, wideAnnotation));
    const isOurs = wrote !== undefined && wide !== undefined && current !== undefined && equalJson(wrote, current);
    const isUntouched = wrote === undefined && isWideRule(current);
    if (!isRulesOwnedByApply(configuration, webhookName) && (isOurs || isUntouched)) return isOurs ? wide : current;
    if (!this.#isLeftAlone) {
      this.#options.log.warn("the webhook's rules belong to somebody else; they are left as they are", {
        name: ownPath(configuration, "metadata", "name"),
      });
    }
    this.#isLeftAlone = true;
    return undefined;
  }

  /** The resources of a kind; none where that is not certain, so that nothing is made narrower for it. */
  async #find(group: string, kind: string): Promise<readonly Resource[]> {
    const { found, unanswered } = await this.#discovery.findInAllGroups(kind);
    if (unanswered.length > 0) return [];
    return group === "*" ? found : found.filter((resource) => resource.group === group);
  }
}

function wantedRules(wide: JsonValue, current: JsonValue, needed: NeededResources, how: "widen" | "narrow"): JsonValue {
  if (how === "narrow") return narrowRules(wide, needed);
  // What is asked about everything anyway needs no more.
  return isWideRule(current) ? current : narrowRules(wide, union(resourcesOf(current), needed));
}

function parsed(text: string | undefined): JsonValue | undefined {
  const reading = text === undefined ? undefined : readJson(text);
  return reading?.ok === true ? reading.value : undefined;
}

/**
 * Keeps the webhook as narrow as the constraints allow, by a condition of our own beside the rules, which are their
 * owner's: whatever loses the condition makes the API server ask about everything. docs/adr/0006 tells why.
 *
 * Any replica widens, and before a constraint counts; one of them, and only after a while of quiet, narrows. It narrows
 * only a version of the configuration that it has read before it lists the constraints, and never below a mark that it has
 * not seen for as long as a constraint may take from its admission until it is stored.
 */
import { randomUUID } from "node:crypto";
import type { JsonObject } from "@portcullis/objects";
import { ApiError, valueOf, type Clock, type KubeClient } from "@portcullis/kube";
import type { Gaps } from "../gaps/gaps.ts";
import type { Log } from "../log/log.ts";
import { webhookConfigurations } from "../resources.ts";
import { conditionFor, expressible } from "./kinds-condition.ts";
import { coversAll, everyKind, kindsOf, unionOf, type MatchedKinds } from "./matched-kinds.ts";
import { isTouched, narrowedWebhookOf, patchTo, type NarrowedWebhook } from "./narrowed-webhook.ts";
import { withMark, type Mark, type NarrowingRecord } from "./narrowing-record.ts";
import { storedConstraints } from "./stored-constraints.ts";

/** What narrowing needs. */
export interface NarrowingOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly gaps: Gaps;
  /** Name of the configuration. */
  readonly configuration: string;
  /** Whether it is to be narrowed. Where not, what another left narrow is widened. */
  readonly isOn: boolean;
  /** The configuration as the watch last showed it. */
  readonly seen: () => JsonObject | undefined;
  /** Every constraint that counts. */
  readonly constraints: () => readonly JsonObject[];
  /** Those of them that the cluster does not have any more. */
  readonly unlisted: () => readonly JsonObject[];
  /** Whether this replica is the one that narrows. */
  readonly mayNarrow: () => boolean;
  /** How long nothing must have changed before it is narrowed. */
  readonly quietMilliseconds?: number;
  /** How long a constraint may take, from its admission until every list shows it. */
  readonly holdMilliseconds?: number;
}

/** What is to be brought about. */
type Step =
  | { readonly kind: "cover" }
  | { readonly kind: "admit"; readonly kinds: MatchedKinds }
  | { readonly kind: "narrow" };

const gapKind = "webhook-condition";
/** API servers read the configuration by a watch; this is what that takes. */
const noticeMilliseconds = 100;
const mostAttempts = 10;
/** How often others may take the condition away before it is theirs to decide. */
const mostTaken = 3;

export class Narrowing {
  readonly #options: NarrowingOptions;
  readonly #hold: number;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #wake = new AbortController();
  #changes = 0;
  /** Marks that were seen, by whether their time is over. */
  readonly #marks = new Map<string, boolean>();
  /** Our own marks, by whether they are young enough to stand for another constraint. */
  readonly #ours = new Map<string, boolean>();
  /** Kinds of constraints that wait for their turn to be admitted, all in one. */
  #waiting: { readonly kinds: MatchedKinds[]; readonly done: Promise<void> } | undefined;
  /** Replicas that know nothing of marks may have admitted constraints until a moment ago. */
  #isFirstHoldOver = false;
  /** What counts in this replica alone was marked a short while ago. */
  #isDefended = false;
  #wasNarrow = false;
  /** The API server took a condition for none. */
  #isRefused = false;
  #taken = 0;
  /** One change after another, so that none is made of what was known before another. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: NarrowingOptions) {
    this.#options = options;
    // A request may take a minute; its constraint is stored by then, or never. A mark serves others for a while.
    this.#hold = options.holdMilliseconds ?? 120_000;
  }

  start(): void {
    if (this.#running !== undefined) return;
    this.#after(this.#hold, () => (this.#isFirstHoldOver = true));
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** A constraint came, changed or went. */
  changed(): void {
    this.#changes += 1;
    this.#wake.abort();
  }

  /** The configuration came, or changed. */
  configurationSeen(configuration: JsonObject): void {
    const webhook = narrowedWebhookOf(configuration);
    if (webhook === undefined) return;
    this.#observe(webhook);
    if (!this.#isCovered(webhook)) this.changed();
  }

  /** Sees to it that the API server asks about what the constraints match that count already. */
  async cover(): Promise<void> {
    const { isOn, seen } = this.#options;
    try {
      if (isOn) await this.#bring(() => ({ kind: "cover" }));
      else if (isTouched(narrowedWebhookOf(seen()))) await this.#mark(everyKind);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status.code !== 403) throw error;
      // To serve what is asked about is better than to wait for a right that may never come.
      this.#tellUncovered();
    }
  }

  /** The same, and for a constraint that is being admitted, which no list shows yet. */
  async admit(constraint: JsonObject, old?: JsonObject): Promise<void> {
    const { isOn, seen } = this.#options;
    const kinds = expressible(kindsOf([constraint]));
    // Lists show the old one until they show the new one.
    if (old !== undefined && coversAll(kindsOf([old]), kinds)) return;
    if (isOn) return this.#mark(kinds);
    if (isTouched(narrowedWebhookOf(seen()))) await this.#mark(everyKind);
  }

  async #run(): Promise<void> {
    const { clock, log, seen, isOn, mayNarrow, quietMilliseconds } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const changes = this.#changes;
      this.#wake = new AbortController();
      try {
        // Constraints that came by the watch alone, and what others have written.
        if (!this.#isCovered(narrowedWebhookOf(seen()))) await this.cover();
        else this.#closeGap();
        await this.#defend();
        await clock.sleep(quietMilliseconds ?? 30_000, AbortSignal.any([signal, this.#wake.signal]));
        if (signal.aborted || this.#changes !== changes || !isOn || !mayNarrow()) continue;
        if (this.#couldBeNarrower()) await this.#bring(() => ({ kind: "narrow" }));
      } catch (error) {
        if (signal.aborted) return;
        log.warn("bringing the webhook to what the constraints match failed; it is tried again", { error });
        if (!this.#isCovered(narrowedWebhookOf(seen()))) this.#tellUncovered();
        await clock.sleep(1000, signal);
      }
    }
  }

  /** Marks what counts in this replica alone, for as long as it does: another one would narrow below it. */
  async #defend(): Promise<void> {
    const { isOn, unlisted } = this.#options;
    const constraints = unlisted();
    if (!isOn || this.#isDefended || constraints.length === 0) return;
    await this.#mark(expressible(kindsOf(constraints)));
    this.#isDefended = true;
    this.#after(this.#hold / 3, () => (this.#isDefended = false));
  }

  /** What counts in this replica. Without narrowing that may be anything. */
  #own(): MatchedKinds {
    return this.#options.isOn ? kindsOf(this.#options.constraints()) : everyKind;
  }

  /** Without a webhook nothing is asked about, which is not for us to change. */
  #isCovered(webhook: NarrowedWebhook | undefined): boolean {
    if (webhook === undefined) return true;
    return webhook.kinds !== undefined && coversAll(webhook.kinds, this.#own());
  }

  /** By what the watches showed; whether it may be so is found out then. */
  #couldBeNarrower(): boolean {
    const webhook = narrowedWebhookOf(this.#options.seen());
    if (webhook === undefined || !this.#isFirstHoldOver || this.#taken >= mostTaken) return false;
    const marks = this.#heldOf(webhook);
    const kinds = unionOf([this.#own(), ...marks.map((mark) => mark.kinds)]);
    return (
      (conditionFor(kinds) ?? "") !== webhook.expression || (isTouched(webhook) && marks.length < webhook.marks.length)
    );
  }

  /** Marks kinds. Those that come while others have their turn are marked together. */
  #mark(kinds: MatchedKinds): Promise<void> {
    if (this.#waiting !== undefined) {
      this.#waiting.kinds.push(kinds);
      return this.#waiting.done;
    }
    const waiting = [kinds];
    const done = this.#bring(() => {
      this.#waiting = undefined;
      return { kind: "admit", kinds: expressible(unionOf(waiting)) };
    });
    this.#waiting = { kinds: waiting, done };
    return done;
  }

  #bring(step: () => Step): Promise<void> {
    const done = this.#turn.then(() => this.#attempt(step()));
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #attempt(step: Step): Promise<void> {
    const { client, clock, configuration: name } = this.#options;
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      // A list of one, which is a right that whoever follows the configuration has anyway.
      const listed = await client.list(webhookConfigurations, { fieldSelector: `metadata.name=${name}` });
      const [found] = valueOf(listed, `reading the webhook configuration ${name}`).items;
      const webhook = narrowedWebhookOf(found);
      if (webhook === undefined) return;
      this.#observe(webhook);
      this.#count(webhook);
      if (webhook.kinds === undefined) return this.#leaveAlone();
      const to = await this.#wanted(step, webhook, webhook.kinds);
      if (to === undefined || (await this.#write(step, webhook, to))) return;
      await clock.sleep(5 + clock.random() * 20 * (attempt + 1), this.#stopping.signal);
    }
    throw new Error(`the webhook configuration ${name} keeps changing under our hands`);
  }

  /** What is to be written; undefined where it is there. */
  async #wanted(step: Step, webhook: NarrowedWebhook, now: MatchedKinds): Promise<NarrowingRecord | undefined> {
    switch (step.kind) {
      case "cover":
        if (coversAll(now, this.#own())) return undefined;
        return this.#recordOf(unionOf([now, this.#own()]), webhook.marks);
      case "admit": {
        const kinds = unionOf([now, this.#own(), step.kinds]);
        const young = webhook.marks.filter(({ id }) => this.#ours.get(id) === true).map((mark) => mark.kinds);
        if (coversAll(now, kinds) && coversAll(unionOf(young), step.kinds)) return undefined;
        const mark = this.#newMark(step.kinds);
        return this.#recordOf(
          kinds,
          withMark(webhook.marks, mark, (id) => this.#ours.has(id)),
        );
      }
      case "narrow": {
        const marks = this.#heldOf(webhook);
        // After the configuration was read: what was admitted before that version, and is not held, is in this list.
        const stored = await storedConstraints(this.#options.client);
        if (stored === undefined) return undefined;
        const kinds = unionOf([this.#own(), kindsOf(stored), ...marks.map((mark) => mark.kinds)]);
        const to = this.#recordOf(kinds, marks);
        const isThere = to.expression === webhook.expression && marks.length === webhook.marks.length;
        return isThere ? undefined : to;
      }
    }
  }

  /** Whether it was written, or need not be; false where somebody else wrote meanwhile. */
  async #write(step: Step, webhook: NarrowedWebhook, to: NarrowingRecord): Promise<boolean> {
    const { client, clock, log, configuration: name } = this.#options;
    const written = await client.patch(webhookConfigurations, { name }, "json", patchTo(webhook, to));
    if (!written.ok && [404, 409].includes(written.status.code)) return false;
    if (!written.ok && written.status.code === 422 && to.expression !== "") {
      log.warn("the API server does not take the condition; it is asked about everything", {
        error: written.status.message,
      });
      this.#isRefused = true;
      return false;
    }
    const isWider = step.kind !== "narrow";
    // Who may not write does not narrow either, and all replicas have the same rights.
    if (!written.ok && written.status.code === 403 && isWider && to.expression === webhook.expression) return true;
    valueOf(written, `writing the condition of the webhook configuration ${name}`);
    for (const mark of to.marks) this.#see(mark);
    if (to.expression === webhook.expression) return true;
    this.#wasNarrow = to.expression !== "";
    log.info("the webhook was brought to what the constraints match", { how: step.kind });
    if (step.kind === "admit") await clock.sleep(noticeMilliseconds, this.#stopping.signal);
    return true;
  }

  /** What is written for these kinds: no condition where none is of use. */
  #recordOf(kinds: MatchedKinds, marks: readonly Mark[]): NarrowingRecord {
    const expression = this.#isRefused ? undefined : conditionFor(kinds);
    return expression === undefined ? { expression: "", kinds: everyKind, marks } : { expression, kinds, marks };
  }

  #closeGap(): void {
    this.#options.gaps.close(gapKind, this.#options.configuration);
  }

  #tellUncovered(): void {
    const { gaps, configuration: name } = this.#options;
    const message = `the webhook configuration ${name} could not be widened to what the constraints match: the API server does not ask us about all of it`;
    gaps.open({ kind: gapKind, objectKind: webhookConfigurations.kind, name, message });
  }

  /** Young for so long that who relies on it then is stored before its time is over. */
  #newMark(kinds: MatchedKinds): Mark {
    const id = randomUUID();
    this.#ours.set(id, true);
    this.#after(this.#hold / 3, () => this.#ours.set(id, false));
    this.#after(this.#hold * 3, () => this.#ours.delete(id));
    return { id, kinds };
  }

  #leaveAlone(): void {
    const { gaps, configuration: name } = this.#options;
    const message = `somebody else has written the condition that narrows the webhook in ${name}: it is left as it is, and whether the API server asks about all that the constraints match is not known; without the condition it asks about everything`;
    gaps.open({ kind: gapKind, objectKind: webhookConfigurations.kind, name, message });
  }

  #observe(webhook: NarrowedWebhook): void {
    const ids = new Set(webhook.marks.map(({ id }) => id));
    for (const id of this.#marks.keys()) if (!ids.has(id)) this.#marks.delete(id);
    for (const mark of webhook.marks) this.#see(mark);
  }

  /** Counts how often others took the condition away. Only what was read now is counted: a watch may be behind. */
  #count({ expression, record }: NarrowedWebhook): void {
    const isNarrow = expression !== "";
    if (this.#wasNarrow && !isNarrow && record?.expression !== "") {
      this.#taken += 1;
      const message = "somebody else took away the condition that narrows the webhook";
      this.#options.log.warn(this.#taken < mostTaken ? message : `${message}; it stays away`);
    }
    this.#wasNarrow = isNarrow;
  }

  #see({ id }: Mark): void {
    if (this.#marks.has(id)) return;
    this.#marks.set(id, false);
    this.#after(this.#hold, () => {
      if (this.#marks.has(id)) this.#marks.set(id, true);
    });
  }

  /** The marks whose time is not over. */
  #heldOf({ marks }: NarrowedWebhook): readonly Mark[] {
    return marks.filter(({ id }) => this.#marks.get(id) !== true);
  }

  #after(milliseconds: number, then: () => void): void {
    void this.#options.clock.sleep(milliseconds, this.#stopping.signal).then(then);
  }
}

import { nameOf, own, ownPath, ownString, uidOf, type JsonObject } from "@portcullis/objects";
import { Informer, WorkQueue, type Clock, type KubeClient } from "@portcullis/kube";
import { byDeadline } from "../by-deadline.ts";
import type { Log } from "../log/log.ts";
import { troubleOf, type Unfollowed } from "../gaps/stale-policies.ts";
import { isSame } from "./is-same.ts";
import type { Policies, PolicyProblem } from "../policies.ts";
import { constraintTemplates, customResourceDefinitions } from "../resources.ts";
import type { Reporting } from "./reporting.ts";
import {
  dropAbandoned,
  ensureCrd,
  isPrepared,
  prepareCrd,
  trimCrd,
  wentWithItsCrd,
  whyNoCrd,
} from "./constraint-crd.ts";
import type { Constraints } from "./constraints.ts";
import type { Inventory } from "./inventory.ts";
import type { SyncObserver } from "./observer.ts";
import { wishesOfTemplate } from "./sync-wish.ts";

/** What the templates need. */
export interface TemplatesOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly policies: Policies;
  readonly constraints: Constraints;
  readonly inventory: Inventory;
  readonly reports: Reporting;
  readonly observer: SyncObserver;
  /** How long an admitted template may take to be written before its CRD is taken away again. */
  readonly provisionalMilliseconds?: number;
}

/** How long a watch may take to show a template before it is asked for. */
const watchPatienceMilliseconds = 500;

interface Ingested {
  /** The template as it was last looked at. */
  readonly seen: JsonObject;
  /** The one that is in force, if any is. */
  readonly object: JsonObject;
  readonly isInForce: boolean;
}

/** Templates in force, each with the CRD of its constraints. */
export class Templates {
  readonly #options: TemplatesOptions;
  readonly #informer: Informer;
  readonly #queue: WorkQueue;
  readonly #ingested = new Map<string, Ingested>();
  readonly #stopping = new AbortController();
  readonly #waiting = new Set<() => void>();
  readonly #crds: Informer;
  /** Templates in force whose CRD could not be written yet. */
  readonly #compiled = new Set<string>();
  /** Templates whose CRD was taken away. */
  readonly #bereft = new Set<string>();
  /** Templates in force that went with the CRD of all templates; they stay in force until they are applied anew. */
  readonly #held = new Set<string>();

  constructor(options: TemplatesOptions) {
    this.#options = options;
    const { client, clock, log } = options;
    this.#queue = new WorkQueue({
      clock,
      work: (name) => this.#reconcile(name),
      onFailure: (name, error, failures) => {
        log.warn("reconciling a template failed; it is tried again", { template_name: name, failures, error });
      },
    });
    this.#informer = new Informer({
      client,
      clock,
      resource: constraintTemplates,
      backoff: { firstMilliseconds: 20, mostMilliseconds: 5000 },
      onChange: (change) => {
        this.#queue.add(nameOf(change.object));
      },
      onNote: (note) => {
        log.debug("template watch", { ...note });
      },
    });
    this.#crds = new Informer({
      client,
      clock,
      resource: customResourceDefinitions,
      selection: { labelSelector: "gatekeeper.sh/constraint=yes" },
      trim: trimCrd,
      onChange: ({ kind, object }) => {
        if (kind === "deleted") this.#missCrd(object);
      },
    });
  }

  start(): void {
    this.#informer.start();
    this.#crds.start();
  }

  /** What is not in force yet, nor has its error in its status. */
  awaited(): readonly string[] {
    if (!this.#informer.hasSynced) return ["the list of ConstraintTemplates"];
    const names = this.#informer.store.list().map(nameOf);
    const missing = names.filter((name) => !this.#ingested.has(name) && !this.#compiled.has(name));
    return missing.map((name) => `ConstraintTemplate ${name}`);
  }

  /** What of the templates is not followed just now. */
  unfollowed(): readonly Unfollowed[] {
    return [
      ...troubleOf("the ConstraintTemplates", this.#informer),
      ...troubleOf("the CRDs of their constraints", this.#crds),
    ];
  }

  /** The template as last seen. */
  find(name: string): JsonObject | undefined {
    return this.#informer.store.get(name);
  }

  /** Makes the kind of a template that is being created, so that it is there when its author's command returns. */
  async admit(template: JsonObject, deadline: number): Promise<void> {
    const { client, clock, policies, log } = this.#options;
    const fields = { template_name: nameOf(template) };
    const crd = policies.constraintCrd(template);
    try {
      // A request that hangs must not hold up the answer; what it brings comes late, and is looked after below.
      const served = await byDeadline(prepareCrd({ client, clock }, crd, template, deadline), deadline, clock);
      if (served !== true) log.warn("the kind of an admitted template is not served yet", fields);
    } catch (error) {
      // The template is good; what keeps its CRD away will be said in its status.
      log.warn("the CRD of an admitted template could not be made yet", { ...fields, error });
    }
    void this.#dropIfAbandoned(template, nameOf(crd));
  }

  /**
   * Waits until a template for the kind is in force, which is a moment after it was written. What no watch tells within
   * that moment is asked for: a watch may have died without a word, and there may be no such template at all.
   */
  async waitFor(kind: string, deadline: number): Promise<boolean> {
    const { clock, policies } = this.#options;
    const patience = clock.now() + watchPatienceMilliseconds;
    let asked = false;
    while (!policies.hasTemplate(kind)) {
      const now = clock.now();
      if (now >= deadline || this.#stopping.signal.aborted) return false;
      if (now >= patience && !asked) {
        asked = true;
        if (!(await this.#readUnseen(kind.toLowerCase()))) return false;
        continue;
      }
      const changed = Promise.withResolvers<void>();
      this.#waiting.add(changed.resolve);
      const left = (asked ? deadline : Math.min(patience, deadline)) - now;
      await Promise.race([changed.promise, clock.sleep(left, this.#stopping.signal)]);
      this.#waiting.delete(changed.resolve);
    }
    return true;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([this.#informer.stop(), this.#crds.stop()]);
    await this.#queue.stop();
  }

  async #reconcile(name: string): Promise<void> {
    const { client, clock, policies, inventory, reports, observer, log } = this.#options;
    const template = this.#informer.store.get(name);
    const before = this.#ingested.get(name);
    if (template === undefined) {
      if (before?.isInForce === true && (await this.#wentWithAll(before.object))) this.#held.add(name);
      // It may have come anew meanwhile, and then waits in the queue.
      else if (this.#informer.store.get(name) === undefined) this.#remove(name);
      return;
    }
    // What is held is replaced in its place, so that its constraints stay.
    if (before !== undefined && uidOf(before.seen) !== uidOf(template) && !this.#held.has(name)) this.#remove(name);
    const ingested = this.#ingested.get(name);
    if (ingested !== undefined && isSame(ingested.seen, template) && !this.#bereft.has(name)) return;

    const from = clock.now();
    const problem = changedKind(ingested, template, policies) ?? (await policies.addTemplate(template));
    observer.templateIngested(name, problem === undefined ? "active" : "error", (clock.now() - from) / 1000);
    if (problem !== undefined) {
      log.error("unable to ingest template", {
        event_type: "template_ingest_error",
        template_name: name,
        error: problem.message,
      });
      // What is in force is what was there before.
      const inForce = ingested?.isInForce === true ? ingested.object : template;
      this.#ingested.set(name, { seen: template, object: inForce, isInForce: ingested?.isInForce ?? false });
      reports.reportTemplate(template, problem);
      return;
    }
    for (const wake of this.#waiting) wake();
    const kind = policies.constraintKind(template);
    inventory.wish(`template/${name}`, wishesOfTemplate(template, policies.inventoryOf(name)));
    // Until its kind is served there is nothing to watch; what is thrown here brings the template back.
    const crd = policies.constraintCrd(template);
    const seen = this.#crds.store.get(nameOf(crd));
    // That the CRD gets its owner is nothing that somebody has to wait for; where it failed once, the status tells of that.
    const isThere = !this.#compiled.has(name) && isPrepared(seen, crd, template);
    if (isThere) this.#enforce(kind, template, false);
    const made = await ensureCrd({ client, clock }, crd, template, seen).catch(async (error: unknown) => {
      reports.reportTemplate(template, whyNoCrd(error));
      await this.#goOnWithout(name, kind, nameOf(crd));
      throw error;
    });
    this.#bereft.delete(name);
    this.#held.delete(name);
    if (!isThere || made === "created") this.#enforce(kind, template, made === "created");
    this.#ingested.set(name, { seen: template, object: template, isInForce: true });
    const event = ingested === undefined ? "created" : "updated";
    log.info(`template was ${event}`, { event_type: `template_${event}`, template_name: name });
  }

  /** Follows the constraints of a template, and says that it is in force. */
  #enforce(kind: string, template: JsonObject, anew: boolean): void {
    this.#options.constraints.watch(kind, anew);
    this.#options.reports.reportTemplate(template, undefined);
  }

  /**
   * Puts a template into force that no watch has shown; the watch, when it does, finds nothing to do but the rest.
   * Whether there may be such a template.
   */
  async #readUnseen(name: string): Promise<boolean> {
    const { client, policies, log } = this.#options;
    try {
      const found = await client.get(constraintTemplates, { name });
      if (found.ok) await policies.addTemplate(found.value);
      return found.ok || found.status.code !== 404;
    } catch (error) {
      log.warn("a template that no watch has shown could not be read", { template_name: name, error });
      return true;
    }
  }

  /** Whether a template went with the CRD of all templates, which nobody means who does not remove everything. */
  #wentWithAll(template: JsonObject): Promise<boolean> {
    const { plural, group } = constraintTemplates;
    return wentWithItsCrd(this.#options.client, `${plural}.${group}`, template);
  }

  #remove(name: string): void {
    const ingested = this.#ingested.get(name);
    this.#held.delete(name);
    this.#compiled.delete(name);
    if (ingested === undefined) return;
    const { policies, constraints, inventory, reports, observer, log } = this.#options;
    this.#ingested.delete(name);
    this.#bereft.delete(name);
    inventory.wish(`template/${name}`, []);
    observer.templateRemoved(name);
    if (ingested.isInForce) {
      constraints.forget(policies.constraintKind(ingested.object));
      policies.removeTemplate(ingested.object);
    }
    reports.removeTemplate(name);
    log.info("template was deleted", { event_type: "template_deleted", template_name: name });
  }

  /**
   * The CRD cannot be written. That may be because nobody answers for the webhook yet, we ourselves above all, so
   * enforcing must not wait for it: the constraints that there are come into force under the CRD that there is.
   */
  async #goOnWithout(name: string, kind: string, crdName: string): Promise<void> {
    const found = await this.#options.client.get(customResourceDefinitions, { name: crdName });
    if (found.ok) this.#options.constraints.watch(kind, false);
    if (found.ok || found.status.code === 404) this.#compiled.add(name);
  }

  /** Somebody took a CRD away, and with it all of its constraints. It comes back; they do not, so it is said aloud. */
  #missCrd(crd: JsonObject): void {
    const name = (ownString(ownPath(crd, "spec", "names"), "kind") ?? "").toLowerCase();
    const template = this.#informer.store.get(name);
    const ingested = this.#ingested.get(name);
    if (
      template === undefined ||
      ingested?.isInForce !== true ||
      own(template["metadata"], "deletionTimestamp") !== undefined
    )
      return;
    this.#options.log.error("the CRD of a template's constraints was deleted, and its constraints with it", {
      event_type: "constraint_crd_deleted",
      template_name: name,
    });
    this.#bereft.add(name);
    this.#queue.add(name);
  }

  async #dropIfAbandoned(template: JsonObject, crdName: string): Promise<void> {
    const { client, clock, log, provisionalMilliseconds } = this.#options;
    await clock.sleep(provisionalMilliseconds ?? 10_000, this.#stopping.signal);
    if (this.#stopping.signal.aborted) return;
    try {
      const found = await client.get(constraintTemplates, { name: nameOf(template) });
      if (!found.ok && found.status.code === 404) await dropAbandoned(client, crdName, uidOf(template));
    } catch (error) {
      log.warn("looking after an admitted template failed", { template_name: nameOf(template), error });
    }
  }
}

/** A template whose change of its kind nobody refused: its constraints would go out of force, and the CRD stays as it is. */
function changedKind(
  ingested: Ingested | undefined,
  template: JsonObject,
  policies: Policies,
): PolicyProblem | undefined {
  if (ingested?.isInForce !== true) return undefined;
  const [before, now] = [policies.constraintKind(ingested.object), policies.constraintKind(template)];
  if (before === now) return undefined;
  const message = `the kind of a template's constraints cannot be changed from \`${before}\` to \`${now}\`; what was in force stays in force`;
  return { code: 422, message, statusCode: "update_error" };
}

/**
 * Constraints in force. A constraint comes into force while it is being admitted, before its author's command returns,
 * and stays if the watch shows that it was written. Changes and deletions come by the watch alone: until they are
 * certain, the older and maybe stricter rule holds. docs/adr/0004 tells why. A constraint that went with its CRD, while
 * its template stays, was not meant: it is held in force until it is applied anew or the template goes.
 */
import { groupVersionKindOf, nameOf, ownPath, uidOf, type JsonObject } from "@portcullis/objects";
import { Informer, type Change, type Clock, type KubeClient } from "@portcullis/kube";
import type { Gaps } from "../gaps/gaps.ts";
import type { Log } from "../log/log.ts";
import { troubleOf, type Unfollowed } from "../gaps/stale-policies.ts";
import { isSame } from "./is-same.ts";
import type { Policies } from "../policies.ts";
import { constraintsOf } from "../resources.ts";
import { wentWithItsCrd } from "./constraint-crd.ts";
import type { SyncObserver } from "./observer.ts";
import type { Reporting } from "./reporting.ts";

/** What the constraints need. */
export interface ConstraintsOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly policies: Policies;
  readonly reports: Reporting;
  readonly observer: SyncObserver;
  readonly gaps: Gaps;
  /** Told of every constraint that comes into force, and of the end of one. */
  readonly onChange?: () => void;
  /** How long a constraint that was admitted may be in force before it must have been written. */
  readonly provisionalMilliseconds?: number;
}

/** How long a kind must not have been served. */
const unservedMilliseconds = 10_000;

/** The constraints of every kind that has a template. */
export class Constraints {
  readonly #options: ConstraintsOptions;
  readonly #informers = new Map<string, Informer>();
  /** Constraints in force that the watch has not shown yet, by kind and name, with their uid. */
  readonly #provisional = new Map<string, string>();
  /** Constraints in force that went with their CRD, by kind and name. */
  readonly #held = new Map<string, JsonObject>();
  /** Constraints in force that a watch does not know any more, by kind and name, until it is certain what became of them. */
  readonly #ending = new Map<string, JsonObject>();
  readonly #stopping = new AbortController();

  constructor(options: ConstraintsOptions) {
    this.#options = options;
  }

  /** Watches the constraints of a kind from now on; `anew` where its CRD was just made. */
  watch(kind: string, anew: boolean): void {
    const existing = this.#informers.get(kind);
    if (existing !== undefined && !anew) return;
    void existing?.stop();
    const { client, clock, log } = this.#options;
    const informer = new Informer({
      client,
      clock,
      resource: constraintsOf(kind),
      backoff: { firstMilliseconds: 20, mostMilliseconds: 5000 },
      onChange: (change) => {
        this.#take(kind, change);
      },
      onNote: (note) => {
        log.debug("constraint watch", { constraint_kind: kind, ...note });
      },
    });
    this.#informers.set(kind, informer);
    informer.start();
    if (existing === undefined) return;
    const known = existing.store.list();
    for (const constraint of known) this.#ending.set(`${kind}/${nameOf(constraint)}`, constraint);
    void this.#settle(kind, known, informer);
  }

  /** Ends the watch of a kind whose template is gone. */
  forget(kind: string): void {
    const informer = this.#informers.get(kind);
    if (informer === undefined) return;
    this.#informers.delete(kind);
    for (const constraint of informer.store.list()) {
      this.#options.reports.removeConstraint(kind, nameOf(constraint));
      this.#options.observer.constraintRemoved(kind, nameOf(constraint));
    }
    for (const key of this.#ending.keys()) if (key.startsWith(`${kind}/`)) this.#ending.delete(key);
    for (const [key, constraint] of this.#held) {
      if (groupVersionKindOf(constraint).kind !== kind) continue;
      this.#held.delete(key);
      this.#options.observer.constraintRemoved(kind, nameOf(constraint));
    }
    this.#closeGap(kind);
    this.#options.onChange?.();
    void informer.stop();
  }

  /** The constraint as last seen. */
  find(kind: string, name: string): JsonObject | undefined {
    return this.#informers.get(kind)?.store.get(name);
  }

  /**
   * The kinds whose constraints are not in force yet. One that is not served (another CRD may have its names) has none,
   * and must not keep all others from being enforced.
   */
  awaited(): readonly string[] {
    const awaited = [...this.#informers].filter(([, informer]) => !informer.hasSynced && !this.#isUnserved(informer));
    return awaited.map(([kind]) => `the constraints of ${kind}`);
  }

  /** The kinds whose constraints are not followed just now. */
  unfollowed(): readonly Unfollowed[] {
    return [...this.#informers].flatMap(([kind, informer]) =>
      informer.trouble?.code === 404 ? [] : troubleOf(`the constraints of ${kind}`, informer),
    );
  }

  /** A CRD that was just made is not served for a moment. */
  #isUnserved({ trouble }: Informer): boolean {
    return trouble?.code === 404 && this.#options.clock.now() - trouble.since >= unservedMilliseconds;
  }

  /** All constraints in force as last seen, those that are being admitted left out. */
  list(): readonly JsonObject[] {
    return [...this.#informers.values()].flatMap((informer) => informer.store.list()).concat(this.unlisted());
  }

  /** Those in force that the cluster does not have any more, and of which other replicas may know nothing. */
  unlisted(): readonly JsonObject[] {
    return [...this.#held.values(), ...this.#ending.values()];
  }

  /** Puts a constraint that is being created into force, until the watch confirms it or it turns out not to exist. */
  admit(constraint: JsonObject): void {
    const kind = String(constraint["kind"]);
    const name = nameOf(constraint);
    // Something of that name is known: then the watch, which is behind, will settle what holds.
    if (this.find(kind, name) !== undefined) return;
    if (this.#options.policies.addConstraint(constraint) !== undefined) return;
    this.#provisional.set(`${kind}/${name}`, uidOf(constraint));
    void this.#confirm(kind, constraint);
  }

  /** Ends all watches. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([...this.#informers.values()].map((informer) => informer.stop()));
  }

  #take(kind: string, change: Change): void {
    const { policies, reports, observer, log } = this.#options;
    const { object } = change;
    const name = nameOf(object);
    const key = `${kind}/${name}`;
    const fields = { constraint_kind: kind, constraint_name: name };
    if (change.kind === "deleted") {
      // The watch may still be telling of an earlier object of the name, while the new one is in force already.
      const provisional = this.#provisional.get(key);
      if (provisional !== undefined && provisional !== "" && provisional !== uidOf(object)) return;
      this.#provisional.delete(key);
      void this.#end(kind, object);
      return;
    }
    this.#provisional.delete(key);
    if (this.#held.delete(key)) this.#closeGap(kind);
    const isUnchanged = change.kind === "updated" && isSame(change.previous, object);
    // Only its status was written, by us most often.
    if (isUnchanged) return;
    const problem = policies.addConstraint(object);
    if (problem === undefined) log.info("constraint added to OPA", fields);
    else {
      policies.removeConstraint(object);
      log.error("constraint is not enforced", { ...fields, error: problem.message });
    }
    const action = ownPath(object, "spec", "enforcementAction");
    const status = problem === undefined ? "active" : "error";
    observer.constraintSeen(kind, name, typeof action === "string" && action !== "" ? action : "deny", status);
    reports.reportConstraint(object, problem);
    this.#options.onChange?.();
  }

  /** Ends, or holds, what one watch knew and the next does not find: the first was ended before it could tell. */
  async #settle(kind: string, known: readonly JsonObject[], informer: Informer): Promise<void> {
    await informer.synced();
    if (this.#informers.get(kind) !== informer) return;
    for (const constraint of known) {
      const name = nameOf(constraint);
      const key = `${kind}/${name}`;
      const isLost = informer.store.get(name) === undefined && !this.#held.has(key);
      if (isLost) void this.#end(kind, constraint);
      else this.#ending.delete(key);
    }
  }

  /** Ends a constraint that is gone, or holds it. Until that is certain it stays in force. */
  async #end(kind: string, constraint: JsonObject): Promise<void> {
    const { client, clock, policies, reports, observer, gaps, log } = this.#options;
    const name = nameOf(constraint);
    const key = `${kind}/${name}`;
    const { plural, group } = constraintsOf(kind);
    const crd = `${plural}.${group}`;
    const { signal } = this.#stopping;
    let wasMeant: boolean | undefined;
    this.#ending.set(key, constraint);
    while (wasMeant === undefined && !signal.aborted) {
      try {
        wasMeant = !(await wentWithItsCrd(client, crd, constraint));
      } catch (error) {
        log.warn("whether a constraint was deleted or went with its CRD is not known yet; it stays in force", {
          constraint_kind: kind,
          constraint_name: name,
          error,
        });
        await clock.sleep(500 + clock.random() * 1000, signal);
      }
    }
    this.#ending.delete(key);
    const isAnother = this.find(kind, name) !== undefined || this.#provisional.has(key);
    if (signal.aborted || isAnother || !this.#informers.has(kind)) return;
    reports.removeConstraint(kind, name);
    if (wasMeant === false && policies.hasTemplate(kind)) {
      this.#held.set(key, constraint);
      const message = `the CRD ${crd} was deleted, and the constraints of its kind with it: those that were in force stay in force in the replicas that run, until they are applied anew`;
      gaps.open({ kind: "custom-resource-definition", objectKind: "CustomResourceDefinition", name: crd, message });
      return;
    }
    policies.removeConstraint(constraint);
    observer.constraintRemoved(kind, name);
    this.#options.onChange?.();
    log.info("constraint removed from OPA", { constraint_kind: kind, constraint_name: name });
  }

  /** Where nothing of the kind is held any more. */
  #closeGap(kind: string): void {
    const { plural, group } = constraintsOf(kind);
    const isHeld = [...this.#held.keys()].some((key) => key.startsWith(`${kind}/`));
    if (!isHeld) this.#options.gaps.close("custom-resource-definition", `${plural}.${group}`);
  }

  async #confirm(kind: string, constraint: JsonObject): Promise<void> {
    const { client, clock, policies, log, provisionalMilliseconds } = this.#options;
    const name = nameOf(constraint);
    const key = `${kind}/${name}`;
    const uid = uidOf(constraint);
    for (;;) {
      await clock.sleep(provisionalMilliseconds ?? 5000, this.#stopping.signal);
      if (this.#stopping.signal.aborted || this.#provisional.get(key) !== uid) return;
      // Only the server's own word that it is not there ends it; no answer is no reason to let anything through.
      const found = await client.get(constraintsOf(kind), { name }, this.#stopping.signal).catch(() => undefined);
      if (found === undefined || found.ok || found.status.code !== 404) continue;
      if (this.#provisional.get(key) !== uid) return;
      this.#provisional.delete(key);
      policies.removeConstraint(constraint);
      log.warn("an admitted constraint was never written; it is no longer in force", { constraint_name: name });
      return;
    }
  }
}

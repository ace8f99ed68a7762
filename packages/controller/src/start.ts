import { httpsTransport, Informer, KubeClient, type Clock } from "@portcullis/kube";
import { groupVersionKindOf, type JsonObject } from "@portcullis/objects";
import { installedCrds } from "@portcullis/policy";
import type { Certificates, ServingCertificate } from "./certificates/serving-certificate.ts";
import { certificatesOf } from "./certificates/certificates-of.ts";
import { byDeadline } from "./by-deadline.ts";
import type { ControllerConfig, Registration } from "./config.ts";
import { enginePolicies } from "./engine-policies.ts";
import { silentGapObserver } from "./gaps/gap.ts";
import { Gaps } from "./gaps/gaps.ts";
import { watchInstalledCrds } from "./gaps/installed-crds.ts";
import { namespaceLabels } from "./gaps/namespace-labels.ts";
import { StalePolicies, troubleOf, type Unfollowed } from "./gaps/stale-policies.ts";
import { installBasics, installWebhook } from "./install.ts";
import type { Policies } from "./policies.ts";
import { Readiness } from "./readiness/readiness.ts";
import { failureOfSelfRequest } from "./readiness/self-request.ts";
import { Narrowing } from "./registration/narrowing.ts";
import { TrustKeeper } from "./registration/trust-keeper.ts";
import { namespaces } from "./resources.ts";
import { StatusReports } from "./status/reports.ts";
import { StatusHolder } from "./status/status-holder.ts";
import { Configs } from "./sync/configs.ts";
import { Constraints } from "./sync/constraints.ts";
import { Inventory } from "./sync/inventory.ts";
import { silentSyncObserver } from "./sync/observer.ts";
import { SyncSets } from "./sync/sync-sets.ts";
import { Templates } from "./sync/templates.ts";
import { admit, type AdmitOptions } from "./webhook/admit.ts";
import { admitLabel } from "./webhook/admit-label.ts";
import { webhookConfiguration } from "./webhook/configuration.ts";
import { silentAdmissionObserver } from "./webhook/observer.ts";
import { WebhookServer } from "./webhook/server.ts";

/** How long after everything is loaded statuses are written, if the server does not enforce before. */
const statusDelayMilliseconds = 5000;

/** What the API server's audit log shows of who asks. */
export const userAgent = "gatekeeper/portcullis";

/** A server that enforces, or is about to. */
export interface Controller {
  /** The port of the webhook, 0 before it listens. */
  readonly port: number;
  /** Resolves when it enforces; rejects where it cannot. */
  readonly ready: Promise<void>;
  /** What is still awaited before it enforces; nothing once it does. It can be asked at any time. */
  awaited(): readonly string[];
  /** Why the API server could not call it under the name and with the authorities in the webhook configuration. */
  checkTls(): Promise<string | undefined>;
  /**
   * Stops enforcing: says at once that it is not ready, serves on for the delay, while callers are being led elsewhere,
   * then takes no more calls, finishes those it has and ends its watches.
   */
  stop(delayMilliseconds?: number): Promise<void>;
}

/**
 * Starts the server and resolves when it enforces: every template and constraint that was there is in force, and the
 * API server has been told to ask. Until then it is not registered, and refuses whoever asks nevertheless.
 */
export async function startController(config: ControllerConfig): Promise<Controller> {
  const controller = openController(config);
  await controller.ready;
  return controller;
}

/** Starts the server. If it cannot start it stops itself, and `ready` says why. */
export function openController(config: ControllerConfig): Controller {
  const server = new EnforcingServer(config);
  const ready = server.start().catch(async (error: unknown) => {
    await server.stop(0);
    throw error;
  });
  // Whoever does not wait for it asks `awaited`.
  ready.catch(() => undefined);
  return {
    ready,
    get port() {
      return server.port;
    },
    awaited: () => server.awaited(),
    checkTls: () => server.checkTls(),
    stop: (delayMilliseconds = 0) => server.stop(delayMilliseconds),
  };
}

/** Everything that makes up one server, put together: the composition root. */
class EnforcingServer {
  readonly #config: ControllerConfig;
  readonly #client: KubeClient;
  readonly #policies: Policies;
  readonly #reports: StatusReports;
  readonly #inventory: Inventory;
  readonly #constraints: Constraints;
  readonly #templates: Templates;
  readonly #configs: Configs;
  readonly #syncSets: SyncSets;
  readonly #namespaces: Informer;
  readonly #gaps: Gaps;
  readonly #installedCrds: Informer;
  readonly #stalePolicies: StalePolicies;
  readonly #certificates: Certificates;
  readonly #keeper: TrustKeeper | undefined;
  readonly #narrowing: Narrowing | undefined;
  /** Undefined where nothing is written once for all, and nobody holds the Lease. */
  readonly #holder: StatusHolder | undefined;
  readonly #readiness: Readiness;
  #tellsStatus = false;
  /** What runs, by the order of its start; the last is stopped first. */
  readonly #stops: (() => Promise<void>)[] = [];
  #webhook: WebhookServer | undefined;
  /** The webhook configuration that we wrote; where others write it, the keeper has it. */
  #written: JsonObject | undefined;
  #stopped: Promise<void> | undefined;
  /** Of the webhook; 0 before it listens. */
  port = 0;

  constructor(config: ControllerConfig) {
    this.#config = config;
    const { clock, log, reporter, exemptNamespaces: exempt } = config;
    const { namespace } = reporter;
    const gaps = new Gaps({
      log: log.named("webhook"),
      observer: config.observers?.gaps ?? silentGapObserver,
      mayTell: () => this.#holder?.isHolder ?? true,
    });
    this.#gaps = gaps;
    const client = new KubeClient(httpsTransport(config.cluster, userAgent));
    this.#client = client;
    this.#policies = enginePolicies(config);
    this.#reports = new StatusReports({ client, clock, log: log.named("status"), reporter });
    const { provisionalMilliseconds } = config;
    const shared = {
      client,
      clock,
      log: log.named("controller"),
      observer: config.observers?.sync ?? silentSyncObserver,
      policies: this.#policies,
      reports: this.#reports,
      gaps,
      ...(provisionalMilliseconds === undefined ? {} : { provisionalMilliseconds }),
    };
    this.#inventory = new Inventory({ ...shared, data: this.#policies });
    this.#constraints = new Constraints({ ...shared, onChange: () => this.#narrowing?.changed() });
    this.#templates = new Templates({ ...shared, constraints: this.#constraints, inventory: this.#inventory });
    this.#configs = new Configs({ ...shared, namespace, inventory: this.#inventory });
    this.#syncSets = new SyncSets({ ...shared, inventory: this.#inventory });
    const onChange = namespaceLabels({ gaps, exempt, namespace });
    this.#namespaces = new Informer({ client, clock, resource: namespaces, onChange });
    this.#installedCrds = watchInstalledCrds({ client, clock, log: log.named("controller"), gaps });
    this.#stalePolicies = new StalePolicies({ clock, gaps, unfollowed: () => this.#unfollowed() });
    this.#certificates = certificatesOf(config, client, (certificate) => {
      this.#serveWith(certificate);
    });
    this.#keeper = keeperOf(config, client, gaps, (configuration) => this.#narrowing?.configurationSeen(configuration));
    this.#narrowing = this.#narrowingOf(config);
    this.#holder = this.#holderOf(config);
    this.#readiness = new Readiness([
      () => this.#templates.awaited(),
      () => this.#constraints.awaited(),
      () => (this.#configs.hasSynced ? [] : ["the Config"]),
      () => (this.#syncSets.hasSynced ? [] : ["the SyncSets"]),
      () => this.#inventory.awaited(),
      () => (this.#namespaces.hasSynced ? [] : ["the Namespaces"]),
      () => (this.#certificates.current === undefined ? ["the server's certificate"] : []),
    ]);
  }

  /** Resolves when it enforces, or when it was told to stop before. */
  async start(): Promise<void> {
    const { clock, log, reporter, installs } = this.#config;
    const isStopped = (): boolean => this.#stopped !== undefined;
    this.#stops.push(() => {
      this.#client.close();
      return Promise.resolve();
    });
    if (installs !== false) await installBasics(this.#client, clock, reporter.namespace, installedCrds);
    // Whatever began from here on, nobody would end.
    if (isStopped()) return;
    this.#run(this.#certificates, this.#reports, this.#constraints, this.#inventory);
    this.#run(this.#templates, this.#configs, this.#syncSets, this.#namespaces, this.#installedCrds, this.#keeper);
    this.#run(this.#stalePolicies);
    await this.#certificates.ready();
    await this.#listen();
    await this.#readiness.loaded(clock, isStopped);
    // What is wished for is known by now; what of it is there is awaited too.
    await this.#inventory.synced();
    await this.#readiness.loaded(clock, isStopped);
    if (isStopped()) return;
    this.#readiness.load();
    // A server that nobody can call tells its state as well, only later.
    void clock.sleep(statusDelayMilliseconds).then(() => {
      this.#tellStatus();
    });
    await this.#register();
    // From here on the API server must ask about everything that counts.
    await this.#widen(isStopped);
    if (isStopped()) return;
    this.#run(this.#narrowing);
    await this.#callItself(clock);
    this.#readiness.enforce();
    this.#tellStatus();
    if (!isStopped()) log.info("enforcing", { port: this.port });
  }

  /** An API server that is not well is no reason not to start: in a cluster that starts, neither is. */
  async #widen(isStopped: () => boolean): Promise<void> {
    const { clock, log } = this.#config;
    while (!isStopped()) {
      try {
        return await this.#narrowing?.cover();
      } catch (error) {
        log
          .named("webhook")
          .warn("the webhook's condition could not be looked after yet; it is tried again", { error });
        await clock.sleep(1000);
      }
    }
  }

  #unfollowed(): readonly Unfollowed[] {
    return [
      ...[this.#templates, this.#constraints, this.#configs, this.#syncSets, this.#inventory].flatMap((each) =>
        each.unfollowed(),
      ),
      ...troubleOf("the Namespaces", this.#namespaces),
      ...(this.#keeper?.unfollowed() ?? []),
      ...(this.#certificates.unfollowed?.() ?? []),
    ];
  }

  awaited(): readonly string[] {
    return this.#readiness.awaited();
  }

  async checkTls(): Promise<string | undefined> {
    const { host } = this.#config.webhook;
    const configuration = this.#keeper === undefined ? this.#written : this.#keeper.configuration;
    if (this.port === 0) return "the server does not listen yet";
    // Nobody asks us then; whether anybody should is not for this server to say.
    if (configuration === undefined) return undefined;
    return failureOfSelfRequest({ host, port: this.port, configuration });
  }

  stop(delayMilliseconds: number): Promise<void> {
    this.#stopped ??= this.#end(delayMilliseconds);
    return this.#stopped;
  }

  async #end(delayMilliseconds: number): Promise<void> {
    this.#readiness.drain();
    this.#webhook?.drain();
    if (delayMilliseconds > 0) await this.#config.clock.sleep(delayMilliseconds);
    await this.#webhook?.close();
    for (const each of this.#stops.splice(0).toReversed()) await each();
  }

  #run(...parts: readonly ({ start?(): void; stop(): Promise<void> } | undefined)[]): void {
    for (const part of parts) {
      if (part === undefined) continue;
      this.#stops.push(() => part.stop());
      part.start?.();
    }
  }

  /** Begins to write statuses, this replica's and, if that falls to it, everybody's. */
  #tellStatus(): void {
    if (this.#tellsStatus || this.#stopped !== undefined) return;
    this.#tellsStatus = true;
    this.#reports.open();
    this.#run(this.#holder);
  }

  #holderOf({ clock, log, reporter }: ControllerConfig): StatusHolder | undefined {
    const { namespace, pod, operations } = reporter;
    if (!operations.includes("status")) return undefined;
    return new StatusHolder({
      client: this.#client,
      clock,
      log: log.named("status"),
      namespace,
      identity: pod,
      findTemplate: (name) => this.#templates.find(name),
      findConstraint: (kind, name) => this.#constraints.find(kind, name),
      findConfig: (name) => this.#configs.find(name),
      onHeld: () => {
        this.#gaps.tellAll();
      },
    });
  }

  #narrowingOf({ webhook, clock, log }: ControllerConfig): Narrowing | undefined {
    const { registration } = webhook;
    if (registration?.kind !== "adopt") return undefined;
    const [configuration = ""] = registration.validating;
    const { narrow, quietMilliseconds, holdMilliseconds } = registration;
    return new Narrowing({
      client: this.#client,
      clock,
      log: log.named("webhook"),
      gaps: this.#gaps,
      configuration,
      isOn: narrow === true,
      seen: () => this.#keeper?.configuration,
      constraints: () => this.#constraints.list(),
      unlisted: () => this.#constraints.unlisted(),
      mayNarrow: () => this.#holder?.isHolder === true,
      ...(quietMilliseconds === undefined ? {} : { quietMilliseconds }),
      ...(holdMilliseconds === undefined ? {} : { holdMilliseconds }),
    });
  }

  #serveWith(certificate: ServingCertificate): void {
    this.#webhook?.renew(certificate.certificate, certificate.privateKey);
    if (certificate.trust !== undefined) this.#keeper?.trust(certificate.trust);
  }

  async #listen(): Promise<void> {
    const { webhook, log, clock, exemptNamespaces, observers } = this.#config;
    const certificate = this.#certificates.current;
    // It is told to stop; maybe before there was a certificate.
    if (certificate === undefined || this.#stopped !== undefined) return;
    const options = this.#admitOptions();
    const server = new WebhookServer({
      ...webhook,
      certificate: certificate.certificate,
      privateKey: certificate.privateKey,
      clock,
      log: log.named("webhook"),
      ...(observers?.server === undefined ? {} : { observer: observers.server }),
      timeoutMilliseconds: webhook.timeoutSeconds * 1000,
      handlers: new Map([
        ["/v1/admit", (request, deadline) => admit(request, deadline, options)],
        ["/v1/admitlabel", (request) => admitLabel(request, exemptNamespaces)],
      ]),
    });
    // A certificate that is renewed while it begins to listen must reach it, and so must the end.
    this.#webhook = server;
    this.port = await server.listen();
  }

  #admitOptions(): AdmitOptions {
    const { observers } = this.#config;
    const client = this.#client;
    const policies = this.#policies;
    return {
      ownUsers: ownUsersOf(this.#config),
      observer: observers?.admission ?? silentAdmissionObserver,
      seconds: () => performance.now() / 1000,
      isReady: () => this.#readiness.isLoaded,
      isExcluded: (namespace) => this.#configs.exclusion.excludes("webhook", namespace),
      checkOwnResource: (request) => policies.checkOwnResource(request),
      warningsOf: (object) => policies.warningsOf(object),
      waitForTemplate: async (kind, deadline) => {
        await this.#templates.waitFor(kind, deadline);
        // A policy that reads the inventory must not count before what it reads is there. What cannot be read must not
        // take all of the time: the policies are still to be asked about the constraint itself.
        const { clock } = this.#config;
        const now = clock.now();
        await byDeadline(this.#inventory.synced(), now + (deadline - now) / 2, clock);
      },
      knownNamespace: (name) => this.#namespaces.store.get(name),
      findNamespace: async (name, deadline) => {
        const late = AbortSignal.timeout(Math.max(deadline - this.#config.clock.now(), 0));
        const found = await client.get(namespaces, { name }, late);
        if (found.ok) return found.value;
        if (found.status.code === 404) return undefined;
        throw new Error(found.status.message);
      },
      widen: async (constraint, old) => {
        await this.#narrowing?.admit(constraint, old);
      },
      review: (request, inNamespace, deadline) => policies.review(request, inNamespace, deadline),
      takeEffect: async (object, deadline) => {
        const { group, kind } = groupVersionKindOf(object);
        if (group === "constraints.gatekeeper.sh") this.#constraints.admit(object);
        if (group === "templates.gatekeeper.sh" && kind === "ConstraintTemplate") {
          await this.#templates.admit(object, deadline);
        }
      },
    };
  }

  /** Tells the API server to ask, where that is ours to tell. */
  async #register(): Promise<void> {
    const { webhook, reporter } = this.#config;
    const trust = this.#certificates.current?.trust;
    if (this.#keeper !== undefined) await this.#keeper.synced();
    if (registrationOf(this.#config).kind !== "install" || trust === undefined || this.#stopped !== undefined) return;
    const { host, failurePolicy, timeoutSeconds } = webhook;
    const reach = { kind: "url", origin: `https://${host}:${this.port}` } as const;
    const { namespace } = reporter;
    this.#written = webhookConfiguration({ reach, namespace, trust, failurePolicy, timeoutSeconds });
    await installWebhook(this.#client, this.#written);
  }

  /** Resolves when the API server could call. */
  async #callItself(clock: Clock): Promise<void> {
    for (let wait = 20; this.#stopped === undefined; wait = Math.min(wait * 2, 1000)) {
      const failure = await this.checkTls();
      this.#readiness.called(failure);
      if (failure === undefined) return;
      await clock.sleep(wait);
    }
  }
}

/** Our account, and that of a Gatekeeper which may run beside us, whose writes to the kinds of constraints are like ours. */
function ownUsersOf({ reporter, serviceAccount }: ControllerConfig): ReadonlySet<string> {
  const gatekeepers = "gatekeeper-admin";
  return new Set(
    [gatekeepers, serviceAccount ?? gatekeepers].map((name) => `system:serviceaccount:${reporter.namespace}:${name}`),
  );
}

function registrationOf({ webhook }: ControllerConfig): Registration {
  return webhook.registration ?? { kind: "install" };
}

function keeperOf(
  config: ControllerConfig,
  client: KubeClient,
  gaps: Gaps,
  onConfiguration: (configuration: JsonObject) => void,
): TrustKeeper | undefined {
  const registration = registrationOf(config);
  if (registration.kind === "install") return undefined;
  const { validating, mutating } = registration;
  const { clock, log } = config;
  return new TrustKeeper({ client, clock, log: log.named("webhook"), validating, mutating, gaps, onConfiguration });
}

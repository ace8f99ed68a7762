/** The server product as a process: flags, log, health and metrics around a controller, until it is told to stop. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { uidOf } from "@portcullis/objects";
import {
  backoffDelay,
  httpsTransport,
  KubeClient,
  loadConfig,
  systemClock,
  type ClusterConfig,
  type ConfigReading,
} from "@portcullis/kube";
import type { ControllerConfig } from "./config.ts";
import { admissionEvents } from "./events/admission-events.ts";
import { EventRecorder } from "./events/event-recorder.ts";
import { readManagerOptions, type ManagerOptions } from "./flags/manager-options.ts";
import { gapEvents } from "./gaps/gap-events.ts";
import { serveHealthBeside } from "./health/health-beside.ts";
import type { HealthCheck } from "./health/health-server.ts";
import { denialLog } from "./log/denial-log.ts";
import type { Log } from "./log/log.ts";
import { managerLog } from "./log/manager-log.ts";
import { serveMetrics } from "./metrics/metrics-server.ts";
import { makeMetrics, type Metrics } from "./metrics/metrics.ts";
import { pods } from "./resources.ts";
import { openController, userAgent, type Controller } from "./start.ts";
import { observeAll } from "./webhook/observer.ts";

/** What the server may use of the process that it runs in. */
export interface ManagerProcess {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where it says why it does not start. */
  error(text: string): void;
  /** Fires when it is told to stop. */
  readonly asked: AbortSignal;
  /** Fires when it is told a second time, and is to end at once. */
  readonly insisted: AbortSignal;
}

/** What the server is made of, from its flags to the parts that run beside it. */
interface Parts {
  readonly options: ManagerOptions;
  readonly cluster: ClusterConfig;
  readonly client: KubeClient;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly recorder: EventRecorder;
  /** Fires when the server is told to stop. */
  readonly asked: AbortSignal;
}

/**
 * Runs the server; resolves to the exit status: 0 when it was told to stop, 1 when it failed or had to end at once, 2 for
 * a command line that cannot be read.
 */
export async function runManager(argv: readonly string[], own: ManagerProcess): Promise<number> {
  const read = readManagerOptions(argv, own.environment);
  if (!read.ok) {
    own.error(`${read.message}\n`);
    return read.status;
  }
  const { options, warnings } = read;
  const loaded = await loadCluster(options, own);
  if (!loaded.ok) {
    own.error(`${loaded.message}\n`);
    return 1;
  }
  const log = managerLog(options.log);
  const setup = log.named("setup");
  for (const warning of warnings) setup.warn(warning);
  const stops: (() => Promise<void>)[] = [];
  // While it waits for the API server there may be nothing else that keeps the process alive.
  const alive = setInterval(() => {}, 2 ** 30);
  try {
    return await Promise.race([serve(options, loaded.value, log, own, stops), whenInsisted(own, setup)]);
  } catch (error) {
    setup.error("problem running manager", { error });
    return 1;
  } finally {
    clearInterval(alive);
    // A second signal ends everything as it stands.
    if (!own.insisted.aborted) for (const stop of stops.toReversed()) await stop();
  }
}

async function loadCluster({ kubeconfig }: ManagerOptions, own: ManagerProcess): Promise<ConfigReading> {
  try {
    return await loadConfig(kubeconfig === undefined ? {} : { kubeconfig }, own.environment);
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

async function serve(
  options: ManagerOptions,
  cluster: ClusterConfig,
  log: Log,
  own: ManagerProcess,
  stops: (() => Promise<void>)[],
): Promise<number> {
  const setup = log.named("setup");
  const client = new KubeClient(httpsTransport(cluster, userAgent));
  stops.push(() => {
    client.close();
    return Promise.resolve();
  });
  const metrics = makeMetrics({ now: () => systemClock.now(), runtime: true });
  const metricsServer = await serveMetrics(metrics, { host: "", port: options.prometheusPort });
  stops.push(() => metricsServer.close());
  const recorder = new EventRecorder({ client, clock: systemClock, log, component: "gatekeeper-webhook" });
  stops.push(() => recorder.stop());

  let controller: Controller | undefined;
  if (options.healthAddress !== undefined) {
    const checks = healthChecks(() => controller, options);
    const healthServer = await serveHealthBeside({ ...checks, log: setup, clock: systemClock }, options.healthAddress);
    stops.push(() => healthServer.close());
  }
  controller = openController(await configOf({ options, cluster, client, log, metrics, recorder, asked: own.asked }));
  const opened = controller;
  let isStopped = false;
  const stop = async (delayMilliseconds: number): Promise<void> => {
    if (isStopped) return;
    isStopped = true;
    await opened.stop(delayMilliseconds);
  };
  stops.push(() => stop(0));
  setup.info("starting manager", { operations: [...options.operations] });
  const asked = whenFired(own.asked);
  await Promise.race([opened.ready, asked]);
  await asked;
  setup.info(`Shutting Down, waiting for ${options.shutdownDelaySeconds}s`);
  await stop(options.shutdownDelaySeconds * 1000);
  setup.info("Shutdown grace period finished");
  return 0;
}

/** What must be well beside the process itself: what it serves under, and every policy that was there at the start. */
function healthChecks(
  controller: () => Controller | undefined,
  options: ManagerOptions,
): { readonly live: readonly HealthCheck[]; readonly ready: readonly HealthCheck[] } {
  const tracker: HealthCheck = {
    name: "tracker",
    failing() {
      const awaited = controller()?.awaited() ?? ["the connection to the cluster"];
      return Promise.resolve(awaited.length === 0 ? [] : ["expectations not satisfied", ...awaited]);
    },
  };
  const tls: HealthCheck = {
    name: "tls-check",
    async failing() {
      const failure = await (controller()?.checkTls() ?? "nothing is served yet");
      return failure === undefined ? [] : [failure];
    },
  };
  if (!options.operations.has("webhook")) return { live: [], ready: [tracker] };
  return { live: options.certificates.inHealthCheck ? [tls] : [], ready: [tracker, tls] };
}

/** What the flags ask for, as the server is told it. */
async function configOf({ options, cluster, client, log, metrics, recorder, asked }: Parts): Promise<ControllerConfig> {
  const { certificates, namespace } = options;
  const { client: caller } = certificates;
  const observers = [metrics.admission];
  if (options.logDenies) observers.push(denialLog(log.named("webhook")));
  if (options.emitEvents) {
    observers.push(admissionEvents({ recorder, namespace, inInvolvedNamespace: options.eventsInInvolvedNamespace }));
  }
  const owner = options.isFakePod ? undefined : await findPod(client, options, log, asked);
  return {
    cluster,
    log,
    clock: systemClock,
    reporter: {
      pod: options.pod,
      namespace,
      // Only what is done is reported; whoever waits for audit's status must not be told that there is one.
      operations: ["status", "webhook"].filter((name) => [...options.operations].some((each) => each === name)),
      ...(owner === undefined ? {} : { owner }),
    },
    denialForm: options.denialForm,
    serviceAccount: options.serviceAccount,
    exemptNamespaces: options.exemptNamespaces,
    observers: {
      admission: observeAll(observers),
      server: metrics.server,
      sync: metrics.sync,
      gaps: { ...metrics.gaps, tell: gapEvents(recorder, namespace) },
    },
    installs: false,
    certificates: certificates.isRotated
      ? { kind: "secret", secret: certificates.secretName, service: certificates.serviceName }
      : { kind: "files", directory: certificates.folder },
    disabledBuiltins: options.disabledBuiltins,
    referentialRules: options.referentialRules,
    anyEnforcementAction: options.anyEnforcementAction,
    webhook: {
      host: options.host,
      port: options.port,
      failurePolicy: "Ignore",
      timeoutSeconds: 3,
      registration: {
        kind: "adopt",
        validating: options.webhookConfigurations.validating,
        mutating: options.webhookConfigurations.mutating,
        narrow: options.narrowRules,
      },
      minTlsVersion: certificates.minimumVersion,
      ...(caller === undefined
        ? {}
        : {
            callers: {
              authority: await readFile(join(certificates.folder, caller.authorityFile), "utf8"),
              commonName: caller.commonName,
            },
          }),
    },
  };
}

/**
 * The Pod that this is, which owns what it reports, so that its reports go with it. An API server that is not there, or
 * not well, is waited for: a container that ends and is started again and again waits longer and longer.
 */
async function findPod(
  client: KubeClient,
  { pod, namespace }: ManagerOptions,
  log: Log,
  asked: AbortSignal,
): Promise<{ readonly name: string; readonly uid: string } | undefined> {
  const setup = log.named("setup");
  for (let failures = 1; !asked.aborted; failures += 1) {
    let error: unknown;
    try {
      const found = await client.get(pods, { name: pod, namespace }, asked);
      if (found.ok) return { name: pod, uid: uidOf(found.value) };
      if (found.status.code < 429) {
        const why = { pod, namespace, error: found.status.message };
        setup.warn("the Pod that this should be was not found; its reports stay behind when it goes", why);
        return undefined;
      }
      error = found.status.message;
    } catch (thrown) {
      error = thrown;
    }
    if (asked.aborted) return undefined;
    setup.warn("the API server does not say which Pod this is; it is asked again", { pod, namespace, error });
    const wait = backoffDelay({ firstMilliseconds: 200, mostMilliseconds: 5000 }, failures, systemClock.random());
    await systemClock.sleep(wait, asked);
  }
  return undefined;
}

function whenFired(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

async function whenInsisted(own: ManagerProcess, log: Log): Promise<number> {
  await whenFired(own.insisted);
  log.info("Second signal received, killing now");
  return 1;
}

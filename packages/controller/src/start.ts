import { createAuthority, issueCertificate } from "@portcullis/certs";
import { httpsTransport, Informer, KubeClient } from "@portcullis/kube";
import { groupVersionKindOf, type JsonObject } from "@portcullis/objects";
import { installedCrds } from "@portcullis/policy";
import type { ControllerConfig } from "./config.ts";
import { installBasics, installWebhook } from "./install.ts";
import { enginePolicies } from "./engine-policies.ts";
import { namespaces } from "./resources.ts";
import { Aggregation } from "./status/aggregate.ts";
import { StatusReports } from "./status/reports.ts";
import { Constraints } from "./sync/constraints.ts";
import { Templates } from "./sync/templates.ts";
import { admit, type AdmitOptions } from "./webhook/admit.ts";
import { admitLabel } from "./webhook/admit-label.ts";
import { webhookConfiguration } from "./webhook/configuration.ts";
import { WebhookServer } from "./webhook/server.ts";

/** A server that enforces. */
export interface Controller {
  /** The port of the webhook. */
  readonly port: number;
  /** Stops enforcing: takes no more calls, finishes those it has and ends its watches. */
  stop(): Promise<void>;
}

const hour = 3_600_000;
/** Of the API server's timeout, what we use at most for waiting; the rest is for the way. */
const waitingShare = 0.7;

/**
 * Starts the server and resolves when it enforces: every template and constraint that was there is in force, and the
 * API server has been told to ask. Until then it is not registered, and refuses whoever asks nevertheless.
 */
export async function startController(config: ControllerConfig): Promise<Controller> {
  const client = new KubeClient(httpsTransport(config.cluster, "gatekeeper/portcullis"));
  const stops: (() => Promise<void>)[] = [
    () => {
      client.close();
      return Promise.resolve();
    },
  ];
  // Last started, first stopped.
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).toReversed()) await each();
  };
  try {
    const port = await serve(config, client, stops);
    config.log.info("enforcing", { port });
    return { port, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts everything, leaving behind how to stop it; the webhook's port. */
async function serve(config: ControllerConfig, client: KubeClient, stops: (() => Promise<void>)[]): Promise<number> {
  const { clock, log } = config;
  const { namespace } = config.reporter;
  const certificates = makeCertificates(clock.now(), config.webhook.host);
  await installBasics(client, clock, namespace, installedCrds);

  const policies = enginePolicies({ denialForm: config.denialForm, clock });
  const reports = new StatusReports({ client, clock, log: log.named("status"), reporter: config.reporter });
  const { provisionalMilliseconds } = config;
  const shared = {
    client,
    clock,
    log: log.named("controller"),
    policies,
    reports,
    ...(provisionalMilliseconds === undefined ? {} : { provisionalMilliseconds }),
  };
  const constraints = new Constraints(shared);
  const templates = new Templates({ ...shared, constraints });
  const aggregation = new Aggregation({
    client,
    clock,
    log: log.named("status"),
    namespace,
    findTemplate: (name) => templates.find(name),
    findConstraint: (kind, name) => constraints.find(kind, name),
  });
  const namespaceInformer = new Informer({ client, clock, resource: namespaces, onChange: () => {} });

  let isReady = false;
  const deadline = (): number => clock.now() + config.webhook.timeoutSeconds * 1000 * waitingShare;
  const options: AdmitOptions = {
    namespace,
    isReady: () => isReady,
    checkOwnResource: (request) => policies.checkOwnResource(request),
    async waitForTemplate(kind) {
      await templates.waitFor(kind, deadline());
    },
    async findNamespace(name) {
      const known = namespaceInformer.store.get(name);
      if (known !== undefined) return known;
      const found = await client.get(namespaces, { name });
      if (found.ok) return found.value;
      if (found.status.code === 404) return undefined;
      throw new Error(found.status.message);
    },
    review: (request, inNamespace) => policies.review(request, inNamespace),
    async takeEffect(object: JsonObject) {
      const { group, kind } = groupVersionKindOf(object);
      if (group === "constraints.gatekeeper.sh") constraints.admit(object);
      if (group === "templates.gatekeeper.sh" && kind === "ConstraintTemplate") {
        await templates.admit(object, deadline());
      }
    },
  };
  const { trust, certificate, privateKey } = await certificates;
  const server = new WebhookServer({
    host: config.webhook.host,
    port: config.webhook.port,
    certificate,
    privateKey,
    log: log.named("webhook"),
    handlers: new Map([
      ["/v1/admit", (request) => admit(request, options)],
      ["/v1/admitlabel", (request) => Promise.resolve(admitLabel(request, config.exemptNamespaces))],
    ]),
  });
  stops.push(
    () => reports.stop(),
    () => aggregation.stop(),
    () => constraints.stop(),
    () => templates.stop(),
    () => namespaceInformer.stop(),
    () => server.close(),
  );
  const port = await server.listen();
  namespaceInformer.start();
  templates.start();
  aggregation.start();
  await Promise.all([namespaceInformer.synced(), templates.synced()]);
  await constraints.synced();
  isReady = true;
  const registration = {
    reach: { kind: "url", origin: `https://${config.webhook.host}:${port}` },
    namespace,
    trust,
    failurePolicy: config.webhook.failurePolicy,
    timeoutSeconds: config.webhook.timeoutSeconds,
  } as const;
  await installWebhook(client, webhookConfiguration(registration));
  return port;
}

/** The authority of Gatekeeper's name, and the server's certificate from it. */
async function makeCertificates(
  now: number,
  host: string,
): Promise<{ readonly trust: string; readonly certificate: string; readonly privateKey: string }> {
  const notBefore = new Date(now - hour);
  const authority = await createAuthority({
    commonName: "gatekeeper-ca",
    organization: "gatekeeper",
    notBefore,
    notAfter: new Date(now + 10 * 365 * 24 * hour),
  });
  const leaf = await issueCertificate(authority, {
    commonName: host,
    names: [host],
    notBefore,
    notAfter: new Date(now + 365 * 24 * hour),
  });
  return { trust: authority.certificate, ...leaf };
}

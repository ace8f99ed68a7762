import { randomBytes, randomUUID } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { createAuthority, issueCertificate } from "@portcullis/certs";
import { WebhookCaller } from "./admission/call.ts";
import { configurationChecks } from "./admission/configuration-checks.ts";
import { serviceResolver } from "./admission/service-resolver.ts";
import { WebhookAdmission } from "./admission/webhook-admission.ts";
import { FieldManager } from "./apply/field-manager.ts";
import { startControllers } from "./controllers/start.ts";
import { definitionHooks } from "./crd/definition-hooks.ts";
import { serveDefinitions } from "./crd/serve-definitions.ts";
import { FaultBox, type Faults } from "./faults/fault-box.ts";
import { builtInKinds } from "./kinds/built-in.ts";
import { builtInSchemas } from "./kinds/built-in-schemas.ts";
import type { Kind, User } from "./kinds/kind.ts";
import { publishedDescriptions } from "./kinds/published-descriptions.ts";
import { kubeconfigText } from "./kubeconfig.ts";
import { DefinitionFinalizer } from "./lifecycle/definition-finalizer.ts";
import { GarbageCollector } from "./lifecycle/garbage-collector.ts";
import { NamespaceEmptier } from "./lifecycle/namespace-emptier.ts";
import { startNode } from "./node/start.ts";
import { loopbackUser } from "./server/admission.ts";
import type { Api } from "./server/api.ts";
import { ApiServer } from "./server/api-server.ts";
import { InProcessApi } from "./server/in-process-api.ts";
import { KindTable } from "./server/kind-table.ts";
import type { Registry } from "./server/registry.ts";
import { MemoryStore } from "./storage/memory-store.ts";

/** How a sandbox is to be. */
export interface SandboxOptions {
  /** 0, which is the default, takes any free port. */
  readonly port?: number;
  /** Where to write a kubeconfig that only its owner reads; taken away again on close. */
  readonly kubeconfig?: string;
  /** The registries that images can be pulled from; `*`, which is the default, is every one. */
  readonly reachableRegistries?: readonly string[];
  /** Services that webhook configurations may name, as `namespace/name`, and the loopback ports that answer for them. */
  readonly services?: Readonly<Record<string, number>>;
  /** False for a bare API: no controllers and no node. */
  readonly controllers?: boolean;
  readonly now?: () => Date;
  /** How many changes each resource remembers for watches. */
  readonly history?: number;
  /** Told of faults of the sandbox's own; by default they go to standard error. */
  readonly report?: (error: unknown) => void;
  /** Told, as an API server's log would be, of requests that no webhook reviewed though one should have; as above. */
  readonly failedOpen?: (text: string) => void;
}

/** A sandbox that runs. */
export interface Sandbox {
  readonly url: string;
  readonly port: number;
  /** The certificate of the sandbox's CA, PEM. */
  readonly ca: string;
  readonly token: string;
  /** The kubeconfig as text, and where it was written. */
  readonly kubeconfig: string;
  readonly kubeconfigFile: string | undefined;
  /** The API in this process, as an administrator. */
  readonly api: Api;
  readonly faults: Faults;
  /** Says at which loopback port a service answers that webhook configurations name. */
  mapService(namespace: string, name: string, port: number): void;
  /** A token that stands for another user. */
  tokenFor(user: User): string;
  close(): Promise<void>;
}

const systemNamespaces = ["default", "kube-system", "kube-public", "kube-node-lease"];

/** Starts a sandbox. Nothing is shared between two: a process may hold as many as it likes. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const now = options.now ?? ((): Date => new Date());
  const report = options.report ?? ((error: unknown): void => console.error(error));
  const failedOpen = options.failedOpen ?? ((text: string): void => console.error(text));
  const services = new Map(Object.entries(options.services ?? {}));
  const store = new MemoryStore(options.history === undefined ? {} : { history: options.history });
  const kinds: KindTable = new KindTable([]);
  for (const kind of builtInKinds(definitionHooks(kinds))) kinds.put(withChecks(kind));
  const stopDefinitions = serveDefinitions(store, kinds);
  const caller = new WebhookCaller(serviceResolver(store, services));
  const schemas = builtInSchemas(publishedDescriptions());
  const registry: Registry = {
    store,
    kinds,
    schemas,
    admission: new WebhookAdmission(store, caller, failedOpen),
    fields: new FieldManager(schemas),
  };
  const admin: User = { name: "kubernetes-admin", groups: ["system:masters", "system:authenticated"] };
  const token = randomBytes(24).toString("base64url");
  const users = new Map([[token, admin]]);
  const identity = await makeIdentity(now());
  const faults = new FaultBox(store);
  const server = new ApiServer({ registry, ...identity, users, now, report, hook: faults, isReady: () => true });
  faults.attach(server);
  const as = (name: string): Api => new InProcessApi(registry, { name, groups: ["system:authenticated"] }, now);
  const system = new InProcessApi(registry, loopbackUser, now);
  await createNamespaces(system);
  const port = await server.listen(options.port ?? 0);
  const url = `https://127.0.0.1:${port}`;
  const controller = (name: string): Api => as(`system:serviceaccount:kube-system:${name}`);
  const lifecycle = [
    new GarbageCollector(store, controller("generic-garbage-collector"), report),
    new NamespaceEmptier(store, kinds, controller("namespace-controller"), report),
    new DefinitionFinalizer(store, as("system:apiserver"), report),
  ];
  const failed = (_what: unknown, error: unknown): void => report(error);
  const stops: (() => void)[] = lifecycle.map((each) => () => each.stop());
  if (options.controllers !== false) {
    const running = startControllers(system, { certificate: identity.ca });
    const node = await startNode(system, { reachableRegistries: options.reachableRegistries ?? ["*"], failed });
    stops.push(
      () => running.close(),
      () => node.close(),
    );
  }
  const kubeconfig = kubeconfigText({ url, ca: identity.ca, token, user: admin.name });
  if (options.kubeconfig !== undefined) await writePrivately(options.kubeconfig, kubeconfig);
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    stopDefinitions();
    for (const stop of stops) stop();
    caller.close();
    await server.close();
    if (options.kubeconfig !== undefined) await rm(options.kubeconfig, { force: true });
  };
  return {
    url,
    port,
    ca: identity.ca,
    token,
    kubeconfig,
    kubeconfigFile: options.kubeconfig,
    api: new InProcessApi(registry, admin, now),
    faults,
    mapService: (namespace, name, at) => void services.set(`${namespace}/${name}`, at),
    tokenFor: (user) => {
      const made = randomBytes(24).toString("base64url");
      users.set(made, user);
      return made;
    },
    close: () => (closing ??= close()),
  };
}

function withChecks(kind: Kind): Kind {
  const checks = kind.group === "admissionregistration.k8s.io" ? configurationChecks(kind.kind) : undefined;
  if (checks === undefined) return kind;
  const own = kind.validate;
  return { ...kind, validate: (object, old, context) => [...(own?.(object, old, context) ?? []), ...checks(object)] };
}

interface Identity {
  readonly ca: string;
  readonly certificate: string;
  readonly privateKey: string;
}

async function makeIdentity(now: Date): Promise<Identity> {
  const hour = 60 * 60 * 1000;
  const notBefore = new Date(now.getTime() - hour);
  const notAfter = new Date(now.getTime() + 365 * 24 * hour);
  // The serial in the name keeps two sandboxes' authorities apart in a trust store.
  const authority = await createAuthority({
    commonName: `sandbox-ca-${randomUUID().slice(0, 8)}`,
    notBefore,
    notAfter,
  });
  const names = ["127.0.0.1", "localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"];
  const leaf = await issueCertificate(authority, { commonName: "kube-apiserver", names, notBefore, notAfter });
  return { ca: authority.certificate, certificate: leaf.certificate, privateKey: leaf.privateKey };
}

async function createNamespaces(api: Api): Promise<void> {
  for (const name of systemNamespaces) {
    // In order, so that every sandbox has them under the same versions.
    // oxlint-disable-next-line no-await-in-loop
    await api.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
}

async function writePrivately(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  // A file that is there keeps its mode, so it goes first.
  await rm(file, { force: true });
  await writeFile(file, text, { mode: 0o600, flag: "wx" });
}

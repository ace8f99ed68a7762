/** A sandbox in which policies are stored, for servers to be started in. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog, startController } from "@portcullis/controller";
import {
  httpsTransport,
  KubeClient,
  readKubeconfig,
  systemClock,
  type ClusterConfig,
  type Resource,
} from "@portcullis/kube";
import { ownString, type JsonObject } from "@portcullis/objects";
import { startSandbox } from "@portcullis/sandbox";
import type { ServerOrder } from "./controller-server.ts";
import type { PolicySet } from "./policies.ts";

/** A sandbox with policies in it and nobody who enforces. */
export interface PreparedCluster {
  /** What a server is told. */
  readonly order: ServerOrder;
  /** Whom a server that starts here is certified by, once it serves. */
  trust(): Promise<string>;
  close(): Promise<void>;
}

const resource = (group: string, version: string, plural: string, kind: string, namespaced = false): Resource => ({
  group,
  version,
  plural,
  kind,
  namespaced,
});
const templates = resource("templates.gatekeeper.sh", "v1", "constrainttemplates", "ConstraintTemplate");
const namespaces = resource("", "v1", "namespaces", "Namespace");
const configMaps = resource("", "v1", "configmaps", "ConfigMap", true);
const syncSets = resource("syncset.gatekeeper.sh", "v1alpha1", "syncsets", "SyncSet");
const webhooks = resource(
  "admissionregistration.k8s.io",
  "v1",
  "validatingwebhookconfigurations",
  "ValidatingWebhookConfiguration",
);

/** Stores the policies, and as many ConfigMaps of 1 kB that a SyncSet names. */
export async function prepareCluster(policies: PolicySet, objects = 0): Promise<PreparedCluster> {
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  const kubeconfig = join(folder, "kubeconfig");
  const sandbox = await startSandbox({ kubeconfig, controllers: false });
  const cluster = await readKubeconfig(kubeconfig);
  if (!cluster.ok) throw new Error(cluster.message);
  const client = new KubeClient(httpsTransport(cluster.value, "bench"));
  const create = async (of: Resource, object: JsonObject): Promise<void> => {
    const created = await client.create(of, object);
    if (!created.ok && created.status.reason !== "AlreadyExists") throw new Error(created.status.message);
  };
  // The first server makes the kinds.
  const first = await startController({
    cluster: cluster.value,
    log: silentLog,
    clock: systemClock,
    reporter: { pod: "first", namespace: "gatekeeper-system", operations: ["webhook"] },
    denialForm: "current",
    exemptNamespaces: { names: [], prefixes: [], suffixes: [] },
    webhook: { host: "127.0.0.1", port: 0, failurePolicy: "Ignore", timeoutSeconds: 10 },
  });
  for (const template of policies.templates) {
    const version = ownString(template, "apiVersion")?.split("/")[1] ?? "";
    await create({ ...templates, version }, template);
  }
  for (const constraint of policies.constraints) {
    const kind = ownString(constraint, "kind") ?? "";
    await create(resource("constraints.gatekeeper.sh", "v1beta1", kind.toLowerCase(), kind), constraint);
  }
  await first.stop();
  await client.delete(webhooks, { name: "gatekeeper-validating-webhook-configuration" });
  await create(namespaces, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "shop", labels: { team: "payments" } },
  });
  if (objects > 0) await storeObjects(create, objects);
  return {
    order: await orderOf(cluster.value),
    async trust() {
      const found = await client.get(webhooks, { name: "gatekeeper-validating-webhook-configuration" });
      if (!found.ok) throw new Error(found.status.message);
      const bundle = /"caBundle":"([^"]+)"/.exec(JSON.stringify(found.value))?.[1] ?? "";
      return Buffer.from(bundle, "base64").toString();
    },
    async close() {
      client.close();
      await sandbox.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function orderOf({ authorization, ...cluster }: ClusterConfig): Promise<ServerOrder> {
  return { cluster, token: (await authorization?.()) ?? "" };
}

async function storeObjects(
  create: (of: Resource, object: JsonObject) => Promise<void>,
  objects: number,
): Promise<void> {
  const spec = { gvks: [{ group: "", version: "v1", kind: "ConfigMap" }] };
  await create(syncSets, {
    apiVersion: "syncset.gatekeeper.sh/v1alpha1",
    kind: "SyncSet",
    metadata: { name: "maps" },
    spec,
  });
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < objects; at = next++) {
      const metadata = { name: `map-${at}`, namespace: "shop", labels: { app: "shop", tier: `tier-${at % 7}` } };
      await create(configMaps, {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata,
        data: { text: `${at}`.padEnd(700, "x") },
      });
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

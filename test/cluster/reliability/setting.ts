/** What the rows of reliability run in: three replicas under load, behind a way to the API server that can go wrong. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isJsonArray, isJsonObject, own, ownPath, ownString, type JsonObject } from "@portcullis/objects";
import { readYaml } from "@portcullis/objects/yaml";
import { valueOf, type Resource } from "@portcullis/kube";
import { startCluster, type ClusterKind, type TestCluster } from "../cluster.ts";
import { startFaultyProxy, type FaultyProxy } from "../faulty-proxy.ts";
import { startProduct, type Product } from "../product.ts";
import { configMap, namespace, storyOf, type Story } from "../acceptance/story.ts";
import { quantile, startLoad, type Load, type LoadOptions, type LoadResult } from "./load.ts";
import { loadCases, loadNamespace } from "./reviews.ts";

/** How much each row does: little enough for every change, or as much as is asked for. */
export interface Extent {
  /** Requests of a row's load. */
  readonly requests: number;
  /** How often what a row does to the replicas is done at least. */
  readonly rounds: number;
  /** How often template, constraint and violating object are applied in one go. */
  readonly applies: number;
  /** How long each fault lasts. */
  readonly faultMilliseconds: number;
}

/** The extent that the environment asks for: `CLUSTER_REQUESTS=20000`, `CLUSTER_APPLIES=1000`. */
export function extentOf(environment: NodeJS.ProcessEnv): Extent {
  const requests = Number(environment["CLUSTER_REQUESTS"] ?? 1200);
  const applies = Number(environment["CLUSTER_APPLIES"] ?? 8);
  if (!(requests > 0) || !(applies > 0)) throw new Error("CLUSTER_REQUESTS and CLUSTER_APPLIES are numbers");
  const isFull = requests >= 20_000;
  return { requests, applies, rounds: isFull ? 3 : 1, faultMilliseconds: isFull ? 8000 : 1200 };
}

/** The setting of the rows. */
export interface Setting {
  readonly extent: Extent;
  readonly cluster: TestCluster;
  readonly product: Product;
  readonly proxy: FaultyProxy;
  readonly story: Story;
  /** PEM of whom the webhook configuration says is to be trusted; the last that was said, while nothing is. */
  authority(): string;
  /** Begins to load the Service. */
  load(more?: Partial<LoadOptions>): Load;
  /** What is to be ended with the row, if the row does not come to it. */
  during(end: () => Promise<unknown>): void;
  /** After a row: nothing loads or changes anything any more, nothing is in the way, and three replicas serve. */
  settle(): Promise<void>;
  /** Writes figures down, under the row and the kind of cluster. */
  note(row: string, figures: Readonly<Record<string, string | number>>): void;
  stop(): Promise<void>;
}

/** The configuration that the rows break and mend. */
export const webhookConfigurationName = "gatekeeper-validating-webhook-configuration";

const replicas = 3;
const serviceName = "gatekeeper-webhook-service.gatekeeper-system.svc";
const fixtures = join(import.meta.dirname, "../fixtures");

/** Where it is. */
export const webhookConfigurations: Resource = {
  group: "admissionregistration.k8s.io",
  version: "v1",
  plural: "validatingwebhookconfigurations",
  kind: "ValidatingWebhookConfiguration",
  namespaced: false,
};

/** Starts a cluster with the product and the policies of the load. */
export async function startSetting(kind: ClusterKind, extent: Extent): Promise<Setting> {
  const cluster = await startCluster(kind);
  let proxy: FaultyProxy | undefined;
  let product: Product | undefined;
  try {
    proxy = await startFaultyProxy(cluster.config);
    product = await startProduct(cluster, {
      replicas,
      denialForm: "classic",
      apiServer: proxy.url,
      shutdownDelaySeconds: 1,
    });
    return await settingIn(cluster, product, proxy, extent);
  } catch (error) {
    await product?.stop();
    await proxy?.stop();
    await cluster.stop();
    throw error;
  }
}

async function settingIn(cluster: TestCluster, product: Product, proxy: FaultyProxy, extent: Extent): Promise<Setting> {
  const story = storyOf(cluster, product);
  await installPolicies(story);
  await beMorePatient(cluster);
  let authority = await trusted(cluster);
  const ends: (() => Promise<unknown>)[] = [];
  const refreshing = setInterval(() => {
    trusted(cluster).then(
      (found) => void (authority = found === "" ? authority : found),
      // Nobody can be asked while the API server is broken; what it said last still holds.
      () => undefined,
    );
  }, 200);
  return {
    extent,
    cluster,
    product,
    proxy,
    story,
    authority: () => authority,
    load(more = {}) {
      const load = startLoad({
        port: product.servicePort,
        name: serviceName,
        authority: () => authority,
        cases: loadCases,
        connections: 16,
        // The sandbox is in this very process.
        rate: cluster.kind === "sandbox" ? 200 : 400,
        ...more,
      });
      ends.push(() => load.stop());
      return load;
    },
    during: (end) => void ends.push(end),
    async settle() {
      proxy.set();
      await Promise.allSettled(ends.splice(0).map((end) => end()));
      while (product.replicas().length < replicas) await product.add();
    },
    note(row, figures) {
      const text = Object.entries(figures).map(([name, value]) => `${name} ${value}`);
      process.stdout.write(`\n${row} on the ${cluster.kind}: ${text.join(", ")}\n`);
    },
    async stop() {
      clearInterval(refreshing);
      await product.stop();
      await proxy.stop();
      await cluster.stop();
    },
  };
}

/** What fails here must fail for another reason than a machine that has much else to do. */
async function beMorePatient({ client }: TestCluster): Promise<void> {
  const at = { name: webhookConfigurationName };
  const found = valueOf(await client.get(webhookConfigurations, at), "reading it");
  const webhooks = own(found, "webhooks");
  const patch = (isJsonArray(webhooks) ? webhooks : []).map((_, index) => ({
    op: "replace",
    path: `/webhooks/${index}/timeoutSeconds`,
    value: 15,
  }));
  valueOf(await client.patch(webhookConfigurations, at, "json", patch), "giving more time");
}

async function installPolicies(story: Story): Promise<void> {
  await story.admits(namespace(loadNamespace));
  await story.admits(configMap(loadNamespace, "badge-holder", { owner: "me", badge: "one" }));
  // The template reads kinds that it does not name.
  await story.apply("sync.yaml", "-n", "gatekeeper-system");
  const constraints: JsonObject[] = [
    constraint("K8sContainerLimits", "limited", "Pod", { cpu: "200m", memory: "1Gi" }),
    constraint("K8sRequiredLabels", "owned", "ConfigMap", { labels: ["owner"] }),
    constraint("K8sUniqueLabel", "unique", "ConfigMap", { label: "badge" }),
  ];
  for (const file of ["container-limits.yaml", "required-labels.yaml", "unique-label.yaml"]) {
    const [template] = readYaml(readFileSync(join(fixtures, file), "utf8"), file).documents;
    assert.ok(template !== undefined && isJsonObject(template.value));
    await story.admits(template.value);
  }
  for (const each of constraints) {
    await story.eventually(() => story.admits(each));
    await story.enforced(String(each["kind"]), ownString(each["metadata"], "name") ?? "");
  }
}

/** A constraint on a kind of the core group in the namespace of the load. */
export function constraint(kind: string, name: string, matches: string, parameters: JsonObject): JsonObject {
  return {
    apiVersion: "constraints.gatekeeper.sh/v1beta1",
    kind,
    metadata: { name },
    spec: { match: { kinds: [{ apiGroups: [""], kinds: [matches] }], namespaces: [loadNamespace] }, parameters },
  };
}

/** Whom the webhook configuration says is to be trusted, PEM; empty where not every webhook says the same. */
export async function trusted({ client }: TestCluster): Promise<string> {
  const found = valueOf(await client.get(webhookConfigurations, { name: webhookConfigurationName }), "reading it");
  const webhooks = own(found, "webhooks");
  const bundles = (isJsonArray(webhooks) ? webhooks : []).map(
    (each) => ownString(ownPath(each, "clientConfig"), "caBundle") ?? "",
  );
  const [bundle = ""] = bundles;
  return bundles.every((each) => each === bundle) ? Buffer.from(bundle, "base64").toString() : "";
}

/** Fails where an answer was wrong, or where a request was lost. */
export function assertSound({ answered, wrong, lost }: LoadResult, count: number): void {
  assert.deepEqual(wrong.slice(0, 3), [], `${wrong.length} answers were wrong`);
  assert.deepEqual(lost.slice(0, 3), [], `${lost.length} requests were lost`);
  assert.ok(answered >= count, `${answered} were answered`);
}

/** The middle and the slow end of latencies, in milliseconds. */
export function latencyFigures(sorted: readonly number[]): Readonly<Record<string, string>> {
  return { p50: `${quantile(sorted, 0.5).toFixed(1)} ms`, p99: `${quantile(sorted, 0.99).toFixed(1)} ms` };
}

/** Waits until it is so; how many milliseconds that took. Fails when time is up. */
export async function timeUntil(milliseconds: number, what: string, isSo: () => Promise<boolean>): Promise<number> {
  const from = performance.now();
  while (!(await isSo().catch(() => false))) {
    assert.ok(performance.now() - from < milliseconds, `${what}: not within ${milliseconds} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return performance.now() - from;
}

/** Lets time pass. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

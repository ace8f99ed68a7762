/**
 * What controllers and kubelets would make of what is installed: for each Deployment its Pods, each of which is a process
 * on loopback, and for each Service a balancer over the ready Pods that it selects. Both programs run with the arguments
 * that their charts give them.
 */
import { existsSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  isJsonArray,
  isJsonObject,
  labelsOf,
  metadataOf,
  nameOf,
  own,
  ownPath,
  ownString,
  uidOf,
  type JsonObject,
} from "@portcullis/objects";
import { valueOf, type Resource } from "@portcullis/kube";
import { findOracle } from "../../oracle/oracle.ts";
import { freePorts } from "../../loopback.ts";
import { startBalancer, type Balancer } from "../balancer.ts";
import type { TestCluster } from "../cluster.ts";
import { startProgram, type Program } from "../program.ts";
import { getPlainly } from "../requests.ts";

/** One Pod, which is one process. */
export interface FleetPod {
  readonly name: string;
  readonly deployment: string;
  /** Whether it is one of Gatekeeper's; it is ours otherwise. */
  readonly isGatekeeper: boolean;
  /** What it was made from; another one makes it give way. */
  readonly template: string;
  readonly labels: JsonObject;
  readonly port: number;
  readonly metricsPort: number;
  readonly healthPort: number;
  readonly program: Program;
  isReady: boolean;
}

/** The end of a Pod; times are milliseconds, as `performance.now()` has them. */
export interface Ending {
  readonly isGatekeeper: boolean;
  /** When it began to close its connections, most likely: it serves on for a while after it was told to end. */
  readonly closing: number;
  readonly ended: number;
}

/** What runs of a namespace. */
export interface Fleet {
  pods(): readonly FleetPod[];
  /** The ends until now. */
  endings(): readonly Ending[];
  /** Resolves when what runs is what the Deployments say, and every Pod is ready. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

const namespace = "gatekeeper-system";
const main = join(import.meta.dirname, "../../../packages/cli/src/main.ts");
const pace = 200;
/** How long a Pod that was told to end serves on. */
const shutdownDelaySeconds = 2;
const of = (group: string, version: string, plural: string, kind: string): Resource => ({
  group,
  version,
  plural,
  kind,
  namespaced: true,
});
const deployments = of("apps", "v1", "deployments", "Deployment");
const services = of("", "v1", "services", "Service");
const podResource = of("", "v1", "pods", "Pod");
const secrets = of("", "v1", "secrets", "Secret");
const ownedByPods = ["configpodstatuses", "constraintpodstatuses", "constrainttemplatepodstatuses"].map((plural) =>
  of("status.gatekeeper.sh", "v1beta1", plural, plural),
);

/** Begins to look after the namespace that Gatekeeper and Portcullis are installed into. */
export function startFleet(cluster: TestCluster): Fleet {
  let pods: readonly FleetPod[] = [];
  let wanted = 0;
  let isStopped = false;
  const balancers = new Map<string, Balancer>();
  const leaving = new Set<FleetPod>();
  const endings: Ending[] = [];
  let made = 0;
  let isRolling = false;
  let failure: unknown;

  const list = async (resource: Resource): Promise<readonly JsonObject[]> =>
    valueOf(await cluster.client.list(resource, { namespace }), `listing ${resource.plural}`).items;
  const leave = async (pod: FleetPod): Promise<void> => {
    pods = pods.filter((each) => each !== pod);
    const closing = performance.now() + shutdownDelaySeconds * 1000;
    await pod.program.stop("SIGTERM");
    endings.push({ isGatekeeper: pod.isGatekeeper, closing, ended: performance.now() });
    await removePod(cluster, pod.name);
  };
  const goes = (pod: FleetPod): void => {
    leaving.add(pod);
    void leave(pod).then(
      () => leaving.delete(pod),
      (error: unknown) => {
        failure = error;
      },
    );
  };
  const round = async (): Promise<void> => {
    const found = await list(deployments);
    wanted = found.reduce((sum, each) => sum + replicasOf(each), 0);
    const gone = pods.filter((pod) => !found.some((each) => nameOf(each) === pod.deployment));
    for (const pod of gone) goes(pod);
    for (const deployment of found) {
      const replicas = replicasOf(deployment);
      const have = pods.filter((pod) => pod.deployment === nameOf(deployment));
      const current = have.filter(({ template }) => template === templateOf(deployment));
      const [old] = have.filter((pod) => !current.includes(pod));
      // A Deployment rolls by one Pod more, and takes one away when there are enough that are ready.
      const most = replicas + (old === undefined ? 0 : 1);
      const missing = Math.min(replicas - current.length, most - have.length);
      for (let at = 0; at < missing; at += 1) {
        made += 1;
        pods = [...pods, await startPod(cluster, deployment, `${nameOf(deployment)}-${made}`)];
      }
      if (old !== undefined && have.filter(({ isReady }) => isReady).length > replicas) goes(old);
    }
    isRolling = pods.some(({ deployment, template }) =>
      found.some((each) => nameOf(each) === deployment && templateOf(each) !== template),
    );
    await mirrorSecrets(cluster, await list(secrets));
    await Promise.all(
      pods.map(async (pod) => {
        if (pod.program.hasEnded()) throw new Error(`${pod.name} has ended:\n${pod.program.lastWords()}`);
        pod.isReady = (await getPlainly(pod.healthPort, "/readyz")).status === 200;
      }),
    );
    for (const service of await list(services)) {
      const selector = ownPath(service, "spec", "selector");
      if (!isJsonObject(selector)) continue;
      const selected = pods.filter(({ labels }) =>
        Object.entries(selector).every(([key, value]) => labels[key] === value),
      );
      const balancer = balancers.get(uidOf(service)) ?? (await startBalancer());
      if (!balancers.has(uidOf(service))) {
        balancers.set(uidOf(service), balancer);
        await cluster.answerFor(namespace, nameOf(service), balancer.port);
      }
      balancer.setBackends(selected.filter(({ isReady }) => isReady).map(({ port }) => port));
    }
  };
  const turning = (async () => {
    while (!isStopped) {
      try {
        await round();
      } catch (error) {
        failure = error;
      }
      await new Promise((resolve) => setTimeout(resolve, pace));
    }
  })();
  return {
    pods: () => pods,
    endings: () => endings,
    async settled() {
      const until = performance.now() + 60_000;
      await new Promise((resolve) => setTimeout(resolve, 3 * pace));
      while (isRolling || pods.length !== wanted || leaving.size > 0 || !pods.every(({ isReady }) => isReady)) {
        if (performance.now() > until) {
          throw new Error(
            `the Pods did not come to be ready: ${[...pods, ...leaving].map(({ name, isReady, program }) => `${name} ${isReady} ${program.lastWords()}`).join("\n")}`,
            { cause: failure },
          );
        }
        await new Promise((resolve) => setTimeout(resolve, pace));
      }
      // The Services know of it a round later.
      await new Promise((resolve) => setTimeout(resolve, 2 * pace));
    },
    async stop() {
      isStopped = true;
      await turning;
      await Promise.all([...pods, ...leaving].map(({ program }) => program.stop("SIGKILL")));
      await Promise.all([...balancers.values()].map((balancer) => balancer.stop()));
    },
  };
}

function templateOf(deployment: JsonObject): string {
  return JSON.stringify(ownPath(deployment, "spec", "template"));
}

function replicasOf(deployment: JsonObject): number {
  const replicas = ownPath(deployment, "spec", "replicas");
  return typeof replicas === "number" ? replicas : 1;
}

const certificates = (cluster: TestCluster, secret: string): string => join(cluster.folder, "secrets", secret);

/**
 * A kubelet writes the Secrets that Pods mount into their file systems. It writes a version whole and then puts one link
 * to it in the place of the one before, so that nobody meets half a file, or a certificate beside the key of another.
 */
async function mirrorSecrets(cluster: TestCluster, found: readonly JsonObject[]): Promise<void> {
  for (const secret of found) {
    const data = own(secret, "data");
    if (!isJsonObject(data)) continue;
    const folder = certificates(cluster, nameOf(secret));
    const version = `..${ownString(metadataOf(secret), "resourceVersion") ?? ""}`;
    if (existsSync(join(folder, version))) continue;
    mkdirSync(join(folder, version), { recursive: true, mode: 0o700 });
    for (const [name, value] of Object.entries(data)) {
      writeFileSync(join(folder, version, name), Buffer.from(String(value), "base64"), { mode: 0o600 });
    }
    symlinkSync(version, join(folder, "..new"));
    renameSync(join(folder, "..new"), join(folder, "..data"));
    for (const name of Object.keys(data)) {
      if (!existsSync(join(folder, name))) symlinkSync(join("..data", name), join(folder, name));
    }
  }
}

async function startPod(cluster: TestCluster, deployment: JsonObject, name: string): Promise<FleetPod> {
  const template = ownPath(deployment, "spec", "template");
  const containers = ownPath(template, "spec", "containers");
  const [container] = isJsonArray(containers) ? containers : [];
  const given = own(container, "args");
  const args = (isJsonArray(given) ? given : []).map(String);
  const account = ownString(ownPath(template, "spec"), "serviceAccountName") ?? "";
  const [port = 0, healthPort = 0, metricsPort = 0] = await freePorts(3);
  const labels = isJsonObject(template) ? labelsOf(template) : {};
  await createPod(cluster, name, { labels, account, image: ownString(container, "image") ?? "" });
  const folder = certificates(cluster, secretOf(template));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const kubeconfig = await cluster.kubeconfigOf(namespace, account);
  const ours = [
    ...args,
    `--port=${port}`,
    `--health-addr=127.0.0.1:${healthPort}`,
    `--prometheus-port=${metricsPort}`,
    "--host=127.0.0.1",
    `--kubeconfig=${kubeconfig}`,
    `--shutdown-delay=${shutdownDelaySeconds}`,
  ];
  const env = { ...process.env, POD_NAME: name, POD_NAMESPACE: namespace };
  const isGatekeeper = (ownString(container, "image") ?? "").includes("openpolicyagent/gatekeeper");
  const cache = join(cluster.folder, "api-cache", name);
  mkdirSync(cache, { recursive: true });
  const program = isGatekeeper
    ? startProgram(
        findOracle("gatekeeper") ?? "",
        [...ours, `--cert-dir=${folder}`, `--api-cache-dir=${cache}`, "--metrics-addr=0"],
        env,
      )
    : startProgram(process.execPath, ["--conditions=source", main, "controller", ...ours, `--cert-dir=${folder}`], env);
  return {
    name,
    deployment: nameOf(deployment),
    isGatekeeper,
    template: templateOf(deployment),
    labels,
    port,
    metricsPort,
    healthPort,
    program,
    isReady: false,
  };
}

function secretOf(template: unknown): string {
  const volumes = ownPath(template, "spec", "volumes");
  for (const volume of isJsonArray(volumes) ? volumes : []) {
    const name = ownString(own(volume, "secret"), "secretName");
    if (name !== undefined) return name;
  }
  return "none";
}

async function createPod(
  cluster: TestCluster,
  name: string,
  { labels, account, image }: { readonly labels: JsonObject; readonly account: string; readonly image: string },
): Promise<void> {
  const securityContext = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
  };
  const pod: JsonObject = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels },
    spec: { serviceAccountName: account, containers: [{ name: "manager", image, securityContext }] },
  };
  valueOf(await cluster.client.create(podResource, pod), `making the Pod ${name}`);
}

/** Takes a Pod away, and with it what it owns, as the garbage collector would. */
async function removePod(cluster: TestCluster, name: string): Promise<void> {
  const { client, kubectl } = cluster;
  const pod = valueOf(await client.get(podResource, { namespace, name }), `reading the Pod ${name}`);
  await kubectl(["delete", "pod", "-n", namespace, "--grace-period=0", "--force", name]);
  for (const resource of ownedByPods) {
    const listed = await client.list(resource, { namespace });
    if (!listed.ok) continue;
    for (const object of listed.value.items) {
      const owners = own(metadataOf(object), "ownerReferences");
      const isOwned = isJsonArray(owners) && owners.some((owner) => ownString(owner, "uid") === uidOf(pod));
      if (isOwned) await client.delete(resource, { namespace, name: nameOf(object) });
    }
  }
}

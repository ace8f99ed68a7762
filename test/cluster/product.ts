/** Portcullis in a test cluster: replicas as processes of their own behind a balancer that stands for the Service. */
import { execFile } from "node:child_process";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { isJsonObject, metadataOf, ownPath, ownString, type JsonObject } from "@portcullis/objects";
import { readYaml } from "@portcullis/objects/yaml";
import { freePorts } from "../loopback.ts";
import { startBalancer } from "./balancer.ts";
import type { TestCluster } from "./cluster.ts";
import { startProgram, untilServing, type Program } from "./program.ts";
import { getPlainly, type Answered } from "./requests.ts";

/** One replica, which is one process. */
export interface Replica {
  readonly pod: string;
  readonly port: number;
  readonly healthPort: number;
  readonly metricsPort: number;
  readonly program: Program;
}

/** How the product is to run. */
export interface ProductOptions {
  readonly replicas: number;
  readonly denialForm: "classic" | "current";
  /** Of the manifests; `lenient` where absent. */
  readonly profile?: "lenient" | "strict";
  readonly shutdownDelaySeconds?: number;
  readonly flags?: readonly string[];
  /** Of `portcullis manifests`, beside the profile. */
  readonly manifestFlags?: readonly string[];
  /** A command that runs the replicas' command behind it, as another user most likely. */
  readonly launcher?: readonly string[];
  /** Where the replicas reach the API server, where that is not where it is. */
  readonly apiServer?: string;
}

/** The product, which enforces. */
export interface Product {
  /** Where the Service's calls arrive. */
  readonly servicePort: number;
  readonly shutdownDelaySeconds: number;
  /** Those that run and were not told to end. */
  replicas(): readonly Replica[];
  /** The replica's port that a connection to the Service from this port was given to. */
  backendOf(clientPort: number): number | undefined;
  /** Starts one more; resolves when the Service leads to it. */
  add(): Promise<Replica>;
  /** Tells one to end, and takes it out of the Service a moment later, as a cluster would; resolves when it has. */
  end(replica: Replica): Promise<void>;
  /** Ends one without a word. The Service finds out a moment later. */
  kill(replica: Replica): Promise<void>;
  ready(replica: Replica): Promise<Answered>;
  metrics(replica: Replica): Promise<Answered>;
  stop(): Promise<void>;
}

const namespace = "gatekeeper-system";
/** How long it takes until connections are led elsewhere. */
const noticeMilliseconds = 300;
const execute = promisify(execFile);
const service = "gatekeeper-webhook-service";
const main = join(import.meta.dirname, "../../packages/cli/src/main.ts");

/** Installs the product and starts its replicas; resolves when all of them are ready. */
export async function startProduct(cluster: TestCluster, options: ProductOptions): Promise<Product> {
  const shutdownDelaySeconds = options.shutdownDelaySeconds ?? 2;
  const balancer = await startBalancer();
  const template = await install(cluster, [
    `--profile=${options.profile ?? "lenient"}`,
    ...(options.manifestFlags ?? []),
  ]);
  await cluster.answerFor(namespace, service, balancer.port);
  const kubeconfig = await cluster.kubeconfigOf(namespace, "gatekeeper-admin", options.apiServer);
  if (options.launcher !== undefined) {
    // What the cluster is reached by is for its owner alone otherwise.
    chmodSync(cluster.folder, 0o711);
    chmodSync(kubeconfig, 0o644);
  }
  let replicas: readonly Replica[] = [];
  const lead = (): void => balancer.setBackends(replicas.map(({ port }) => port));
  const without = (replica: Replica): void => void (replicas = replicas.filter((each) => each !== replica));
  let made = 0;
  const add = async (): Promise<Replica> => {
    made += 1;
    const replica = await startReplica(
      cluster,
      { name: `gatekeeper-controller-manager-${made}`, template, kubeconfig, shutdownDelaySeconds },
      options,
    );
    replicas = [...replicas, replica];
    lead();
    return replica;
  };
  const removePod = (replica: Replica): Promise<unknown> =>
    cluster.kubectl(["delete", "pod", "-n", namespace, "--grace-period=0", "--force", replica.pod]);
  const product: Product = {
    servicePort: balancer.port,
    shutdownDelaySeconds,
    replicas: () => replicas,
    backendOf: (clientPort) => balancer.backendOf(clientPort),
    add,
    async end(replica) {
      without(replica);
      const ended = replica.program.stop("SIGTERM");
      await new Promise((resolve) => setTimeout(resolve, noticeMilliseconds));
      lead();
      await ended;
      await removePod(replica);
    },
    async kill(replica) {
      await replica.program.stop("SIGKILL");
      without(replica);
      lead();
      await removePod(replica);
    },
    ready: (replica) => getPlainly(replica.healthPort, "/readyz"),
    metrics: (replica) => getPlainly(replica.metricsPort, "/metrics"),
    async stop() {
      await Promise.all(replicas.map((replica) => replica.program.stop("SIGKILL")));
      await balancer.stop();
    },
  };
  try {
    await Promise.all(Array.from({ length: options.replicas }, add));
    return product;
  } catch (error) {
    await product.stop();
    throw error;
  }
}

interface ReplicaRequest {
  readonly name: string;
  readonly template: JsonObject;
  readonly kubeconfig: string;
  readonly shutdownDelaySeconds: number;
}

async function startReplica(cluster: TestCluster, request: ReplicaRequest, options: ProductOptions): Promise<Replica> {
  await apply(cluster, [podObject(request.name, request.template)]);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startProcess(request, options);
    } catch (error) {
      // A connection of somebody else may have taken a port that was free a moment ago.
      if (attempt === 3 || !String(error).includes("EADDRINUSE")) throw error;
    }
  }
}

async function startProcess(
  { name: pod, kubeconfig, shutdownDelaySeconds }: ReplicaRequest,
  options: ProductOptions,
): Promise<Replica> {
  const [port = 0, healthPort = 0, metricsPort = 0] = await freePorts(3);
  const [command, ...before] = [...(options.launcher ?? []), process.execPath];
  const program = startProgram(
    command,
    [
      ...before,
      "--conditions=source",
      main,
      "controller",
      `--kubeconfig=${kubeconfig}`,
      "--operation=webhook",
      "--operation=status",
      "--host=127.0.0.1",
      `--port=${port}`,
      `--health-addr=127.0.0.1:${healthPort}`,
      `--prometheus-port=${metricsPort}`,
      `--exempt-namespace=${namespace}`,
      `--shutdown-delay=${shutdownDelaySeconds}`,
      `--denial-form=${options.denialForm}`,
      ...(options.flags ?? []),
    ],
    { ...process.env, POD_NAME: pod, POD_NAMESPACE: namespace },
  );
  const replica = { pod, port, healthPort, metricsPort, program };
  try {
    await untilServing(pod, program, async () => (await getPlainly(healthPort, "/readyz")).status === 200);
  } catch (error) {
    await program.stop("SIGKILL");
    throw error;
  }
  return replica;
}

/**
 * Installs what `portcullis manifests` prints, but for what needs controllers that are not there: the Deployment, and the
 * quota, which nobody would count. Resolves to the Deployment's template of a Pod.
 */
async function install(cluster: TestCluster, choices: readonly string[]): Promise<JsonObject> {
  let template: JsonObject | undefined;
  for (const part of ["crds", "server"]) {
    const flags = ["manifests", ...choices, `--only=${part}`];
    const { stdout } = await execute(process.execPath, ["--conditions=source", main, ...flags]);
    const objects = readYaml(stdout, part).documents.flatMap(({ value }) => (isJsonObject(value) ? [value] : []));
    await apply(
      cluster,
      objects.filter((each) => !["Deployment", "ResourceQuota"].includes(ownString(each, "kind") ?? "")),
      "--server-side",
    );
    const deployment = objects.find((each) => ownString(each, "kind") === "Deployment");
    const found = ownPath(deployment, "spec", "template");
    if (isJsonObject(found)) template = found;
  }
  if (template === undefined) throw new Error("the manifests have no Deployment");
  return template;
}

/** The Pod that a replica takes itself for, as the Deployment would make it. */
function podObject(name: string, template: JsonObject): JsonObject {
  return { ...template, apiVersion: "v1", kind: "Pod", metadata: { ...metadataOf(template), name, namespace } };
}

async function apply(cluster: TestCluster, objects: readonly JsonObject[], ...flags: readonly string[]): Promise<void> {
  const list = { apiVersion: "v1", kind: "List", items: objects };
  const ran = await cluster.kubectl(["apply", ...flags, "-f", "-"], { input: JSON.stringify(list) });
  if (ran.status !== 0) throw new Error(ran.stderr);
}

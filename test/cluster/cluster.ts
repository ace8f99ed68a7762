/** One interface over a real Kubernetes API server and over the sandbox, so that one suite runs against both. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  httpsTransport,
  KubeClient,
  readKubeconfig,
  valueOf,
  type ClusterConfig,
  type Resource,
} from "@portcullis/kube";
import { own, ownString } from "@portcullis/objects";
import { startSandbox } from "@portcullis/sandbox";
import { startApiServer } from "./api-server.ts";
import { kubectlFor, type Kubectl } from "./kubectl.ts";
import { findClusterPrograms } from "./programs.ts";
import { startServiceNetwork } from "./service-network.ts";

/** What a test cluster is made of. */
export type ClusterKind = "kube-apiserver" | "sandbox";

/** An API that serves, and who may speak to it. */
export interface TestCluster {
  readonly kind: ClusterKind;
  readonly url: string;
  /** Of the administrator. */
  readonly kubeconfig: string;
  readonly config: ClusterConfig;
  readonly kubectl: Kubectl;
  readonly client: KubeClient;
  /** From now on, the API server's calls of this Service, which is there, go to this loopback port. */
  answerFor(namespace: string, name: string, port: number): Promise<void>;
  /**
   * A kubeconfig of a ServiceAccount, which is there; for another address of the API server where one is given. The
   * sandbox lets everybody do everything.
   */
  kubeconfigOf(namespace: string, serviceAccount: string, server?: string): Promise<string>;
  /** The record of what the product asked, one event a line; the sandbox keeps none. */
  readonly auditFile?: string;
  /** Gone with the cluster. */
  readonly folder: string;
  stop(): Promise<void>;
}

interface Serving {
  readonly url: string;
  readonly authority: string;
  readonly token: string;
  /** What shows that one is this ServiceAccount. */
  tokenOf(kubectl: Kubectl, namespace: string, serviceAccount: string): Promise<string>;
  /** From now on this Service, at this cluster address, is answered for at that port. */
  route(service: ServiceAddress, port: number): void;
  readonly auditFile?: string;
  stop(): Promise<void>;
}

interface ServiceAddress {
  readonly namespace: string;
  readonly name: string;
  readonly clusterIp: string;
}

/** The kinds of cluster that can be started here: the sandbox always, the real one where its programs are. */
export function availableClusters(): readonly ClusterKind[] {
  return findClusterPrograms() === undefined ? ["sandbox"] : ["kube-apiserver", "sandbox"];
}

/** Starts a cluster with nothing in it but what Kubernetes puts there itself; a bare sandbox has no controllers either. */
export async function startCluster(
  kind: ClusterKind,
  options: { readonly isBare?: boolean } = {},
): Promise<TestCluster> {
  const folder = await mkdtemp(join(tmpdir(), "portcullis-cluster-"));
  let serving: Serving | undefined;
  try {
    serving = await (kind === "sandbox" ? serveSandbox(options.isBare !== true) : serveReal(folder));
    const kubeconfig = join(folder, "kubeconfig");
    await writeFile(kubeconfig, kubeconfigText(serving), { mode: 0o600 });
    const read = await readKubeconfig(kubeconfig);
    if (!read.ok) throw new Error(read.message);
    const client = new KubeClient(httpsTransport(read.value, "test-cluster"));
    const { url, authority, auditFile, route, tokenOf, stop } = serving;
    return {
      kind,
      url,
      kubeconfig,
      config: read.value,
      kubectl: kubectlFor(kubeconfig, folder),
      client,
      folder,
      ...(auditFile === undefined ? {} : { auditFile }),
      async answerFor(namespace, name, port) {
        const service = valueOf(await client.get(services, { namespace, name }), `reading the Service ${name}`);
        const clusterIp = ownString(own(service, "spec"), "clusterIP") ?? "";
        route({ namespace, name, clusterIp }, port);
      },
      async kubeconfigOf(namespace, serviceAccount, server = url) {
        const path = join(folder, `kubeconfig-${namespace}-${serviceAccount}`);
        const token = await tokenOf(kubectlFor(kubeconfig, folder), namespace, serviceAccount);
        await writeFile(path, kubeconfigText({ url: server, authority, token }), { mode: 0o600 });
        return path;
      },
      async stop() {
        client.close();
        await stop();
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await serving?.stop();
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

const services: Resource = { group: "", version: "v1", plural: "services", kind: "Service", namespaced: true };

async function serveReal(folder: string): Promise<Serving> {
  const programs = findClusterPrograms();
  if (programs === undefined) {
    throw new Error("no kube-apiserver and etcd in KUBEBUILDER_ASSETS or on PATH; `npm run test:cluster` builds them");
  }
  const network = await startServiceNetwork(folder);
  try {
    const server = await startApiServer(programs, folder, network.egressFile);
    return {
      ...server,
      async tokenOf(kubectl, namespace, serviceAccount) {
        const ran = await kubectl(["create", "token", "-n", namespace, serviceAccount]);
        if (ran.status !== 0) throw new Error(ran.stderr);
        return ran.stdout.trim();
      },
      route: ({ clusterIp }, port) => network.route(`${clusterIp}:443`, port),
      async stop() {
        await server.stop();
        await network.stop();
      },
    };
  } catch (error) {
    await network.stop();
    throw error;
  }
}

async function serveSandbox(controllers: boolean): Promise<Serving> {
  const sandbox = await startSandbox({ controllers });
  return {
    url: sandbox.url,
    authority: sandbox.ca,
    token: sandbox.token,
    tokenOf(_kubectl, namespace, serviceAccount) {
      const name = `system:serviceaccount:${namespace}:${serviceAccount}`;
      const groups = ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"];
      return Promise.resolve(sandbox.tokenFor({ name, groups }));
    },
    route: ({ namespace, name }, port) => sandbox.mapService(namespace, name, port),
    stop: () => sandbox.close(),
  };
}

function kubeconfigText({ url, authority, token }: Pick<Serving, "url" | "authority" | "token">): string {
  const name = `test-${randomBytes(4).toString("hex")}`;
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      { name, cluster: { server: url, "certificate-authority-data": Buffer.from(authority).toString("base64") } },
    ],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
}

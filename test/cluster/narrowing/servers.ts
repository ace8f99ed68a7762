/** Replicas in this process, in a cluster that something else installed the product in, with short times for narrowing. */
import { openController, silentLog, type Controller, type Gap } from "@portcullis/controller";
import { readKubeconfig, systemClock } from "@portcullis/kube";
import { startBalancer } from "../balancer.ts";
import type { TestCluster } from "../cluster.ts";

export const systemNamespace = "gatekeeper-system";
export const configurationName = "gatekeeper-validating-webhook-configuration";
const service = "gatekeeper-webhook-service";

/** How one replica is to be. */
export interface ServerOptions {
  readonly narrow: boolean;
  /** Where it reaches the API server, where that is not where it is. */
  readonly apiServer?: string;
}

/** The replicas. */
export interface Servers {
  /** Starts one; resolves when it enforces and the Service leads to it. */
  start(pod: string, options: ServerOptions): Promise<void>;
  stop(pod: string): Promise<void>;
  /** The Service leads to these alone. */
  lead(...pods: readonly string[]): void;
  /** What was said of gaps, as `opened webhook-condition`. */
  readonly gaps: readonly string[];
  close(): Promise<void>;
}

export const quietMilliseconds = 300;
export const holdMilliseconds = 6000;

/** None yet, behind the Service, which is there. */
export async function openServers(cluster: TestCluster): Promise<Servers> {
  const balancer = await startBalancer();
  await cluster.answerFor(systemNamespace, service, balancer.port);
  const running = new Map<string, Controller>();
  const gaps: string[] = [];
  const say =
    (what: string) =>
    ({ kind }: Gap): void =>
      void gaps.push(`${what} ${kind}`);
  const lead = (...pods: readonly string[]): void => {
    const chosen = pods.length === 0 ? [...running.keys()] : pods;
    balancer.setBackends(chosen.flatMap((pod) => running.get(pod)?.port ?? []));
  };
  return {
    gaps,
    lead,
    async start(pod, { narrow, apiServer }) {
      const path = await cluster.kubeconfigOf(systemNamespace, "gatekeeper-admin", apiServer);
      const read = await readKubeconfig(path);
      if (!read.ok) throw new Error(read.message);
      const controller = openController({
        cluster: read.value,
        log: silentLog,
        clock: systemClock,
        reporter: { pod, namespace: systemNamespace, operations: ["status", "webhook"] },
        denialForm: "classic",
        exemptNamespaces: { names: [systemNamespace], prefixes: [], suffixes: [] },
        observers: { gaps: { opened: say("opened"), closed: say("closed"), tell: () => {} } },
        installs: false,
        certificates: { kind: "secret", secret: "gatekeeper-webhook-server-cert", service },
        webhook: {
          host: "127.0.0.1",
          port: 0,
          failurePolicy: "Fail",
          timeoutSeconds: 3,
          registration: {
            kind: "adopt",
            validating: [configurationName],
            mutating: [],
            narrow,
            quietMilliseconds,
            holdMilliseconds,
          },
        },
      });
      running.set(pod, controller);
      await controller.ready;
      lead();
    },
    async stop(pod) {
      const controller = running.get(pod);
      running.delete(pod);
      lead();
      await controller?.stop();
    },
    async close() {
      await Promise.all([...running.values()].map((controller) => controller.stop()));
      await balancer.stop();
    },
  };
}

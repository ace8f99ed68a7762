/** The server as it runs in a cluster, for a bench to pin to a core. */
import { silentLog, startController } from "@portcullis/controller";
import { makeMetrics, serveHealthBeside, serveMetrics } from "@portcullis/controller/manager";
import { systemClock, type ClusterConfig } from "@portcullis/kube";

/** Where the API server is; in a cluster the server knows it without a kubeconfig and its reader. */
export interface ServerOrder {
  readonly cluster: Omit<ClusterConfig, "authorization">;
  readonly token: string;
}

process.once("message", ({ cluster, token }: ServerOrder) => {
  void serve({ ...cluster, authorization: () => Promise.resolve(token) });
});
process.once("disconnect", () => process.exit());

async function serve(cluster: ClusterConfig): Promise<void> {
  // Counted as in a cluster, logged not at all: the log is a pipe to whoever runs it.
  const metrics = makeMetrics({ now: systemClock.now, runtime: true });
  const { admission, sync } = metrics;
  // What stands beside it takes memory as well.
  const loopback = { host: "127.0.0.1", port: 0 };
  await serveMetrics(metrics, loopback);
  await serveHealthBeside({ live: [], ready: [], log: silentLog, clock: systemClock }, loopback);
  const controller = await startController({
    observers: { admission, sync },
    cluster,
    log: silentLog,
    clock: systemClock,
    reporter: { pod: "bench", namespace: "gatekeeper-system", operations: ["status", "webhook"] },
    denialForm: "current",
    exemptNamespaces: { names: ["gatekeeper-system"], prefixes: [], suffixes: [] },
    webhook: { host: "127.0.0.1", port: 0, failurePolicy: "Fail", timeoutSeconds: 3 },
  });
  process.send?.({ port: controller.port });
}

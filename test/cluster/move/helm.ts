import { execFile } from "node:child_process";
import { join } from "node:path";
import { findOracle } from "../../oracle/oracle.ts";
import type { TestCluster } from "../cluster.ts";
import type { Ran } from "../kubectl.ts";

/** Helm against a cluster; what it keeps of its own goes with the cluster. */
export function helmFor(cluster: TestCluster): (args: readonly string[]) => Promise<Ran> {
  const home = join(cluster.folder, "helm");
  const env = {
    PATH: process.env["PATH"],
    HOME: home,
    KUBECONFIG: cluster.kubeconfig,
    HELM_CACHE_HOME: home,
    HELM_CONFIG_HOME: home,
    HELM_DATA_HOME: home,
  };
  return (args) =>
    new Promise((resolve, reject) => {
      execFile(findOracle("helm") ?? "", [...args], { env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
        const code = error === null ? 0 : error.code;
        if (typeof code === "number") resolve({ status: code, stdout, stderr });
        else reject(error ?? new Error("helm did not end"));
      });
    });
}

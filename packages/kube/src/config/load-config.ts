import { homedir } from "node:os";
import { join } from "node:path";
import { inClusterConfig } from "./in-cluster.ts";
import { readKubeconfig, type ConfigReading } from "./kubeconfig.ts";

/** What the user said about the cluster; all of it optional. */
export interface ConfigWish {
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** The configuration in kubectl's order: the named file, `KUBECONFIG`, the Pod's own, `~/.kube/config`. */
export async function loadConfig(
  wish: ConfigWish,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ConfigReading> {
  // Of several files in KUBECONFIG the first counts; merging them is kubectl's own art.
  const named = wish.kubeconfig ?? environment["KUBECONFIG"]?.split(":").find((path) => path !== "");
  if (named !== undefined) return readKubeconfig(named, wish.context);
  const inside = await inClusterConfig(environment);
  if (inside !== undefined) return { ok: true, value: inside };
  return readKubeconfig(join(homedir(), ".kube", "config"), wish.context);
}

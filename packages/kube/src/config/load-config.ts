import { homedir } from "node:os";
import { join } from "node:path";
import { inClusterConfig } from "./in-cluster.ts";
import { configOf, readKubeconfig, type ConfigReading } from "./kubeconfig.ts";
import { readKubeconfigs } from "./kubeconfig-files.ts";

/** What the user said about the cluster; all of it optional. */
export interface ConfigWish {
  readonly kubeconfig?: string;
  readonly context?: string;
}

/**
 * The configuration in kubectl's order: the named file, the files of `KUBECONFIG` or `~/.kube/config`, and where none of
 * these is there, the Pod's own.
 */
export async function loadConfig(
  wish: ConfigWish,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ConfigReading> {
  if (wish.kubeconfig !== undefined) return readKubeconfig(wish.kubeconfig, wish.context);
  const named = environment["KUBECONFIG"] ?? "";
  const paths = named === "" ? [join(environment["HOME"] ?? homedir(), ".kube", "config")] : named.split(":");
  const read = await readKubeconfigs(paths, { mustExist: false });
  if (!read.ok) return read;
  if (read.value.place !== "") return configOf(read.value, wish.context);
  const inside = await inClusterConfig(environment);
  if (inside !== undefined) return { ok: true, value: inside };
  const looked = named === "" ? paths.join(":") : `KUBECONFIG=${named}`;
  return { ok: false, message: `there is no kubeconfig (${looked}); name one with --kubeconfig` };
}

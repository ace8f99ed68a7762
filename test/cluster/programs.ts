/** The programs of a real Kubernetes API: found as the ecosystem's own test tools find them, built only when asked. */
import { execFileSync } from "node:child_process";
import { accessSync, constants, mkdirSync, renameSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** Kubernetes' version that the go.mod beside this file pins. */
export const kubernetesVersion = "1.36.3";

const sources = {
  etcd: "go.etcd.io/etcd/server/v3",
  "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
} as const;

/** The paths of the programs that make an API server. */
export interface ClusterPrograms {
  readonly etcd: string;
  readonly apiServer: string;
}

/** Where built programs are kept: outside the checkout, so that every clone shares them. */
function cacheFolder(): string {
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  return join(cache, "portcullis", `kubernetes-${kubernetesVersion}`);
}

/** The programs in `KUBEBUILDER_ASSETS`, on PATH or among what was built; undefined where one is in none of them. */
export function findClusterPrograms(): ClusterPrograms | undefined {
  const assets = process.env["KUBEBUILDER_ASSETS"] ?? "";
  const folders = [...(assets === "" ? [] : [assets]), ...(process.env["PATH"] ?? "").split(delimiter), cacheFolder()];
  const find = (name: string): string | undefined =>
    folders.map((folder) => join(folder, name)).find((path) => isExecutable(path));
  const etcd = find("etcd");
  const apiServer = find("kube-apiserver");
  return etcd === undefined || apiServer === undefined ? undefined : { etcd, apiServer };
}

/** The programs, built with the machine's Go where they are not there (minutes, once). Undefined where there is no Go. */
export function buildClusterPrograms(): ClusterPrograms | undefined {
  const found = findClusterPrograms();
  if (found !== undefined) return found;
  try {
    execFileSync("go", ["version"], { stdio: "ignore" });
  } catch {
    // There is no Go to build with.
    return undefined;
  }
  mkdirSync(cacheFolder(), { recursive: true });
  const [major = "", minor = ""] = kubernetesVersion.split(".");
  const version = "k8s.io/component-base/version";
  const flags = [
    "-s -w",
    `-X ${version}.gitVersion=v${kubernetesVersion}`,
    `-X ${version}.gitMajor=${major}`,
    `-X ${version}.gitMinor=${minor}`,
  ].join(" ");
  for (const [name, source] of Object.entries(sources)) {
    const path = join(cacheFolder(), name);
    if (isExecutable(path)) continue;
    process.stderr.write(`building ${name} (once; it is kept in ${cacheFolder()})\n`);
    // Under another name until it is whole, so that a build that broke off is never found.
    const draft = `${path}.${process.pid}`;
    execFileSync("go", ["build", "-ldflags", flags, "-o", draft, source], {
      cwd: import.meta.dirname,
      stdio: "inherit",
    });
    renameSync(draft, path);
  }
  return findClusterPrograms();
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there, or not to be run.
    return false;
  }
}

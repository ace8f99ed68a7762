import { readFile } from "node:fs/promises";
import { authorityFile } from "./authority-file.ts";
import type { ClusterConfig } from "./cluster-config.ts";

const folder = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The configuration of a Pod with a service account, or undefined outside of one. */
export async function inClusterConfig(
  environment: Readonly<Record<string, string | undefined>>,
  from: string = folder,
): Promise<ClusterConfig | undefined> {
  const host = environment["KUBERNETES_SERVICE_HOST"];
  const port = environment["KUBERNETES_SERVICE_PORT"];
  if (host === undefined || port === undefined) return undefined;
  const authorityPath = `${from}/ca.crt`;
  const certificateAuthority = await readFile(authorityPath, "utf8");
  const namespace = (await readFile(`${from}/namespace`, "utf8")).trim();
  return {
    server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
    certificateAuthority,
    // The kubelet renews both in their files, so they are read when they are used.
    authorityNow: authorityFile(authorityPath, certificateAuthority),
    authorization: async () => `Bearer ${(await readFile(`${from}/token`, "utf8")).trim()}`,
    namespace,
  };
}

import { readFile } from "node:fs/promises";
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
  const certificateAuthority = await readFile(`${from}/ca.crt`, "utf8");
  const namespace = (await readFile(`${from}/namespace`, "utf8")).trim();
  return {
    server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
    certificateAuthority,
    // The kubelet renews the token in the file, so it is read when it is used.
    authorization: async () => `Bearer ${(await readFile(`${from}/token`, "utf8")).trim()}`,
    namespace,
  };
}

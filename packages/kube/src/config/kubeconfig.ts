import { readFile } from "node:fs/promises";
import { own, ownString, writeJson, type JsonObject } from "@portcullis/objects";
import { authorityFile } from "./authority-file.ts";
import type { ClusterConfig } from "./cluster-config.ts";
import { readKubeconfigs, type Kubeconfig } from "./kubeconfig-files.ts";

/** A configuration, or what is wrong with the file it should come from. */
export type ConfigReading =
  | { readonly ok: true; readonly value: ClusterConfig }
  | { readonly ok: false; readonly message: string };

/** The cluster that the current context of one kubeconfig names, or another context of it. */
export async function readKubeconfig(path: string, contextName?: string): Promise<ConfigReading> {
  const read = await readKubeconfigs([path], { mustExist: true });
  return read.ok ? configOf(read.value, contextName) : read;
}

/**
 * The cluster that a context names, the current one where none is named. Tokens and client certificates are read here;
 * whoever signs in by a plugin or an identity provider is handed to the Kubernetes client's own code, which takes half a
 * second to load and is therefore loaded only then.
 */
export async function configOf(kubeconfig: Kubeconfig, contextName?: string): Promise<ConfigReading> {
  const { place, currentContext, clusters, users, contexts } = kubeconfig;
  const name = contextName ?? currentContext;
  if (name === "") return { ok: false, message: `${place} has no current-context; set one or name one with --context` };
  const context = contexts.get(name);
  if (context === undefined) return { ok: false, message: `${place} has no context \`${name}\`` };
  const cluster = clusters.get(ownString(context, "cluster") ?? "");
  if (cluster === undefined) {
    return {
      ok: false,
      message: `${place}: the context \`${name}\` names the cluster \`${ownString(context, "cluster")}\`, which is not there`,
    };
  }
  const user = users.get(ownString(context, "user") ?? "") ?? {};
  if (own(user, "exec") !== undefined || own(user, "auth-provider") !== undefined) {
    return viaLibrary(place, name, cluster, user, context);
  }
  try {
    return { ok: true, value: await plainConfig(cluster, user, ownString(context, "namespace")) };
  } catch (error) {
    return { ok: false, message: `${place}: ${messageOf(error)}` };
  }
}

async function plainConfig(
  cluster: JsonObject,
  user: JsonObject,
  namespace: string | undefined,
): Promise<ClusterConfig> {
  const server = ownString(cluster, "server");
  if (server === undefined) throw new Error("the cluster has no server");
  const material = async (object: JsonObject, key: string): Promise<string | undefined> => {
    const data = ownString(object, `${key}-data`) ?? "";
    if (data !== "") return Buffer.from(data, "base64").toString("utf8");
    const file = ownString(object, key) ?? "";
    return file === "" ? undefined : readFile(file, "utf8");
  };
  const certificateAuthority = await material(cluster, "certificate-authority");
  const clientCertificate = await material(user, "client-certificate");
  const clientKey = await material(user, "client-key");
  const tlsServerName = ownString(cluster, "tls-server-name");
  const authorization = authorizationOf(user);
  return {
    server,
    namespace: namespace ?? "default",
    insecureSkipTlsVerify: own(cluster, "insecure-skip-tls-verify") === true,
    ...(certificateAuthority === undefined ? {} : { certificateAuthority }),
    ...(certificateAuthority === undefined || (ownString(cluster, "certificate-authority-data") ?? "") !== ""
      ? {}
      : { authorityNow: authorityFile(ownString(cluster, "certificate-authority") ?? "", certificateAuthority) }),
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
    ...(clientKey === undefined ? {} : { clientKey }),
    ...(tlsServerName === undefined ? {} : { tlsServerName }),
    ...(authorization === undefined ? {} : { authorization }),
  };
}

function authorizationOf(user: JsonObject): ClusterConfig["authorization"] {
  const tokenFile = ownString(user, "tokenFile") ?? "";
  if (tokenFile !== "") return async () => `Bearer ${(await readFile(tokenFile, "utf8")).trim()}`;
  const token = ownString(user, "token") ?? "";
  if (token !== "") return () => Promise.resolve(`Bearer ${token}`);
  const username = ownString(user, "username");
  if (username !== undefined) {
    const encoded = Buffer.from(`${username}:${ownString(user, "password") ?? ""}`).toString("base64");
    return () => Promise.resolve(`Basic ${encoded}`);
  }
  return undefined;
}

/** Plugins and identity providers: the Kubernetes client's own code, which users' configurations are tried with. */
async function viaLibrary(
  place: string,
  contextName: string,
  cluster: JsonObject,
  user: JsonObject,
  context: JsonObject,
): Promise<ConfigReading> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  try {
    config.loadFromString(
      writeJson({
        clusters: [{ name: ownString(context, "cluster") ?? "", cluster }],
        users: [{ name: ownString(context, "user") ?? "", user }],
        contexts: [{ name: contextName, context }],
        "current-context": contextName,
      }),
    );
    const current = config.getCurrentCluster();
    if (current === null) return { ok: false, message: `${place} names no cluster` };
    const options: Parameters<typeof config.applyToHTTPSOptions>[0] = {};
    await config.applyToHTTPSOptions(options);
    return {
      ok: true,
      value: {
        server: current.server,
        namespace: ownString(context, "namespace") ?? "default",
        insecureSkipTlsVerify: current.skipTLSVerify === true,
        ...pemOf("certificateAuthority", options.ca),
        ...pemOf("clientCertificate", options.cert),
        ...pemOf("clientKey", options.key),
        authorization: async () => {
          const fresh: Parameters<typeof config.applyToHTTPSOptions>[0] = {};
          await config.applyToHTTPSOptions(fresh);
          const headers: unknown = fresh.headers;
          return ownString(headers, "Authorization") ?? ownString(headers, "authorization");
        },
      },
    };
  } catch (error) {
    return {
      ok: false,
      message: `${place}: signing in for the context \`${contextName}\` failed: ${messageOf(error)}`,
    };
  }
}

function pemOf<K extends string>(key: K, value: unknown): { readonly [P in K]?: string } {
  if (typeof value !== "string" && !Buffer.isBuffer(value)) return {};
  // A computed key widens to an index signature; the value is the one property that the return type names.
  return { [key]: value.toString() } as { readonly [P in K]?: string };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

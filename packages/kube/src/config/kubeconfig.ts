import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { isJsonArray, isJsonObject, own, ownString, type JsonObject, type JsonValue } from "@portcullis/objects";
import type { ClusterConfig } from "./cluster-config.ts";

/** A configuration, or what is wrong with the file it should come from. */
export type ConfigReading =
  | { readonly ok: true; readonly value: ClusterConfig }
  | { readonly ok: false; readonly message: string };

/**
 * The cluster that a kubeconfig's current context names, or another context of it. Tokens and client certificates are
 * read here; whoever signs in by a plugin or an identity provider is handed to the Kubernetes client's own code, which
 * takes half a second to load and is therefore loaded only then.
 */
export async function readKubeconfig(path: string, contextName?: string): Promise<ConfigReading> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    return { ok: false, message: `cannot read the kubeconfig ${path}: ${messageOf(error)}` };
  }
  const { readYaml, formatYamlDiagnostic } = await import("@portcullis/objects/yaml");
  const { documents, diagnostics } = readYaml(text, path);
  const problem = diagnostics.find((diagnostic) => diagnostic.severity === "error");
  if (problem !== undefined) return { ok: false, message: formatYamlDiagnostic(problem) };
  const config = documents[0]?.value;
  const name = contextName ?? ownString(config, "current-context") ?? "";
  if (name === "") return { ok: false, message: `${path} has no current-context; set one or name one with --context` };
  const context = named(config, "contexts", "context", name);
  if (context === undefined) return { ok: false, message: `${path} has no context \`${name}\`` };
  const cluster = named(config, "clusters", "cluster", ownString(context, "cluster") ?? "");
  if (cluster === undefined) {
    return {
      ok: false,
      message: `${path}: the context \`${name}\` names the cluster \`${ownString(context, "cluster")}\`, which is not there`,
    };
  }
  const user = named(config, "users", "user", ownString(context, "user") ?? "") ?? {};
  if (own(user, "exec") !== undefined || own(user, "auth-provider") !== undefined) return viaLibrary(path, name);
  try {
    return { ok: true, value: await plainConfig(dirname(path), cluster, user, ownString(context, "namespace")) };
  } catch (error) {
    return { ok: false, message: `${path}: ${messageOf(error)}` };
  }
}

async function plainConfig(
  folder: string,
  cluster: JsonObject,
  user: JsonObject,
  namespace: string | undefined,
): Promise<ClusterConfig> {
  const server = ownString(cluster, "server");
  if (server === undefined) throw new Error("the cluster has no server");
  const material = async (object: JsonObject, key: string): Promise<string | undefined> => {
    const data = ownString(object, `${key}-data`);
    if (data !== undefined) return Buffer.from(data, "base64").toString("utf8");
    const file = ownString(object, key);
    return file === undefined ? undefined : readFile(isAbsolute(file) ? file : join(folder, file), "utf8");
  };
  const certificateAuthority = await material(cluster, "certificate-authority");
  const clientCertificate = await material(user, "client-certificate");
  const clientKey = await material(user, "client-key");
  const tlsServerName = ownString(cluster, "tls-server-name");
  const authorization = authorizationOf(folder, user);
  return {
    server,
    namespace: namespace ?? "default",
    insecureSkipTlsVerify: own(cluster, "insecure-skip-tls-verify") === true,
    ...(certificateAuthority === undefined ? {} : { certificateAuthority }),
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
    ...(clientKey === undefined ? {} : { clientKey }),
    ...(tlsServerName === undefined ? {} : { tlsServerName }),
    ...(authorization === undefined ? {} : { authorization }),
  };
}

function authorizationOf(folder: string, user: JsonObject): ClusterConfig["authorization"] {
  const tokenFile = ownString(user, "tokenFile");
  if (tokenFile !== undefined) {
    const path = isAbsolute(tokenFile) ? tokenFile : join(folder, tokenFile);
    return async () => `Bearer ${(await readFile(path, "utf8")).trim()}`;
  }
  const token = ownString(user, "token");
  if (token !== undefined) return () => Promise.resolve(`Bearer ${token}`);
  const username = ownString(user, "username");
  if (username !== undefined) {
    const encoded = Buffer.from(`${username}:${ownString(user, "password") ?? ""}`).toString("base64");
    return () => Promise.resolve(`Basic ${encoded}`);
  }
  return undefined;
}

/** Plugins and identity providers: the Kubernetes client's own code, which users' configurations are tried with. */
async function viaLibrary(path: string, contextName: string): Promise<ConfigReading> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  try {
    config.loadFromFile(path);
    config.setCurrentContext(contextName);
    const cluster = config.getCurrentCluster();
    if (cluster === null) return { ok: false, message: `${path} names no cluster` };
    const options: Parameters<typeof config.applyToHTTPSOptions>[0] = {};
    await config.applyToHTTPSOptions(options);
    return {
      ok: true,
      value: {
        server: cluster.server,
        namespace: config.getContextObject(contextName)?.namespace ?? "default",
        insecureSkipTlsVerify: cluster.skipTLSVerify === true,
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
    return { ok: false, message: `${path}: signing in for the context \`${contextName}\` failed: ${messageOf(error)}` };
  }
}

function pemOf<K extends string>(key: K, value: unknown): { readonly [P in K]?: string } {
  if (typeof value !== "string" && !Buffer.isBuffer(value)) return {};
  // A computed key widens to an index signature; the value is the one property that the return type names.
  return { [key]: value.toString() } as { readonly [P in K]?: string };
}

function named(config: JsonValue | undefined, list: string, field: string, name: string): JsonObject | undefined {
  const entries = own(config, list);
  if (!isJsonArray(entries)) return undefined;
  const found = own(
    entries.find((entry) => ownString(entry, "name") === name),
    field,
  );
  return isJsonObject(found) ? found : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The real Gatekeeper beside a test cluster, to hold our answers against its. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createAuthority, issueCertificate } from "@portcullis/certs";
import { freePorts } from "../loopback.ts";
import { buildOracle, findOracle } from "../oracle/oracle.ts";
import type { TestCluster } from "./cluster.ts";
import { startProgram, untilServing } from "./program.ts";
import { getPlainly } from "./requests.ts";

/** A Gatekeeper that enforces. */
export interface Gatekeeper {
  /** Where its webhook is asked, on loopback. */
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

const namespace = "gatekeeper-system";
const pod = "gatekeeper-controller-manager";

/** Where Gatekeeper's own sources are, which its manifests and tests are read from; undefined where there is no Go. */
export function gatekeeperSources(): string | undefined {
  try {
    return execFileSync("go", ["list", "-m", "-f", "{{.Dir}}", "github.com/open-policy-agent/gatekeeper/v3"], {
      cwd: join(import.meta.dirname, "../oracle/gatekeeper"),
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    // Without Go, or without the module, there are no sources.
    return undefined;
  }
}

/** Installs the CRDs of the real Gatekeeper and runs it; undefined where it is neither built nor can be. */
export async function startGatekeeper(
  cluster: TestCluster,
  flags: readonly string[] = [],
): Promise<Gatekeeper | undefined> {
  const path = findOracle("gatekeeper") ?? buildOracle("gatekeeper");
  const sources = gatekeeperSources();
  if (path === undefined || sources === undefined) return undefined;
  await install(cluster, sources);
  const [port = 0, health = 0] = await freePorts(2);
  const certificates = await writeCertificates(cluster.folder);
  mkdirSync(join(cluster.folder, "api-cache"));
  const program = startProgram(
    path,
    [
      "--operation=webhook",
      "--operation=status",
      "--operation=generate",
      "--disable-cert-rotation",
      `--cert-dir=${certificates}`,
      `--api-cache-dir=${join(cluster.folder, "api-cache")}`,
      "--host=127.0.0.1",
      `--port=${port}`,
      `--health-addr=127.0.0.1:${health}`,
      "--prometheus-port=0",
      "--metrics-addr=0",
      "--exempt-namespace=gatekeeper-system",
      "--disable-opa-builtin={http.send}",
      ...flags,
    ],
    { ...process.env, KUBECONFIG: cluster.kubeconfig, POD_NAMESPACE: namespace, POD_NAME: pod },
  );
  try {
    await untilServing("gatekeeper", program, async () => (await getPlainly(health, "/readyz")).status === 200);
  } catch (error) {
    await program.stop("SIGKILL");
    throw error;
  }
  return {
    port,
    pid: program.child.pid ?? 0,
    stop: () => program.stop("SIGKILL"),
  };
}

/** Waits until Gatekeeper says of every one of these constraints, each a manifest, that it is enforced. */
export async function untilEnforced(cluster: TestCluster, constraints: readonly string[]): Promise<void> {
  for (const input of constraints) {
    const enforced = ["--for=jsonpath={.status.byPod[0].enforced}=true", "--timeout=30s"];
    const waited = await cluster.kubectl(["wait", ...enforced, "-f", "-"], { input });
    if (waited.status !== 0) throw new Error(`waiting for Gatekeeper to enforce: ${waited.stderr}`);
  }
}

async function install(cluster: TestCluster, sources: string): Promise<void> {
  const manifest = readFileSync(join(sources, "deploy/gatekeeper.yaml"), "utf8");
  const crds = manifest.split(/^---$/m).filter((text) => /^kind: (CustomResourceDefinition|Namespace)$/m.test(text));
  const applied = await cluster.kubectl(["apply", "--server-side", "-f", "-"], { input: crds.join("---\n") });
  if (applied.status !== 0) throw new Error(`installing Gatekeeper's CRDs: ${applied.stderr}`);
  const created = await cluster.kubectl(["apply", "-f", "-"], { input: JSON.stringify(ownPod()) });
  if (created.status !== 0) throw new Error(`making Gatekeeper's Pod: ${created.stderr}`);
  const established = await cluster.kubectl(["wait", "--for=condition=established", "--timeout=30s", "crd", "--all"]);
  if (established.status !== 0) throw new Error(established.stderr);
}

/** The Pod it takes itself for; its namespace enforces the restricted security standard. */
function ownPod(): object {
  const securityContext = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: pod, namespace },
    spec: { containers: [{ name: "manager", image: "gatekeeper", securityContext }] },
  };
}

async function writeCertificates(parent: string): Promise<string> {
  const folder = join(parent, "gatekeeper-certificates");
  mkdirSync(folder);
  const notBefore = new Date(Date.now() - 3_600_000);
  const notAfter = new Date(Date.now() + 24 * 3_600_000);
  const authority = await createAuthority({ commonName: "gatekeeper-ca", notBefore, notAfter });
  const leaf = await issueCertificate(authority, {
    commonName: "gatekeeper",
    names: ["127.0.0.1"],
    notBefore,
    notAfter,
  });
  writeFileSync(join(folder, "ca.crt"), authority.certificate);
  writeFileSync(join(folder, "tls.crt"), leaf.certificate);
  writeFileSync(join(folder, "tls.key"), leaf.privateKey, { mode: 0o600 });
  return folder;
}

/** The real Gatekeeper on a real API server, with the same policies and asked by the same load. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isJsonArray, own, ownPath, ownString, type JsonObject } from "@portcullis/objects";
import { valueOf, type Resource } from "@portcullis/kube";
import { availableClusters, startCluster, type TestCluster } from "../../test/cluster/cluster.ts";
import { startGatekeeper } from "../../test/cluster/gatekeeper.ts";
import { findOracle } from "../../test/oracle/oracle.ts";
import type { PolicySet } from "./policies.ts";
import { figuresOf, type ServerProcess } from "./processes.ts";

/** A Gatekeeper that enforces what it is given. */
export interface GatekeeperContender {
  readonly server: ServerProcess;
  /** Whom it is certified by. */
  readonly ca: string;
  /** Puts these policies in the place of those before; resolves when they are enforced. */
  enforce(policies: PolicySet): Promise<void>;
}

/** Starts it on the first core; undefined, with a word about why, where it or the API server is not built. */
export async function startGatekeeperContender(): Promise<GatekeeperContender | undefined> {
  const missing = [
    ...(findOracle("gatekeeper") === undefined ? ["node --conditions=source test/oracle/oracle.ts gatekeeper"] : []),
    ...(availableClusters().includes("kube-apiserver") ? [] : ["npm run test:cluster"]),
  ];
  if (missing.length > 0) {
    process.stderr.write(`without Gatekeeper: it is built by ${missing.join(" and ")}\n`);
    return undefined;
  }
  const cluster = await startCluster("kube-apiserver");
  try {
    // As ours: Rego alone.
    const gatekeeper = await startGatekeeper(cluster, ["--enable-k8s-native-validation=false"]);
    if (gatekeeper === undefined) throw new Error("Gatekeeper's sources are not there");
    spawnSync("taskset", ["-a", "-c", "-p", "0", String(gatekeeper.pid)]);
    await cluster.kubectl(["create", "namespace", "shop"]);
    return {
      server: {
        port: gatekeeper.port,
        startMilliseconds: Number.NaN,
        ...figuresOf(gatekeeper.pid),
        async stop() {
          await gatekeeper.stop();
          await cluster.stop();
        },
      },
      ca: readFileSync(join(cluster.folder, "gatekeeper-certificates/ca.crt"), "utf8"),
      enforce: (policies) => enforce(cluster, policies),
    };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

async function enforce(cluster: TestCluster, { templates, constraints }: PolicySet): Promise<void> {
  await cluster.kubectl(["delete", "constrainttemplates", "--all", "--wait=true"]);
  await apply(cluster, templates);
  const kinds = [...new Set(constraints.map((constraint) => ownString(constraint, "kind") ?? ""))];
  await until("the constraints' kinds", async () => {
    const served = await cluster.client.discover("constraints.gatekeeper.sh", "v1beta1");
    return kinds.every((kind) => served.some((resource) => resource.kind === kind));
  });
  await apply(cluster, constraints);
  await until("the constraints to be enforced", async () => {
    const listed = await Promise.all(kinds.map(async (kind) => cluster.client.list(constraintsOf(kind))));
    const all = listed.flatMap((list) => valueOf(list, "listing constraints").items);
    return all.length === constraints.length && all.every(isEnforced);
  });
}

async function apply(cluster: TestCluster, objects: readonly JsonObject[]): Promise<void> {
  const list = { apiVersion: "v1", kind: "List", items: objects };
  // Its kinds may be a moment old.
  await until("objects to be applied", async () => {
    const ran = await cluster.kubectl(["apply", "--server-side", "-f", "-"], { input: JSON.stringify(list) });
    return ran.status === 0;
  });
}

function isEnforced(constraint: JsonObject): boolean {
  const byPod = ownPath(constraint, "status", "byPod");
  return isJsonArray(byPod) && byPod.length > 0 && byPod.every((entry) => own(entry, "enforced") === true);
}

function constraintsOf(kind: string): Resource {
  return {
    group: "constraints.gatekeeper.sh",
    version: "v1beta1",
    plural: kind.toLowerCase(),
    kind,
    namespaced: false,
  };
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 120_000;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`waited two minutes for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

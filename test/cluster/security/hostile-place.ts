/** Where hostile reviews are asked about: by the real Gatekeeper, and by a server of ours in this very process. */
import { openController, silentLog, type Controller } from "@portcullis/controller";
import { systemClock } from "@portcullis/kube";
import { own, ownString, readJson } from "@portcullis/objects";
import { findOracle } from "../../oracle/oracle.ts";
import { freePorts } from "../../loopback.ts";
import { startCluster, type ClusterKind, type TestCluster } from "../cluster.ts";
import { startGatekeeper, untilEnforced } from "../gatekeeper.ts";
import { askOverTls } from "../requests.ts";
import { hostileConstraints, hostileNamespaces, hostileReviews, hostileTemplate } from "./hostile-reviews.ts";

/** What was said of a review. */
export interface HostileAnswer {
  readonly verdict: "admitted" | "denied" | "refused";
  /** The violations in one order, or why it was refused. */
  readonly text: string;
}

/** The place. */
export interface HostilePlace {
  /** Undefined where there is no Gatekeeper, or no API server that it could speak to. */
  askGatekeeper(): Promise<readonly HostileAnswer[] | undefined>;
  askUs(): Promise<readonly HostileAnswer[]>;
  stop(): Promise<void>;
}

/** Starts a cluster. */
export async function startHostile(kind: ClusterKind): Promise<HostilePlace> {
  const cluster = await startCluster(kind);
  return {
    async askGatekeeper() {
      if (kind !== "kube-apiserver" || findOracle("gatekeeper") === undefined) return undefined;
      const gatekeeper = await startGatekeeper(cluster, ["--enable-k8s-native-validation=false"]);
      if (gatekeeper === undefined) return undefined;
      try {
        await installHostile(cluster);
        await untilEnforced(cluster, hostileConstraints);
        return await askAll(gatekeeper.port);
      } finally {
        await gatekeeper.stop();
      }
    },
    async askUs() {
      const [port = 0] = await freePorts(1);
      const controller: Controller = openController({
        cluster: cluster.config,
        log: silentLog,
        clock: systemClock,
        reporter: { pod: "hostile", namespace: "gatekeeper-system", operations: ["status", "webhook"] },
        denialForm: "current",
        exemptNamespaces: { names: ["gatekeeper-system"], prefixes: [], suffixes: [] },
        webhook: { host: "127.0.0.1", port, failurePolicy: "Ignore", timeoutSeconds: 10 },
      });
      try {
        await controller.ready;
        // What is applied is in force then.
        await installHostile(cluster);
        return await askAll(port);
      } finally {
        await controller.stop();
      }
    },
    stop: () => cluster.stop(),
  };
}

/** Through kubectl, which reads the texts by itself. */
async function installHostile(cluster: TestCluster): Promise<void> {
  const apply = async (input: string): Promise<void> => {
    let said = "";
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const done = await cluster.kubectl(["apply", "-f", "-"], { input });
      if (done.status === 0) return;
      said = done.stderr;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(said);
  };
  for (const each of hostileNamespaces) await apply(JSON.stringify(each));
  await apply(JSON.stringify(hostileTemplate));
  for (const each of hostileConstraints) await apply(each);
}

async function askAll(port: number): Promise<readonly HostileAnswer[]> {
  const answers: HostileAnswer[] = [];
  for (const { body } of hostileReviews) answers.push(readAnswer(await ask(port, body)));
  return answers;
}

async function ask(port: number, body: string): Promise<string> {
  try {
    // Gatekeeper takes minutes for some things that are deep, and does not stop.
    return (await askOverTls({ port, path: "/v1/admit?timeout=10s", body, milliseconds: 20_000 })).text;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function readAnswer(text: string): HostileAnswer {
  const parsed = readJson(text);
  const response = parsed.ok ? own(parsed.value, "response") : undefined;
  if (response === undefined) return { verdict: "refused", text };
  const status = own(response, "status");
  const message = ownString(status, "message") ?? "";
  if (own(response, "allowed") === true) return { verdict: "admitted", text: "" };
  if (own(status, "code") !== 403) return { verdict: "refused", text: message };
  const lines = message.split("\n").toSorted((one, other) => (one < other ? -1 : 1));
  return { verdict: "denied", text: lines.join("\n") };
}

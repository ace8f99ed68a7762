/**
 * A real Gatekeeper that enforces in a cluster, from its own chart, with policies in force and somebody who writes all the
 * time: what a move begins with.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isJsonArray, isJsonObject, own, ownPath, ownString, readJson, type JsonObject } from "@portcullis/objects";
import { findOracle } from "../../oracle/oracle.ts";
import { availableClusters, startCluster, type TestCluster } from "../cluster.ts";
import { gatekeeperSources } from "../gatekeeper.ts";
import type { Ran } from "../kubectl.ts";
import { getPlainly } from "../requests.ts";
import { startFleet, type Fleet } from "./fleet.ts";
import { helmFor } from "./helm.ts";
import { readFamilies } from "./metrics-text.ts";
import { startWriter, type Stray, type Write, type Writer } from "./writer.ts";

/** What a move is done with, and looked at by. */
export interface Scene {
  readonly cluster: TestCluster;
  readonly fleet: Fleet;
  /** Runs Helm; fails where Helm does. */
  helm(...argv: readonly string[]): Promise<void>;
  /** Runs kubectl; fails where kubectl does. */
  kubectl(argv: readonly string[], input?: string): Promise<Ran>;
  /** The objects of these kinds, in all namespaces. */
  items(resources: string): Promise<readonly JsonObject[]>;
  /** Resolves when these Pods and no others say that every policy is in force. */
  untilSaid(names: readonly string[]): Promise<void>;
  /** The Pods that run and whose names begin so. */
  podsOf(beginning: string): readonly string[];
  /** Resolves when the Pods whose names begin so are asked nothing any more, though there are writes. */
  untilUnasked(beginning: string): Promise<void>;
  /** Nothing was let through or refused that should not have been, but for what is known to be. */
  noStray(isKnown?: (stray: Stray) => boolean): void;
  /** The same once there were many more writes of each sort. */
  noStrayFromNow(isKnown?: (stray: Stray) => boolean): Promise<void>;
  close(): Promise<void>;
}

export const root = join(import.meta.dirname, "../../..");
const sources = gatekeeperSources();
const isThere =
  availableClusters().includes("kube-apiserver") &&
  findOracle("helm") !== undefined &&
  findOracle("gatekeeper") !== undefined &&
  sources !== undefined;
/** Why there can be no scene; false where there can. */
export const without = isThere ? false : "kube-apiserver, helm and gatekeeper are not all built here";

/** Where all of it is. */
export const namespace = ["--namespace", "gatekeeper-system"];
/** What Gatekeeper is installed with. Hooks are Jobs, which nobody runs here. */
export const gatekeeper = [join(sources ?? "", "charts/gatekeeper"), ...namespace, "--no-hooks", "--set", "replicas=2"];
/**
 * Within three seconds of its start, ready or not, Gatekeeper empties its inventory for the Config that it has read, and
 * fills it again: until then nothing is there that a label could be taken by.
 */
export const knownOfItsStart = ({ what, status }: Stray): boolean => what === "a label twice" && status === 201;

const pod =
  (image: string) =>
  (name: string): JsonObject => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: { containers: [{ name: "main", image }] },
  });
const labelled =
  (value: (name: string) => string) =>
  (name: string): JsonObject => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: "playground", labels: { gatekeeper: value(name) } },
  });
const pods = "/api/v1/namespaces/default/pods";
const maps = "/api/v1/namespaces/playground/configmaps";
const writes: readonly Write[] = [
  { what: "a bad Pod", path: pods, body: pod("nginx"), denial: /\[(denied by )?allow-only-private-registry\]/ },
  { what: "a good Pod", path: pods, body: pod("private.example.com/nginx") },
  { what: "a label twice", path: maps, body: labelled(() => "taken"), denial: /\[(denied by )?label-is-unique\]/ },
  { what: "a label once", path: maps, body: labelled((name) => name) },
  {
    what: "a namespace that would be ignored",
    path: "/api/v1/namespaces?dryRun=All",
    body: (name) => ({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name, labels: { "admission.gatekeeper.sh/ignore": "yes" } },
    }),
    denial: /Only exempt namespace/,
  },
  {
    what: "a bad Pod in an exempt namespace",
    path: "/api/v1/namespaces/exempt/pods",
    body: (name) => ({ ...pod("nginx")(name), metadata: { name, namespace: "exempt" } }),
  },
];

/** Installs Gatekeeper and its policies, and begins to write; resolves when all of it is in force. */
export async function openScene(): Promise<Scene> {
  const cluster = await startCluster("kube-apiserver");
  const fleet = startFleet(cluster);
  const close = async (): Promise<void> => {
    await fleet.stop();
    await cluster.stop();
  };
  const kubectl = async (argv: readonly string[], input = ""): Promise<Ran> => {
    const ran = await cluster.kubectl(argv, { input });
    assert.equal(ran.status, 0, ran.stderr);
    return ran;
  };
  const helm = async (...argv: readonly string[]): Promise<void> => {
    const ran = await helmFor(cluster)(argv);
    assert.equal(ran.status, 0, ran.stderr);
  };
  const podsOf = (beginning: string): readonly string[] =>
    fleet
      .pods()
      .map(({ name }) => name)
      .filter((name) => name.startsWith(beginning));
  const items = async (resources: string): Promise<readonly JsonObject[]> => {
    const read = readJson((await kubectl(["get", resources, "-A", "-o", "json"])).stdout);
    const list = read.ok ? own(read.value, "items") : undefined;
    return (isJsonArray(list) ? list : []).filter(isJsonObject);
  };
  const untilSaid = async (names: readonly string[]): Promise<void> => {
    const wanted = names.toSorted();
    const until = performance.now() + 30_000;
    for (;;) {
      const said = sayings([...(await items("constrainttemplates")), ...(await items("constraints"))]);
      if (said.size === 5 && [...said.values()].every((each) => each.join() === wanted.join())) return;
      assert.ok(performance.now() < until, `${wanted.join()} is not what is said:\n${JSON.stringify([...said])}`);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  };
  try {
    await helm("install", "gatekeeper", ...gatekeeper, "--create-namespace");
    await kubectl(["label", "namespace", "gatekeeper-system", "admission.gatekeeper.sh/ignore=no-self-managing"]);
    await fleet.settled();
    for (const name of ["exempt", "playground"]) await kubectl(["create", "namespace", name]);
    const text = (path: string): string => readFileSync(join(root, path), "utf8");
    await kubectl(["apply", "-f", "-"], configText);
    await kubectl(["apply", "-f", "-"], text("examples/private-registry/constraint_template.yaml"));
    await kubectl(["apply", "-f", "-"], text("test/cluster/fixtures/unique-label.yaml"));
    await kubectl(["wait", "--for=jsonpath={.status.created}=true", "constrainttemplate", "--all", "--timeout=30s"]);
    // Gatekeeper admits it, and says in its status what is wrong with it.
    await kubectl(["apply", "-f", "-"], unsoundText);
    await kubectl(["apply", "-f", "-"], text("examples/private-registry/constraint.yaml"));
    await kubectl(["apply", "-f", "-"], text("test/cluster/fixtures/unique-label-constraint.yaml"));
    await kubectl(["apply", "-f", "-"], JSON.stringify(labelled(() => "taken")("first")));
    const writer = await startWriter(cluster, writes);
    await untilSaid(podsOf("gatekeeper"));
    await untilSteady(writer);
    const noStray: Scene["noStray"] = (isKnown = () => false) => {
      const { count, holes, failures } = writer.take();
      const unknown = [...holes, ...failures].filter((stray) => !isKnown(stray));
      assert.deepEqual(unknown, []);
      assert.ok(count > 20, `only ${count} writes`);
    };
    return {
      cluster,
      fleet,
      helm,
      kubectl,
      items,
      untilSaid,
      podsOf,
      async untilUnasked(beginning) {
        const asked = async (): Promise<number> => {
          const pods = fleet.pods().filter(({ name }) => name.startsWith(beginning));
          const texts = await Promise.all(pods.map(({ metricsPort }) => getPlainly(metricsPort, "/metrics")));
          return texts.reduce((sum, { text }) => sum + reviewsIn(text), 0);
        };
        const until = performance.now() + 30_000;
        for (let before = -1, now = await asked(); now !== before; before = now, now = await asked()) {
          assert.ok(performance.now() < until, `${beginning} is still asked`);
          await writer.more(10 * writes.length);
        }
      },
      noStray,
      async noStrayFromNow(isKnown) {
        await writer.more(40 * writes.length);
        noStray(isKnown);
      },
      async close() {
        await writer.stop();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** How many reviews a server has counted. */
function reviewsIn(text: string): number {
  const counted = readFamilies(text, "gatekeeper_validation_request_count").values();
  return [...counted].flatMap(({ series }) => [...series.values()]).reduce((sum, count) => sum + Number(count), 0);
}

/** Waits until what is written comes to what it must, many times in a row: Gatekeeper fills its inventory after its start. */
async function untilSteady(writer: Writer): Promise<void> {
  for (let round = 0; round < 30; round += 1) {
    writer.take();
    await writer.more(30 * writes.length);
    const { holes, failures } = writer.take();
    if (holes.length + failures.length === 0) return;
  }
  assert.fail("Gatekeeper did not come to enforce");
}

/** By kind and name: who says that the object is in force, in the order of the status. */
function sayings(objects: readonly JsonObject[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    objects.map((object) => {
      const byPod = ownPath(object, "status", "byPod");
      const entries = isJsonArray(byPod) ? byPod : [];
      const isBad = titleOf(object) === "ConstraintTemplate unsound";
      for (const entry of entries) assert.equal(own(entry, "errors") !== undefined, isBad, JSON.stringify(entry));
      return [titleOf(object), entries.map((entry) => ownString(entry, "id") ?? "")];
    }),
  );
}

/** An object by its kind and name. */
export function titleOf(object: JsonObject): string {
  return `${ownString(object, "kind")} ${ownString(own(object, "metadata"), "name")}`;
}

const unsoundText = `
apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: { name: unsound }
spec:
  crd: { spec: { names: { kind: Unsound } } }
  targets:
    - target: admission.k8s.gatekeeper.sh
      rego: |
        package unsound
        violation[{"msg": "no"}] { nobody.binds.this }
`;

const configText = `
apiVersion: config.gatekeeper.sh/v1alpha1
kind: Config
metadata: { name: config, namespace: gatekeeper-system }
spec:
  match: [{ processes: ["*"], excludedNamespaces: [exempt] }]
  sync:
    syncOnly: [{ group: "", version: v1, kind: ConfigMap }]
`;

/**
 * The move from a real Gatekeeper and back as docs/move-from-gatekeeper.md has it, command by command, while somebody
 * writes all the time: nothing is let through unreviewed, nothing is refused for nobody being there to answer.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { isJsonArray, isJsonObject, own, ownPath, ownString, readJson, type JsonObject } from "@portcullis/objects";
import { findOracle } from "../../oracle/oracle.ts";
import { availableClusters, startCluster, type TestCluster } from "../cluster.ts";
import { gatekeeperSources } from "../gatekeeper.ts";
import type { Ran } from "../kubectl.ts";
import { getPlainly } from "../requests.ts";
import { startFleet, type Fleet } from "./fleet.ts";
import { helmFor } from "./helm.ts";
import { readFamilies, type Family } from "./metrics-text.ts";
import { startWriter, type Write, type Writer } from "./writer.ts";

const root = join(import.meta.dirname, "../../..");
const sources = gatekeeperSources();
const isThere =
  availableClusters().includes("kube-apiserver") &&
  findOracle("helm") !== undefined &&
  findOracle("gatekeeper") !== undefined &&
  sources !== undefined;
const without = isThere ? false : "kube-apiserver, helm and gatekeeper are not all built here";

const namespace = ["--namespace", "gatekeeper-system"];
/** Hooks are Jobs, which nobody runs here. */
const gatekeeper = [join(sources ?? "", "charts/gatekeeper"), ...namespace, "--no-hooks", "--set", "replicas=2"];
const portcullis = [join(root, "charts/portcullis"), ...namespace, "--set", "namePrefix=portcullis,replicas=2"];
const quietly = ["--set", "validatingWebhookCheckIgnoreFailurePolicy=Ignore"];

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

describe("the move from Gatekeeper and back", { skip: without }, () => {
  let cluster: TestCluster | undefined;
  let fleet: Fleet | undefined;
  let writer: Writer | undefined;
  let crdsBefore: ReadonlyMap<string, string> | undefined;

  const parts = (): { cluster: TestCluster; fleet: Fleet; writer: Writer } => {
    assert.ok(cluster !== undefined && fleet !== undefined && writer !== undefined);
    return { cluster, fleet, writer };
  };
  const helm = async (...argv: readonly string[]): Promise<void> => {
    const ran = await helmFor(parts().cluster)(argv);
    assert.equal(ran.status, 0, ran.stderr);
  };
  const kubectl = async (argv: readonly string[], input = ""): Promise<Ran> => {
    assert.ok(cluster !== undefined);
    const ran = await cluster.kubectl(argv, { input });
    assert.equal(ran.status, 0, ran.stderr);
    return ran;
  };
  const items = async (resources: string): Promise<readonly JsonObject[]> => {
    const read = readJson((await kubectl(["get", resources, "-A", "-o", "json"])).stdout);
    const list = read.ok ? own(read.value, "items") : undefined;
    return (isJsonArray(list) ? list : []).filter(isJsonObject);
  };
  /** By kind and name: who says that the object is in force, in the order of the status. */
  const sayings = async (): Promise<ReadonlyMap<string, readonly string[]>> => {
    const objects = [...(await items("constrainttemplates")), ...(await items("constraints"))];
    return new Map(
      objects.map((object) => {
        const byPod = ownPath(object, "status", "byPod");
        const entries = isJsonArray(byPod) ? byPod : [];
        const isBad = titleOf(object) === "ConstraintTemplate unsound";
        for (const entry of entries) assert.equal(own(entry, "errors") !== undefined, isBad, JSON.stringify(entry));
        return [titleOf(object), entries.map((entry) => ownString(entry, "id") ?? "")];
      }),
    );
  };
  const untilSaid = async (names: readonly string[]): Promise<void> => {
    const wanted = names.toSorted();
    const until = performance.now() + 30_000;
    for (;;) {
      const said = await sayings();
      if (said.size === 5 && [...said.values()].every((each) => each.join() === wanted.join())) return;
      assert.ok(performance.now() < until, `${wanted.join()} is not what is said:\n${JSON.stringify([...said])}`);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  };
  const podsOf = (release: string): readonly string[] =>
    parts()
      .fleet.pods()
      .map(({ name }) => name)
      .filter((name) => name.startsWith(release));
  const noStray = (): void => {
    const { count, holes, failures } = parts().writer.take();
    assert.deepEqual({ holes, failures }, { holes: [], failures: [] });
    assert.ok(count > 20, `only ${count} writes`);
  };

  before(async () => {
    cluster = await startCluster("kube-apiserver");
    fleet = startFleet(cluster);
    writer = undefined;
    const ran = await helmFor(cluster)(["install", "gatekeeper", ...gatekeeper, "--create-namespace"]);
    assert.equal(ran.status, 0, ran.stderr);
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
    writer = await startWriter(cluster, writes);
    await untilSaid(podsOf("gatekeeper"));
    await new Promise((resolve) => setTimeout(resolve, 2000));
    crdsBefore = await schemas();
    writer.take();
  });
  after(async () => {
    await writer?.stop();
    await fleet?.stop();
    await cluster?.stop();
  });
  /** What each CRD is, without what is only there to be read. */
  async function schemas(): Promise<ReadonlyMap<string, string>> {
    const crds = await items("crds");
    return new Map(
      crds.map((crd) => {
        const left = (key: string, value: unknown): unknown =>
          key === "description" && typeof value === "string" ? undefined : value;
        const kept = { spec: own(crd, "spec"), labels: ownPath(crd, "metadata", "labels") };
        return [titleOf(crd), JSON.stringify(kept, left)];
      }),
    );
  }

  it("the check names what stops, and nothing that works", async () => {
    const main = join(root, "packages/cli/src/main.ts");
    const flags = ["--conditions=source", main, "migrate", "--check", "-o", "json", "--kubeconfig"];
    const { stdout } = await new Promise<{ stdout: string }>((resolve) => {
      execFile(process.execPath, [...flags, parts().cluster.kubeconfig], (_error, text) => resolve({ stdout: text }));
    });
    const read = readJson(stdout);
    assert.ok(read.ok && isJsonArray(read.value), stdout);
    const of = (fate: string): readonly string[] =>
      isJsonArray(read.value)
        ? read.value.filter((each) => own(each, "fate") === fate).map((each) => ownString(each, "subject") ?? "")
        : [];
    assert.deepEqual(of("stops"), ["Deployment gatekeeper-audit"]);
    assert.deepEqual([...new Set(of("differs"))].toSorted(), [
      "ConstraintTemplate unsound",
      "Deployment gatekeeper-controller-manager",
      "ValidatingWebhookConfiguration gatekeeper-validating-webhook-configuration",
    ]);
    const webhook = "MutatingWebhookConfiguration gatekeeper-mutating-webhook-configuration";
    assert.ok(of("works").includes(webhook), of("works").join("\n"));
  });

  it("both enforce side by side, and neither undoes what the other writes", async () => {
    await helm("install", "portcullis", ...portcullis, ...quietly);
    await parts().fleet.settled();
    await untilSaid([...podsOf("gatekeeper"), ...podsOf("portcullis")]);
    const versions = async (): Promise<readonly string[]> =>
      (await Promise.all(["constrainttemplates", "constraints", "crds", "configs.config.gatekeeper.sh"].map(items)))
        .flat()
        .map((object) => `${titleOf(object)} ${ownString(own(object, "metadata"), "resourceVersion")}`);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const settled = await versions();
    await new Promise((resolve) => setTimeout(resolve, 4000));
    assert.deepEqual(await versions(), settled);
    noStray();
  });

  it("both tell the same in their metrics", async () => {
    const told = async (deployment: string): Promise<ReadonlyMap<string, Family>> => {
      const found = parts()
        .fleet.pods()
        .find((each) => each.deployment === deployment);
      assert.ok(found !== undefined);
      return readFamilies((await getPlainly(found.metricsPort, "/metrics")).text, "gatekeeper_");
    };
    const [theirs, ours] = [await told("gatekeeper-controller-manager"), await told("portcullis-controller-manager")];
    const missing = [...theirs.keys()].filter((name) => !ours.has(name));
    assert.deepEqual(
      missing.filter((name) => !/mutat|validating_admission_polic/.test(name)),
      [],
    );
    for (const [name, family] of theirs) {
      const own_ = ours.get(name);
      if (own_ === undefined) continue;
      assert.deepEqual([own_.type, own_.help], [family.type, family.help], name);
      // What stands now is the same; what was counted is each one's own, since both began at another time.
      if (family.type === "gauge" && !name.includes("last_run")) assert.deepEqual(own_.series, family.series, name);
      const others = [...family.series.keys()].filter((series) => !own_.series.has(series));
      assert.deepEqual(others, [], name);
    }
    assert.equal(
      ours.get("gatekeeper_constraint_templates")?.series.get('gatekeeper_constraint_templates{status="error"}'),
      "1",
    );
  });

  it("Gatekeeper goes, and everything that was its own", async () => {
    await kubectl(["delete", "validatingwebhookconfiguration", "gatekeeper-validating-webhook-configuration"]);
    await kubectl(["delete", "mutatingwebhookconfiguration", "gatekeeper-mutating-webhook-configuration"]);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await helm("uninstall", "gatekeeper", ...namespace);
    await parts().fleet.settled();
    await helm("upgrade", "portcullis", ...portcullis);
    await untilSaid(podsOf("portcullis"));
    await new Promise((resolve) => setTimeout(resolve, 3000));
    noStray();
    const left = await kubectl(["get", "secrets,services,deployments,serviceaccounts", ...namespace, "-o", "name"]);
    assert.doesNotMatch(left.stdout, /gatekeeper-/);
    const [guard] = (await items("validatingwebhookconfigurations")).flatMap((each) => {
      const webhooks = own(each, "webhooks");
      return (isJsonArray(webhooks) ? webhooks : []).filter(
        (webhook) => own(webhook, "name") === "check-ignore-label.gatekeeper.sh",
      );
    });
    assert.equal(own(guard, "failurePolicy"), "Fail");
    const crds = await schemas();
    for (const [name, schema] of crdsBefore ?? []) assert.equal(crds.get(name), schema, name);
  });

  it("and back again", async () => {
    await helm("install", "gatekeeper", ...gatekeeper, ...quietly);
    await parts().fleet.settled();
    await untilSaid([...podsOf("gatekeeper"), ...podsOf("portcullis")]);
    await kubectl(["delete", "validatingwebhookconfiguration", "portcullis-validating-webhook-configuration"]);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await helm("uninstall", "portcullis", ...namespace);
    await kubectl(["delete", "lease", "portcullis-status", ...namespace]);
    await parts().fleet.settled();
    await helm("upgrade", "gatekeeper", ...gatekeeper);
    await untilSaid(podsOf("gatekeeper"));
    await new Promise((resolve) => setTimeout(resolve, 3000));
    noStray();
    const everything = await kubectl(["get", "secrets,services,leases,serviceaccounts,pdb", "-A", "-o", "name"]);
    assert.doesNotMatch(everything.stdout, /portcullis-(?!.*\.v\d)/);
    const crds = await schemas();
    for (const [name, schema] of crdsBefore ?? []) assert.equal(crds.get(name), schema, name);
  });
});

function titleOf(object: JsonObject): string {
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

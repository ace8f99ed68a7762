/**
 * An installation is switched between the profiles, to and fro, while somebody writes all the time and its Pods roll: there
 * is no moment in which something goes by unreviewed, or is refused for nobody being there to answer.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { isJsonArray, own, type JsonObject } from "@portcullis/objects";
import { valueOf } from "@portcullis/kube";
import { findOracle } from "../../oracle/oracle.ts";
import { availableClusters, startCluster, type TestCluster } from "../cluster.ts";
import { extentOf, webhookConfigurationName, webhookConfigurations } from "../reliability/setting.ts";
import { startFleet, type Fleet } from "./fleet.ts";
import { helmFor } from "./helm.ts";
import { startWriter, type Write, type Writer } from "./writer.ts";

const root = join(import.meta.dirname, "../../..");
const { rounds } = extentOf(process.env);
/** Each switch makes all Pods roll, which takes a while on a machine with much else to do. */
const timeout = 90_000 * (rounds + 1);
const without =
  availableClusters().includes("kube-apiserver") && findOracle("helm") !== undefined
    ? false
    : "kube-apiserver and helm are not both built here";

const constraint: JsonObject = {
  apiVersion: "constraints.gatekeeper.sh/v1beta1",
  kind: "K8sRequiredLabels",
  metadata: { name: "owned" },
  spec: {
    match: {
      // What the writer writes; the chart's own roles are left alone.
      name: "w-*",
      kinds: [
        { apiGroups: [""], kinds: ["ConfigMap"] },
        { apiGroups: ["rbac.authorization.k8s.io"], kinds: ["ClusterRole"] },
        { apiGroups: ["coordination.k8s.io"], kinds: ["Lease"] },
      ],
    },
    parameters: { labels: ["owner"] },
  },
};

const labels = { owner: "me" };
const denial = /\[denied by owned\] you must provide labels/;
const object =
  (apiVersion: string, kind: string, more: JsonObject = {}) =>
  (name: string): JsonObject => ({ apiVersion, kind, metadata: { name, ...more } });
const rbac = "rbac.authorization.k8s.io/v1";
const maps = (namespace: string): string => `/api/v1/namespaces/${namespace}/configmaps`;
/** What each webhook of the profile strict is asked about, and the one of lenient about all of it. */
const writes: readonly Write[] = [
  { what: "a bad ClusterRole", path: `/apis/${rbac}/clusterroles`, body: object(rbac, "ClusterRole"), denial },
  { what: "a bad ConfigMap", path: maps("default"), body: object("v1", "ConfigMap"), denial },
  { what: "a bad ConfigMap of the system's", path: maps("kube-system"), body: object("v1", "ConfigMap"), denial },
  {
    what: "a bad Lease",
    path: "/apis/coordination.k8s.io/v1/namespaces/default/leases",
    body: object("coordination.k8s.io/v1", "Lease"),
    denial,
  },
  {
    what: "a namespace that would be ignored",
    path: "/api/v1/namespaces?dryRun=All",
    body: object("v1", "Namespace", { labels: { "admission.gatekeeper.sh/ignore": "yes" } }),
    denial: /Only exempt namespace/,
  },
  { what: "a good ClusterRole", path: `/apis/${rbac}/clusterroles`, body: object(rbac, "ClusterRole", { labels }) },
  { what: "a good ConfigMap", path: maps("default"), body: object("v1", "ConfigMap", { labels }) },
];

describe("the profile of an installation", { skip: without }, () => {
  let cluster: TestCluster | undefined;
  let fleet: Fleet | undefined;
  let writer: Writer | undefined;

  before(async () => {
    cluster = await startCluster("kube-apiserver");
    fleet = startFleet(cluster);
    await change("install", "lenient", "--create-namespace");
    await apply(readFileSync(join(root, "test/cluster/fixtures/required-labels.yaml"), "utf8"));
    await apply(JSON.stringify(constraint));
    for (const at of [0, 1]) {
      const enforced = `--for=jsonpath={.status.byPod[${at}].enforced}=true`;
      const waited = await cluster.kubectl(["wait", enforced, "--timeout=30s", "k8srequiredlabels/owned"]);
      assert.equal(waited.status, 0, waited.stderr);
    }
    writer = await startWriter(cluster, writes, 6);
    await writer.more(30 * writes.length);
    held("at first");
  });
  after(async () => {
    await writer?.stop();
    await fleet?.stop();
    await cluster?.stop();
  });

  async function change(verb: string, profile: string, ...more: readonly string[]): Promise<void> {
    assert.ok(cluster !== undefined && fleet !== undefined);
    const flags = ["--namespace", "gatekeeper-system", "--set", `replicas=2,profile=${profile}`, ...more];
    const helm = await helmFor(cluster)([verb, "gatekeeper", join(root, "charts/portcullis"), ...flags]);
    assert.equal(helm.status, 0, helm.stderr);
    await fleet.settled();
  }
  async function apply(input: string): Promise<void> {
    assert.ok(cluster !== undefined);
    const ran = await cluster.kubectl(["apply", "-f", "-"], { input });
    assert.equal(ran.status, 0, ran.stderr);
  }
  /** Everything since the last time came to what it must; how much that was. */
  function held(when: string): number {
    assert.ok(writer !== undefined);
    const { count, holes, failures } = writer.take();
    assert.deepEqual({ holes, failures }, { holes: [], failures: [] }, when);
    return count;
  }
  async function webhooks(): Promise<number> {
    assert.ok(cluster !== undefined);
    const at = { name: webhookConfigurationName };
    const found = valueOf(await cluster.client.get(webhookConfigurations, at), "reading the webhooks");
    const all = own(found, "webhooks");
    return isJsonArray(all) ? all.length : 0;
  }

  it("is switched to and fro, and nothing goes by unreviewed or is refused for it", { timeout }, async () => {
    let count = 0;
    for (let round = 0; round <= rounds; round += 1) {
      await change("upgrade", "strict");
      assert.equal(await webhooks(), 5);
      count += held(`as it became strict (${round})`);
      await writer?.more(40 * writes.length);
      await change("upgrade", "lenient");
      assert.equal(await webhooks(), 2);
      count += held(`as it became lenient (${round})`);
      await writer?.more(40 * writes.length);
    }
    count += held("at the end");
    assert.ok(count > 200 * rounds, `only ${count} writes`);
    process.stdout.write(`\nthe profile was switched ${2 * (rounds + 1)} times: ${count} writes, 0 wrong\n`);
  });
});

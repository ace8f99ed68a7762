/** An installation of Gatekeeper's becomes one of ours in its place, by Helm and by kubectl, with nothing left behind. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { run, type Terminal } from "@portcullis/cli";
import { isJsonArray, isJsonObject, nameOf, own, ownPath, ownString, type JsonObject } from "@portcullis/objects";
import { findOracle } from "../../oracle/oracle.ts";
import { availableClusters, startCluster, type TestCluster } from "../cluster.ts";
import { gatekeeperSources } from "../gatekeeper.ts";
import type { Ran } from "../kubectl.ts";

const ours = join(import.meta.dirname, "../../../charts/portcullis");
const helm = findOracle("helm");
const sources = gatekeeperSources();
const namespace = "gatekeeper-system";
const webhook = "gatekeeper-validating-webhook-configuration";

function whyNot(): string | false {
  if (helm === undefined) return "helm is not built here";
  if (sources === undefined) return "Gatekeeper's chart is not here";
  return availableClusters().includes("kube-apiserver") ? false : "there is no kube-apiserver here";
}

let cluster: TestCluster | undefined;

async function get(kind: string, name: string): Promise<JsonObject | undefined> {
  assert.ok(cluster !== undefined);
  const argv = ["get", kind, name, "--namespace", namespace, "--ignore-not-found", "--output", "json"];
  const { status, stdout, stderr } = await cluster.kubectl(argv);
  assert.equal(status, 0, stderr);
  if (stdout === "") return undefined;
  const object: unknown = JSON.parse(stdout);
  assert.ok(isJsonObject(object));
  return object;
}

/** The container of ours, where it is one and nothing of Gatekeeper's is left in it. */
function isOurs(deployment: JsonObject | undefined): boolean {
  const containers = ownPath(deployment, "spec", "template", "spec", "containers");
  assert.ok(isJsonArray(containers));
  const [container] = containers;
  if (!(ownString(container, "image") ?? "").includes("portcullis/portcullis:")) return false;
  assert.equal(containers.length, 1);
  assert.equal(own(container, "command"), undefined);
  assert.equal(own(container, "volumeMounts"), undefined);
  assert.equal(ownPath(deployment, "spec", "template", "spec", "volumes"), undefined);
  assert.ok(!JSON.stringify(own(container, "args")).includes("--logtostderr"));
  return true;
}

describe("a release of Gatekeeper's", { skip: whyNot() }, () => {
  before(async () => {
    cluster = await startCluster("kube-apiserver");
  });
  after(async () => {
    await cluster?.stop();
  });

  // Nothing runs Pods here, so that hooks would never end.
  function runHelm(...argv: readonly string[]): Promise<Ran> {
    assert.ok(cluster !== undefined && helm !== undefined);
    const env = { PATH: process.env["PATH"], KUBECONFIG: cluster.kubeconfig, HOME: cluster.folder };
    return new Promise((resolve, reject) => {
      const child = spawn(helm, [...argv, "--namespace", namespace, "--no-hooks"], { env, stdio: "pipe" });
      const parts = { stdout: "", stderr: "" };
      child.stdout.on("data", (part: Buffer) => (parts.stdout += part.toString()));
      child.stderr.on("data", (part: Buffer) => (parts.stderr += part.toString()));
      child.on("error", reject);
      child.on("close", (status) => resolve({ status, ...parts }));
    });
  }

  async function patch(kind: string, name: string, change: JsonObject): Promise<void> {
    assert.ok(cluster !== undefined);
    const argv = ["patch", kind, name, "--namespace", namespace, "--patch", JSON.stringify(change)];
    const { status, stderr } = await cluster.kubectl(argv);
    assert.equal(status, 0, stderr);
  }

  function bundles(configuration: JsonObject | undefined): readonly (readonly [string, string | undefined])[] {
    const webhooks = own(configuration, "webhooks");
    assert.ok(isJsonArray(webhooks));
    return webhooks.map((each) => [ownString(each, "name") ?? "", ownString(own(each, "clientConfig"), "caBundle")]);
  }

  const values = ["--set", "replicas=2", "--set", "validatingWebhookTimeoutSeconds=7", "--set", "auditInterval=300"];
  const authority = Buffer.from("-----BEGIN CERTIFICATE-----\n").toString("base64");

  it("is installed, with the certificate that its server made", async () => {
    const installed = await runHelm(
      "install",
      "gatekeeper",
      join(sources ?? "", "charts", "gatekeeper"),
      "--create-namespace",
      ...values,
    );
    assert.equal(installed.status, 0, installed.stderr);
    assert.ok((await get("deployment", "gatekeeper-audit")) !== undefined);
    await patch("secret", "gatekeeper-webhook-server-cert", { data: { "ca.crt": authority } });
    await patch("validatingwebhookconfiguration", webhook, {
      webhooks: ["validation", "check-ignore-label"].map((name) => ({
        name: `${name}.gatekeeper.sh`,
        clientConfig: { caBundle: authority },
      })),
    });
  });

  it("becomes one of ours in place: the Deployment rolls, the certificate and who trusts it stay", async () => {
    const before_ = await get("deployment", "gatekeeper-controller-manager");
    const upgraded = await runHelm("upgrade", "gatekeeper", ours, ...values);
    assert.equal(upgraded.status, 0, upgraded.stderr);
    assert.match(upgraded.stdout, /^auditInterval: audit comes with a later version$/m);
    const deployment = await get("deployment", "gatekeeper-controller-manager");
    assert.equal(ownPath(deployment, "metadata", "uid"), ownPath(before_, "metadata", "uid"));
    assert.ok(!isOurs(before_) && isOurs(deployment));
    assert.equal(ownPath(deployment, "spec", "replicas"), 2);
    const secret = await get("secret", "gatekeeper-webhook-server-cert");
    assert.equal(ownPath(secret, "data", "ca.crt"), authority);
    const configuration = await get("validatingwebhookconfiguration", webhook);
    assert.deepEqual(bundles(configuration), [
      ["validation.gatekeeper.sh", authority],
      ["check-ignore-label.gatekeeper.sh", authority],
    ]);
    assert.match(JSON.stringify(configuration), /"matchPolicy":"Equivalent".*"timeoutSeconds":7/);
  });

  it("leaves nothing behind that nobody answers for, and every kind that there was", async () => {
    assert.ok(cluster !== undefined);
    assert.equal(await get("deployment", "gatekeeper-audit"), undefined);
    assert.equal(await get("mutatingwebhookconfiguration", "gatekeeper-mutating-webhook-configuration"), undefined);
    const crds = await cluster.kubectl(["get", "crd", "--output", "json"]);
    const parsed: unknown = JSON.parse(crds.stdout);
    const items = own(isJsonObject(parsed) ? parsed : {}, "items");
    assert.ok(isJsonArray(items));
    const names = items.filter(isJsonObject).map(nameOf);
    for (const name of ["constrainttemplates.templates.gatekeeper.sh", "assign.mutations.gatekeeper.sh"]) {
      assert.ok(names.includes(name), names.join(", "));
    }
  });

  it("goes back by helm rollback", async () => {
    const back = await runHelm("rollback", "gatekeeper", "1");
    assert.equal(back.status, 0, back.stderr);
    const deployment = await get("deployment", "gatekeeper-controller-manager");
    assert.ok(!isOurs(deployment));
    assert.ok((await get("deployment", "gatekeeper-audit")) !== undefined);
  });
});

describe("a manifest of Gatekeeper's", { skip: whyNot() }, () => {
  before(async () => {
    cluster = await startCluster("kube-apiserver");
  });
  after(async () => {
    await cluster?.stop();
  });

  it("is made one of ours by kubectl, and then what nobody answers for is taken away", async () => {
    assert.ok(cluster !== undefined);
    const { kubectl } = cluster;
    const installed = await kubectl(["apply", "--filename", join(sources ?? "", "deploy", "gatekeeper.yaml")]);
    assert.equal(installed.status, 0, installed.stderr);
    const before_ = await get("deployment", "gatekeeper-controller-manager");
    assert.ok(!isOurs(before_));
    let manifests = "";
    const terminal: Terminal = {
      out: (part) => void (manifests += part),
      error: assert.fail,
      isInteractive: false,
      hasColor: false,
      columns: 80,
      environment: {},
      directory: cluster.folder,
      readInput: () => Promise.resolve(undefined),
      interrupted: new AbortController().signal,
    };
    assert.equal(await run(["manifests"], terminal), 0);
    const argv = ["apply", "--server-side", "--force-conflicts", "--filename", "-"];
    const applied = await kubectl(argv, { input: manifests });
    assert.equal(applied.status, 0, applied.stderr);
    const deployment = await get("deployment", "gatekeeper-controller-manager");
    assert.equal(ownPath(deployment, "metadata", "uid"), ownPath(before_, "metadata", "uid"));
    assert.ok(isOurs(deployment));
    const leftOver = [
      ["deployment", "gatekeeper-audit"],
      ["mutatingwebhookconfiguration", "gatekeeper-mutating-webhook-configuration"],
    ] as const;
    for (const [kind, name] of leftOver) {
      assert.ok((await get(kind, name)) !== undefined, name);
      const deleted = await kubectl(["delete", kind, name, "--namespace", namespace]);
      assert.equal(deleted.status, 0, deleted.stderr);
    }
  });
});

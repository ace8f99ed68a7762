/**
 * The webhook as narrow as the constraints allow, as Helm installs it, through upgrades and whatever else writes to its
 * configuration; and never narrower than what another replica has just admitted.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import {
  isJsonArray,
  isJsonObject,
  metadataOf,
  own,
  ownPath,
  ownString,
  readJson,
  type JsonObject,
} from "@portcullis/objects";
import { findOracle } from "../../oracle/oracle.ts";
import { availableClusters, startCluster, type TestCluster } from "../cluster.ts";
import { startFaultyProxy } from "../faulty-proxy.ts";
import type { Ran } from "../kubectl.ts";
import { startRecorder } from "./recorder.ts";
import { configurationName, holdMilliseconds, openServers, systemNamespace, type Servers } from "./servers.ts";

const root = join(import.meta.dirname, "../../..");
const chart = join(root, "charts/portcullis");
const helm = findOracle("helm");
const isReal = availableClusters().includes("kube-apiserver");
const without = helm === undefined ? "helm is not built here" : isReal ? false : "there is no real API server here";
const conditionName = "portcullis.dev/kinds-that-constraints-match";

const template: JsonObject = {
  apiVersion: "templates.gatekeeper.sh/v1",
  kind: "ConstraintTemplate",
  metadata: { name: "neverbad" },
  spec: {
    crd: { spec: { names: { kind: "NeverBad" } } },
    targets: [
      {
        target: "admission.k8s.gatekeeper.sh",
        rego: `package never\nviolation[{"msg": "bad"}] { input.review.object.metadata.labels.bad }`,
      },
    ],
  },
};
const constraint = (name: string, kind: string, group = ""): JsonObject => ({
  apiVersion: "constraints.gatekeeper.sh/v1beta1",
  kind: "NeverBad",
  metadata: { name },
  spec: { match: { kinds: [{ apiGroups: [group], kinds: [kind] }] } },
});
let made = 0;
const bad = (kind: string): JsonObject => {
  made += 1;
  return { apiVersion: "v1", kind, metadata: { name: `bad-${made}`, namespace: "default", labels: { bad: "yes" } } };
};

/** Another webhook, which takes its time over constraints. */
const slowConfiguration = (authority: string): JsonObject => ({
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingWebhookConfiguration",
  metadata: { name: "slow" },
  webhooks: [
    {
      name: "slow.example.com",
      clientConfig: {
        service: { namespace: systemNamespace, name: "slow", path: "/slow" },
        caBundle: Buffer.from(authority).toString("base64"),
      },
      rules: [
        { apiGroups: ["constraints.gatekeeper.sh"], apiVersions: ["*"], operations: ["CREATE"], resources: ["*"] },
      ],
      sideEffects: "None",
      admissionReviewVersions: ["v1"],
    },
  ],
});

function runHelm(cluster: TestCluster, ...args: readonly string[]): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env["PATH"], HOME: cluster.folder, KUBECONFIG: cluster.kubeconfig };
    const child = spawn(helm ?? "", [...args, "--namespace", systemNamespace], { env, stdio: "pipe" });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (part: Buffer) => (stdout += String(part)));
    child.stderr.on("data", (part: Buffer) => (stderr += String(part)));
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });
}

describe("narrowing on the kube-apiserver", { skip: without }, () => {
  let cluster: TestCluster;
  let servers: Servers;

  const does = async (args: readonly string[], input?: JsonObject): Promise<string> => {
    const ran = await cluster.kubectl(args, input === undefined ? {} : { input: JSON.stringify(input) });
    assert.equal(ran.status, 0, `${args.join(" ")}: ${ran.stderr}`);
    return ran.stdout;
  };
  const apply = (object: JsonObject): Promise<string> => does(["apply", "-f", "-"], object);
  const refuses = async (object: JsonObject): Promise<string> => {
    const ran = await cluster.kubectl(["create", "-f", "-"], { input: JSON.stringify(object) });
    assert.notEqual(ran.status, 0, `${JSON.stringify(object)} should have been refused`);
    return ran.stderr;
  };
  const helmDoes = async (...args: readonly string[]): Promise<void> => {
    const ran = await runHelm(cluster, ...args);
    assert.equal(ran.status, 0, `helm ${args.join(" ")}: ${ran.stderr}`);
  };
  const configuration = async (): Promise<JsonObject> => {
    const text = await does([
      "get",
      "validatingwebhookconfiguration",
      configurationName,
      "-o",
      "json",
      "--show-managed-fields",
    ]);
    const read = readJson(text);
    assert.ok(read.ok && isJsonObject(read.value));
    return read.value;
  };
  const webhook = async (): Promise<JsonObject> => {
    const webhooks = own(await configuration(), "webhooks");
    const found = (isJsonArray(webhooks) ? webhooks : []).find(
      (each) => own(each, "name") === "validation.gatekeeper.sh",
    );
    assert.ok(isJsonObject(found));
    return found;
  };
  /** The condition; `everything` where there is none. */
  const condition = async (): Promise<string> => {
    const conditions = own(await webhook(), "matchConditions");
    const found = (isJsonArray(conditions) ? conditions : []).find((each) => own(each, "name") === conditionName);
    return ownString(found, "expression") ?? "everything";
  };
  /** Nobody narrows until the Lease of a replica that could not give it up has run out. */
  const eventually = async (what: string, isSo: () => Promise<boolean>, milliseconds = 60_000): Promise<void> => {
    const until = performance.now() + milliseconds;
    while (!(await isSo())) {
      assert.ok(performance.now() < until, `never: ${what}; the condition is ${await condition()}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const narrowTo = (...kinds: readonly string[]): Promise<void> =>
    eventually(`narrow to ${kinds.join(", ")}`, async () => {
      const text = await condition();
      const named = ["ConfigMap", "Secret", "Service", "ServiceAccount"].filter((kind) => text.includes(`"${kind}"`));
      return text !== "everything" && named.join() === kinds.join();
    });
  const rest = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

  before(async () => {
    cluster = await startCluster("kube-apiserver");
    await helmDoes("install", "portcullis", chart, "--create-namespace", "--set", "profile=strict");
    servers = await openServers(cluster);
    await servers.start("pod-a", { narrow: true });
    await servers.start("pod-b", { narrow: true });
    await apply(template);
    await apply(constraint("maps", "ConfigMap"));
  });
  after(async () => {
    await servers?.close();
    await cluster?.stop();
  });

  it("takes place where Helm installed the rules, which stay Helm's", { timeout: 120_000 }, async () => {
    await narrowTo("ConfigMap");
    assert.match(await refuses(bad("ConfigMap")), /\[denied by maps\] bad/);
    await apply(bad("Secret"));
    const managers = own(metadataOf(await configuration()), "managedFields");
    assert.ok(isJsonArray(managers));
    const ofWebhook = managers.map((entry) => ({
      manager: `${ownString(entry, "manager")} ${ownString(entry, "operation")}`,
      fields: ownPath(entry, "fieldsV1", "f:webhooks", 'k:{"name":"validation.gatekeeper.sh"}'),
    }));
    const ownersOf = (...path: readonly string[]): readonly string[] =>
      ofWebhook.filter(({ fields }) => ownPath(fields, ...path) !== undefined).map(({ manager }) => manager);
    assert.deepEqual(ownersOf("f:rules"), ["helm Apply"]);
    assert.deepEqual(ownersOf("f:matchConditions", `k:{"name":"${conditionName}"}`), ["gatekeeper Update"]);
    assert.deepEqual(ownersOf("f:matchConditions", 'k:{"name":"leases-and-events-fail-open"}'), ["helm Apply"]);
  });

  it("is written for one version of the configuration alone", async () => {
    const stale = ownString(metadataOf(await configuration()), "resourceVersion");
    await does(["annotate", "validatingwebhookconfiguration", configurationName, `touched=${stale}`]);
    const patch = [
      { op: "replace", path: "/metadata/resourceVersion", value: stale },
      { op: "add", path: "/metadata/annotations/late", value: "yes" },
    ];
    const ran = await cluster.kubectl([
      "patch",
      "validatingwebhookconfiguration",
      configurationName,
      "--type=json",
      "-p",
      JSON.stringify(patch),
    ]);
    assert.match(ran.stderr, /\(Conflict\)|the object has been modified/);
  });

  it("fails closed for what a constraint matches, for constraints themselves, and for nothing else", async () => {
    await narrowTo("ConfigMap");
    await servers.stop("pod-a");
    await servers.stop("pod-b");
    try {
      assert.match(await refuses(bad("ConfigMap")), /failed calling webhook "validation\.gatekeeper\.sh"/);
      await apply(bad("Secret"));
      // Nobody could widen the webhook for it.
      assert.match(
        await refuses(constraint("while-away", "Secret")),
        /failed calling webhook "constraints\.validation\.gatekeeper\.sh"/,
      );
      await does(["label", "constrainttemplate", "neverbad", "away=yes"]);
    } finally {
      await servers.start("pod-a", { narrow: true });
      await servers.start("pod-b", { narrow: true });
    }
  });

  it("widens before a constraint counts, and narrows again when it is gone", { timeout: 120_000 }, async () => {
    await narrowTo("ConfigMap");
    for (let round = 0; round < 5; round += 1) {
      await apply(constraint("secrets", "Secret"));
      assert.match(await refuses(bad("Secret")), /\[denied by secrets\] bad/);
      await does(["delete", "neverbad", "secrets"]);
    }
    await narrowTo("ConfigMap");
    // A kind that nobody serves yet.
    await apply(constraint("later", "NotYet", "example.com"));
    assert.match(await condition(), /request\.kind\.group == "example\.com" && request\.kind\.kind in \["NotYet"\]/);
    await does(["delete", "neverbad", "later"]);
  });

  it("goes on through upgrades by Helm, whose changes take effect", { timeout: 120_000 }, async () => {
    await narrowTo("ConfigMap");
    const strict = ["upgrade", "portcullis", chart, "--set", "profile=strict"];
    await helmDoes(...strict);
    assert.match(await condition(), /"ConfigMap"/);
    await helmDoes(...strict, "--set", "enableDeleteOperations=true", "--set", "validatingWebhookTimeoutSeconds=5");
    assert.match(await condition(), /"ConfigMap"/);
    const now = await webhook();
    assert.match(JSON.stringify(own(now, "rules")), /"DELETE"/);
    assert.equal(own(now, "timeoutSeconds"), 5);
    assert.match(await refuses(bad("ConfigMap")), /\[denied by maps\] bad/);
    await helmDoes(
      ...strict,
      "--set",
      "validatingWebhookMatchConditions[0].name=mine",
      "--set-string",
      "validatingWebhookMatchConditions[0].expression=true",
    );
    assert.match(JSON.stringify(own(await webhook(), "matchConditions")), /"mine"/);
    assert.match(await condition(), /"ConfigMap"/);
    await helmDoes(...strict);
    assert.doesNotMatch(JSON.stringify(own(await webhook(), "matchConditions")), /"mine"/);
    assert.match(await condition(), /"ConfigMap"/);
  });

  it("is asked about everything where somebody puts a file in its place, until it is narrowed anew", async () => {
    await narrowTo("ConfigMap");
    const rendered = await runHelm(
      cluster,
      "template",
      "portcullis",
      chart,
      "--set",
      "profile=strict",
      "--show-only",
      "templates/webhook-configuration.yaml",
    );
    const replaced = await cluster.kubectl(["replace", "-f", "-"], { input: rendered.stdout });
    assert.equal(replaced.status, 0, replaced.stderr);
    assert.equal(await condition(), "everything");
    await narrowTo("ConfigMap");
    // As kubectl and older Helms apply: what they have not said before is not theirs to take away.
    for (let round = 0; round < 2; round += 1) {
      const applied = await cluster.kubectl(["apply", "-f", "-"], { input: rendered.stdout });
      assert.equal(applied.status, 0, applied.stderr);
      assert.match(await condition(), /"ConfigMap"/);
    }
    assert.deepEqual(servers.gaps, []);
  });

  it(
    "never falls below what another replica admits, however late that is stored and seen",
    { timeout: 180_000 },
    async () => {
      await narrowTo("ConfigMap");
      // The one that narrows sees nothing new any more, but what it asks for.
      const proxy = await startFaultyProxy(cluster.config);
      const slow = await startRecorder(cluster, systemNamespace, "slow", { delayMilliseconds: 2500 });
      try {
        await servers.stop("pod-a");
        await servers.stop("pod-b");
        await servers.start("pod-c", { narrow: true, apiServer: proxy.url });
        await eventually("pod-c narrows", async () => {
          const lease = await does([
            "get",
            "lease",
            "portcullis-status",
            "-n",
            systemNamespace,
            "-o",
            "jsonpath={.spec.holderIdentity}",
          ]);
          return lease === "pod-c";
        });
        await servers.start("pod-d", { narrow: true });
        await rest(holdMilliseconds + 1000);
        await narrowTo("ConfigMap");
        await apply(slowConfiguration(slow.authority));
        proxy.set({ silentWatches: /constraints\.gatekeeper\.sh/ });
        proxy.breakWatches();
        servers.lead("pod-d");
        const fell: string[] = [];
        let isOver = false;
        const watching = (async () => {
          let wasWide = false;
          while (!isOver) {
            const text = await condition();
            const has = text === "everything" || text.includes('"Service"');
            if (wasWide && !has) fell.push(text);
            wasWide ||= has;
            await rest(20);
          }
        })();
        await apply(constraint("services", "Service"));
        assert.match(await condition(), /"Service"|everything/);
        await rest(holdMilliseconds * 2);
        isOver = true;
        await watching;
        assert.deepEqual(fell, []);
        await does(["delete", "neverbad", "services"]);
      } finally {
        await does(["delete", "validatingwebhookconfiguration", "slow", "--ignore-not-found"]);
        await servers.stop("pod-c");
        await proxy.stop();
        await slow.stop();
      }
      await narrowTo("ConfigMap");
    },
  );

  it("widens where it is turned off, and comes back after an uninstallation", { timeout: 180_000 }, async () => {
    await narrowTo("ConfigMap");
    // What kubectl replaced before is kubectl's.
    await helmDoes("upgrade", "portcullis", chart, "--set", "profile=lenient", "--force-conflicts");
    assert.match(await condition(), /"ConfigMap"/);
    await servers.start("pod-e", { narrow: false });
    await servers.stop("pod-d");
    await eventually("everything", async () => (await condition()) === "everything");
    await rest(2000);
    assert.equal(await condition(), "everything");
    await helmDoes("uninstall", "portcullis");
    await eventually("a gap is told", () => Promise.resolve(servers.gaps.includes("opened webhook-configuration")));
    await servers.close();
    // By merging three ways, as Helm 3 does.
    await helmDoes("install", "portcullis", chart, "--set", "profile=strict", "--server-side=false");
    servers = await openServers(cluster);
    await servers.start("pod-f", { narrow: true });
    await narrowTo("ConfigMap");
    assert.match(await refuses(bad("ConfigMap")), /\[denied by maps\] bad/);
    for (const seconds of [4, 5]) {
      const changed = ["--set", "profile=strict", "--set", `validatingWebhookTimeoutSeconds=${seconds}`];
      await helmDoes("upgrade", "portcullis", chart, ...changed, "--server-side=false");
      assert.equal(own(await webhook(), "timeoutSeconds"), seconds);
      assert.match(await condition(), /"ConfigMap"/);
    }
    assert.deepEqual(servers.gaps, []);
  });
});

/** The controller over its life: restarts, lost watches, and an API server that refuses for a while. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { silentLog, startController, type Controller } from "@portcullis/controller";
import {
  httpsTransport,
  KubeClient,
  readKubeconfig,
  systemClock,
  type ApiResult,
  type ClusterConfig,
  type Resource,
} from "@portcullis/kube";
import type { JsonObject, JsonValue } from "@portcullis/objects";
import { startSandbox, type Sandbox } from "@portcullis/sandbox";

const templates: Resource = {
  group: "templates.gatekeeper.sh",
  version: "v1",
  plural: "constrainttemplates",
  kind: "ConstraintTemplate",
  namespaced: false,
};
const constraints: Resource = {
  group: "constraints.gatekeeper.sh",
  version: "v1beta1",
  plural: "nothing",
  kind: "Nothing",
  namespaced: false,
};
const configMaps: Resource = { group: "", version: "v1", plural: "configmaps", kind: "ConfigMap", namespaced: true };

const template: JsonObject = {
  apiVersion: "templates.gatekeeper.sh/v1",
  kind: "ConstraintTemplate",
  metadata: { name: "nothing" },
  spec: {
    crd: { spec: { names: { kind: "Nothing" } } },
    targets: [
      {
        target: "admission.k8s.gatekeeper.sh",
        rego: 'package x\nviolation[{"msg": "nothing goes"}] { input.review.kind.kind == "ConfigMap" }',
      },
    ],
  },
};
const constraint: JsonObject = {
  apiVersion: "constraints.gatekeeper.sh/v1beta1",
  kind: "Nothing",
  metadata: { name: "rule" },
  spec: { match: { namespaces: ["default"] } },
};

let count = 0;
function configMap(client: KubeClient): Promise<ApiResult<JsonObject>> {
  count += 1;
  return client.create(configMaps, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `map-${count}`, namespace: "default" },
  });
}

const running = new Set<Controller>();

async function withSandbox(
  run: (sandbox: Sandbox, client: KubeClient, cluster: ClusterConfig) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "controller-spec-"));
  const kubeconfig = join(folder, "kubeconfig");
  const sandbox = await startSandbox({ kubeconfig });
  const config = await readKubeconfig(kubeconfig);
  assert.ok(config.ok);
  const client = new KubeClient(httpsTransport(config.value, "spec"));
  try {
    await run(sandbox, client, config.value);
  } finally {
    for (const controller of running) await controller.stop();
    running.clear();
    client.close();
    await sandbox.close();
    await rm(folder, { recursive: true });
  }
}

async function start(cluster: ClusterConfig, pod = "pod-a"): Promise<Controller> {
  const controller = await startController({
    cluster,
    log: silentLog,
    clock: systemClock,
    reporter: { pod, namespace: "gatekeeper-system", operations: ["webhook", "status"] },
    denialForm: "current",
    exemptNamespaces: { names: [], prefixes: [], suffixes: [] },
    webhook: { host: "127.0.0.1", port: 0, failurePolicy: "Fail", timeoutSeconds: 3 },
  });
  running.add(controller);
  return controller;
}

function ok(result: ApiResult<JsonValue>): void {
  assert.ok(result.ok, result.ok ? "" : result.status.message);
}

function refusal(result: ApiResult<JsonValue>): string {
  assert.ok(!result.ok, "it should have been refused");
  return result.status.message;
}

async function within(milliseconds: number, isSo: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + milliseconds;
  while (!(await isSo())) {
    assert.ok(performance.now() < until, `not within ${milliseconds} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const nothingGoes = 'admission webhook "validation.gatekeeper.sh" denied the request: [rule] nothing goes';

test("it enforces from its first moment after a restart, and nothing goes through in between", async () => {
  await withSandbox(async (_sandbox, client, cluster) => {
    const first = await start(cluster);
    ok(await client.create(templates, template));
    ok(await client.create(constraints, constraint));
    assert.equal(refusal(await configMap(client)), nothingGoes);
    await first.stop();
    // The webhook is registered and nobody answers: it fails closed.
    assert.match(refusal(await configMap(client)), /failed calling webhook "validation.gatekeeper.sh"/);
    const second = await start(cluster);
    assert.equal(refusal(await configMap(client)), nothingGoes);
    await second.stop();
  });
});

test("it follows changes that were made while its watches were lost", async () => {
  await withSandbox(async (sandbox, client, cluster) => {
    const controller = await start(cluster);
    ok(await client.create(templates, template));
    ok(await client.create(constraints, constraint));
    for (const spoil of [
      () => sandbox.faults.dropWatches(),
      () => sandbox.faults.expireWatches(),
      () => {
        sandbox.faults.compact();
        return sandbox.faults.dropWatches();
      },
    ]) {
      assert.equal(refusal(await configMap(client)), nothingGoes);
      // There may be no watch open just now; it is spoilt when there is.
      await within(1000, () => Promise.resolve(spoil() > 0));
      ok(await client.delete(constraints, { name: "rule" }));
      await within(1000, async () => (await configMap(client)).ok);
      spoil();
      ok(await client.create(constraints, constraint));
    }
    assert.equal(refusal(await configMap(client)), nothingGoes);
    await controller.stop();
  });
});

test("a second replica has its own entry in the status, and both enforce", async () => {
  await withSandbox(async (_sandbox, client, cluster) => {
    const first = await start(cluster, "pod-a");
    ok(await client.create(templates, template));
    ok(await client.create(constraints, constraint));
    const second = await start(cluster, "pod-b");
    const ids = async (): Promise<string> => {
      const found = await client.get(templates, { name: "nothing" });
      assert.ok(found.ok);
      return JSON.stringify(found.value["status"]).replace(/"templateUID":"[^"]*"/g, "");
    };
    await within(2000, async () => /"pod-a".*"pod-b"/.test(await ids()));
    assert.equal(refusal(await configMap(client)), nothingGoes);
    await first.stop();
    assert.equal(refusal(await configMap(client)), nothingGoes);
    await second.stop();
  });
});

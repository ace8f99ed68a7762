/** What the contract specs share: a sandbox, a client of it, and servers that enforce in it. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openController, silentLog, type Controller, type ControllerConfig } from "@portcullis/controller";
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
import { startSandbox, type Sandbox, type SandboxOptions } from "@portcullis/sandbox";

/** A sandbox under test. */
export interface TestedSandbox {
  readonly sandbox: Sandbox;
  readonly client: KubeClient;
  readonly cluster: ClusterConfig;
  /** Opens a server; it is stopped at the end at the latest. */
  open(pod?: string, more?: Partial<ControllerConfig>): Controller;
  /** Opens a server and waits until it enforces. */
  start(pod?: string, more?: Partial<ControllerConfig>): Promise<Controller>;
}

/** Runs with a fresh sandbox and takes it away again. */
export async function withSandbox(
  run: (tested: TestedSandbox) => Promise<void>,
  options: Omit<SandboxOptions, "kubeconfig"> = {},
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "contract-"));
  const kubeconfig = join(folder, "kubeconfig");
  // Webhooks are there before their servers here. A spec looks itself at what was let through.
  const sandbox = await startSandbox({ failedOpen: () => undefined, ...options, kubeconfig });
  const config = await readKubeconfig(kubeconfig);
  assert.ok(config.ok);
  const cluster = config.value;
  const client = new KubeClient(httpsTransport(cluster, "spec"));
  const running = new Set<Controller>();
  const open: TestedSandbox["open"] = (pod = "pod-a", more = {}) => {
    const controller = openController({
      cluster,
      log: silentLog,
      clock: systemClock,
      reporter: { pod, namespace: "gatekeeper-system", operations: ["status", "webhook"] },
      denialForm: "current",
      exemptNamespaces: { names: [], prefixes: [], suffixes: [] },
      webhook: { host: "127.0.0.1", port: 0, failurePolicy: "Fail", timeoutSeconds: 3 },
      ...more,
    });
    running.add(controller);
    return controller;
  };
  const start: TestedSandbox["start"] = async (pod, more) => {
    const controller = open(pod, more);
    await controller.ready;
    return controller;
  };
  try {
    await run({ sandbox, client, cluster, open, start });
  } finally {
    for (const controller of running) await controller.stop();
    client.close();
    await sandbox.close();
    await rm(folder, { recursive: true });
  }
}

/** What was answered; fails where the server refused. */
export function ok<T>(result: ApiResult<T>): T {
  assert.ok(result.ok, result.ok ? "" : result.status.message);
  return result.value;
}

/** Why the server refused; fails where it did not. */
export function refusal(result: ApiResult<JsonValue>): string {
  assert.ok(!result.ok, "it should have been refused");
  return result.status.message;
}

/** Waits until something holds. */
export async function within(milliseconds: number, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const until = performance.now() + milliseconds;
  while (!(await isSo())) {
    assert.ok(performance.now() < until, `not within ${milliseconds} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const clusterKind = (group: string, version: string, plural: string, kind: string): Resource => ({
  group,
  version,
  plural,
  kind,
  namespaced: false,
});

/** The kinds that specs use. */
export const kinds = {
  templates: clusterKind("templates.gatekeeper.sh", "v1", "constrainttemplates", "ConstraintTemplate"),
  syncSets: clusterKind("syncset.gatekeeper.sh", "v1alpha1", "syncsets", "SyncSet"),
  crds: clusterKind("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition"),
  namespaces: clusterKind("", "v1", "namespaces", "Namespace"),
  webhooks: clusterKind(
    "admissionregistration.k8s.io",
    "v1",
    "validatingwebhookconfigurations",
    "ValidatingWebhookConfiguration",
  ),
  configMaps: { ...clusterKind("", "v1", "configmaps", "ConfigMap"), namespaced: true },
  secrets: { ...clusterKind("", "v1", "secrets", "Secret"), namespaced: true },
  leases: { ...clusterKind("coordination.k8s.io", "v1", "leases", "Lease"), namespaced: true },
  configs: { ...clusterKind("config.gatekeeper.sh", "v1alpha1", "configs", "Config"), namespaced: true },
} as const;

/** The constraints of a kind. */
export function constraintsOf(kind: string): Resource {
  return clusterKind("constraints.gatekeeper.sh", "v1beta1", kind.toLowerCase(), kind);
}

/** A template of a kind with this Rego. */
export function templateOf(kind: string, rego: string, annotations: JsonObject = {}): JsonObject {
  return {
    apiVersion: "templates.gatekeeper.sh/v1",
    kind: "ConstraintTemplate",
    metadata: { name: kind.toLowerCase(), annotations },
    spec: { crd: { spec: { names: { kind } } }, targets: [{ target: "admission.k8s.gatekeeper.sh", rego }] },
  };
}

/** A constraint of a kind. */
export function constraintOf(kind: string, name: string, spec: JsonObject = {}): JsonObject {
  return { apiVersion: "constraints.gatekeeper.sh/v1beta1", kind, metadata: { name }, spec };
}

/** A ConfigMap. */
export function configMap(name: string, data: JsonObject = {}, namespace = "default"): JsonObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data };
}

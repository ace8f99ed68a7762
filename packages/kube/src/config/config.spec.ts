import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { inClusterConfig } from "./in-cluster.ts";
import { readKubeconfig } from "./kubeconfig.ts";
import { loadConfig } from "./load-config.ts";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "kube-config-"));
});
after(async () => {
  await rm(folder, { recursive: true });
});

const base64 = (text: string): string => Buffer.from(text).toString("base64");

test("a kubeconfig with data, files and contexts", async () => {
  const path = join(folder, "config");
  await writeFile(join(folder, "client.key"), "KEY");
  await writeFile(
    path,
    `apiVersion: v1
kind: Config
current-context: one
clusters:
- name: c
  cluster: {server: "https://127.0.0.1:6443", certificate-authority-data: ${base64("CA")}, tls-server-name: kube}
users:
- name: token
  user: {token: secret}
- name: certificate
  user: {client-certificate-data: ${base64("CERT")}, client-key: client.key}
contexts:
- name: one
  context: {cluster: c, user: token, namespace: apps}
- name: two
  context: {cluster: c, user: certificate}
- name: lost
  context: {cluster: nowhere, user: token}
`,
  );
  const one = await readKubeconfig(path);
  assert.ok(one.ok);
  assert.equal(one.value.server, "https://127.0.0.1:6443");
  assert.equal(one.value.certificateAuthority, "CA");
  assert.equal(one.value.tlsServerName, "kube");
  assert.equal(one.value.namespace, "apps");
  assert.equal(await one.value.authorization?.(), "Bearer secret");
  const two = await loadConfig({ context: "two" }, { KUBECONFIG: path });
  assert.ok(two.ok);
  assert.deepEqual([two.value.clientCertificate, two.value.clientKey, two.value.namespace], ["CERT", "KEY", "default"]);
  assert.equal(two.value.authorization, undefined);
  const lost = await readKubeconfig(path, "lost");
  assert.ok(!lost.ok);
  assert.match(lost.message, /names the cluster `nowhere`, which is not there/);
  const absent = await readKubeconfig(path, "three");
  assert.ok(!absent.ok);
  assert.match(absent.message, /has no context `three`/);
});

test("a kubeconfig that is not there, or not YAML, says so with its place", async () => {
  const missing = await readKubeconfig(join(folder, "missing"));
  assert.ok(!missing.ok);
  assert.match(missing.message, /cannot read the kubeconfig .*missing: ENOENT/);
  const path = join(folder, "tab");
  await writeFile(path, "clusters:\n\t- x\n");
  const tab = await readKubeconfig(path);
  assert.ok(!tab.ok);
  assert.match(tab.message, /tab:2:1: a tab is used for indentation/);
});

test("inside a Pod the token is read when it is used", async () => {
  await writeFile(join(folder, "ca.crt"), "CA");
  await writeFile(join(folder, "namespace"), "system\n");
  await writeFile(join(folder, "token"), "first");
  const config = await inClusterConfig({ KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "443" }, folder);
  assert.equal(config?.server, "https://[fd00::1]:443");
  assert.equal(config?.namespace, "system");
  assert.equal(await config?.authorization?.(), "Bearer first");
  await writeFile(join(folder, "token"), "second\n");
  assert.equal(await config?.authorization?.(), "Bearer second");
  assert.equal(await inClusterConfig({}, folder), undefined);
});

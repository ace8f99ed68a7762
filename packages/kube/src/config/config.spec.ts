import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createAuthority } from "@portcullis/certs";
import { authorityFile } from "./authority-file.ts";
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

/** A kubeconfig as JSON, which is YAML. */
const kubeconfig = (current: string, parts: Readonly<Record<"cluster" | "user" | "context", Record<string, object>>>) =>
  JSON.stringify({
    "current-context": current,
    ...Object.fromEntries(
      Object.entries(parts).map(([field, entries]) => [
        `${field}s`,
        Object.entries(entries).map(([name, entry]) => ({ name, [field]: entry })),
      ]),
    ),
  });

test("of several kubeconfigs the first to name something counts, whole, and its paths count from it", async () => {
  const [left, right] = [join(folder, "left"), join(folder, "right")];
  await mkdir(left);
  await mkdir(right);
  await writeFile(join(right, "token"), "of the right\n");
  await writeFile(join(left, "ca.crt"), "CA of the left");
  await writeFile(
    join(left, "config"),
    kubeconfig("", {
      cluster: { shared: { server: "https://left.test", "certificate-authority": "ca.crt" } },
      user: { red: { username: "left" } },
      context: { left: { cluster: "shared", user: "red" } },
    }),
  );
  await writeFile(
    join(right, "config"),
    kubeconfig("right", {
      cluster: { shared: { server: "https://right.test", "tls-server-name": "right" } },
      user: { red: { token: "never" }, blue: { tokenFile: "token" } },
      context: { right: { cluster: "shared", user: "blue", namespace: "apps" }, left: { cluster: "nowhere" } },
    }),
  );
  const environment = {
    HOME: folder,
    KUBECONFIG: `${join(folder, "missing")}::${left}/config:${right}/config:${left}/config`,
  };
  const current = await loadConfig({}, environment);
  assert.ok(current.ok, current.ok ? "" : current.message);
  assert.equal(current.value.server, "https://left.test");
  assert.equal(current.value.certificateAuthority, "CA of the left");
  assert.equal(current.value.tlsServerName, undefined);
  assert.equal(current.value.namespace, "apps");
  assert.equal(await current.value.authorization?.(), "Bearer of the right");
  const other = await loadConfig({ context: "left" }, environment);
  assert.ok(other.ok);
  assert.equal(await other.value.authorization?.(), `Basic ${base64("left:")}`);
  const alone = await loadConfig({ kubeconfig: join(right, "config") }, environment);
  assert.ok(alone.ok);
  assert.equal(alone.value.server, "https://right.test", "the file that is named is the only one");
});

test("a kubeconfig that cannot be read is told, though others can", async () => {
  const [good, bad] = [join(folder, "good"), join(folder, "bad")];
  await writeFile(
    good,
    kubeconfig("a", { cluster: { c: { server: "https://a.test" } }, user: {}, context: { a: { cluster: "c" } } }),
  );
  await writeFile(bad, "clusters: [\n");
  const read = await loadConfig({}, { KUBECONFIG: `${good}:${bad}:${folder}` });
  assert.ok(!read.ok);
  assert.match(read.message, /bad:2:1: [^]*cannot read the kubeconfig .*EISDIR/);
});

test("where no kubeconfig is there the Pod's own configuration counts, and before it the one at home", async () => {
  const home = join(folder, "home");
  const inside = { KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "443" };
  const none = await loadConfig({}, { HOME: home });
  assert.deepEqual(none, {
    ok: false,
    message: `there is no kubeconfig (${home}/.kube/config); name one with --kubeconfig`,
  });
  const lost = await loadConfig({}, { HOME: home, KUBECONFIG: "/nowhere/a:/nowhere/b" });
  assert.ok(!lost.ok && lost.message.includes("KUBECONFIG=/nowhere/a:/nowhere/b"));
  await mkdir(join(home, ".kube"), { recursive: true });
  await writeFile(
    join(home, ".kube", "config"),
    kubeconfig("a", { cluster: { c: { server: "https://home.test" } }, user: {}, context: { a: { cluster: "c" } } }),
  );
  const read = await loadConfig({}, { HOME: home, ...inside });
  assert.ok(read.ok && read.value.server === "https://home.test");
});

test("a plugin is found beside the kubeconfig that names it by a path", async () => {
  const place = join(folder, "plugged");
  await mkdir(place);
  const credential = {
    apiVersion: "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    status: { token: "given" },
  };
  await writeFile(join(place, "sign-in"), `#!/bin/sh\necho '${JSON.stringify(credential)}'\n`, { mode: 0o755 });
  const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "./sign-in", interactiveMode: "Never" };
  await writeFile(
    join(place, "config"),
    kubeconfig("a", {
      cluster: { c: { server: "https://plugged.test" } },
      user: { u: { exec } },
      context: { a: { cluster: "c", user: "u", namespace: "mine" } },
    }),
  );
  const read = await loadConfig({}, { KUBECONFIG: join(place, "config") });
  assert.ok(read.ok, read.ok ? "" : read.message);
  assert.deepEqual([read.value.server, read.value.namespace], ["https://plugged.test", "mine"]);
  assert.equal(await read.value.authorization?.(), "Bearer given");
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

test("authorities in a file are read anew once a minute, and kept where the file holds none", async () => {
  const path = join(folder, "authorities.crt");
  const validity = { notBefore: new Date(), notAfter: new Date(Date.now() + 60_000) };
  const { certificate } = await createAuthority({ commonName: "renewed", ...validity });
  let now = 0;
  const read = authorityFile(path, "first", () => now);
  await writeFile(path, certificate);
  now = 59_000;
  assert.equal(await read(), "first");
  now = 61_000;
  assert.equal(await read(), certificate);
  for (const broken of ["", "renewed soon", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"]) {
    await writeFile(path, broken);
    now += 61_000;
    assert.equal(await read(), certificate, broken);
  }
  await rm(path);
  now += 61_000;
  assert.equal(await read(), certificate, "a file that is being replaced");
});

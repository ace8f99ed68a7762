/** The server as the image runs it: one file, no root, nothing to write to; and how it starts and ends. */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { run } from "@portcullis/cli";
import { httpsTransport, KubeClient, readKubeconfig, valueOf, type Resource } from "@portcullis/kube";
import { groupVersionKindOf, isJsonObject, type JsonObject } from "@portcullis/objects";
import { readYaml } from "@portcullis/objects/yaml";
import { startSandbox, type Sandbox } from "@portcullis/sandbox";
import { bundleEntry } from "../scripts/bundle.ts";
import { freePorts } from "./loopback.ts";

let folder = "";
let sandbox: Sandbox | undefined;
let entry: readonly string[] = [];
const children: ChildProcess[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "portcullis-server-"));
  const bundled = join(folder, "manager.mjs");
  await bundleEntry("manager.mjs", bundled);
  // What the image's ENTRYPOINT gives Node, with the file where it is here.
  const containerfile = await readFile(join(import.meta.dirname, "..", "Containerfile"), "utf8");
  const command: unknown = JSON.parse(/^ENTRYPOINT (\[.*\])$/m.exec(containerfile)?.[1] ?? "[]");
  assert.ok(Array.isArray(command));
  entry = command.map(String).slice(1, -1).concat(bundled);
  // The webhook is there before its server is.
  sandbox = await startSandbox({ failedOpen: () => undefined });
  await writeFile(join(folder, "kubeconfig"), sandbox.kubeconfig);
  await install(join(folder, "kubeconfig"));
  // Another user is to read all this, and to write nothing.
  await chmod(folder, 0o555);
  for (const name of ["manager.mjs", "kubeconfig"]) await chmod(join(folder, name), 0o444);
});
after(async () => {
  for (const child of children) child.kill("SIGKILL");
  await sandbox?.close();
  await chmod(folder, 0o755);
  await rm(folder, { recursive: true });
});

async function install(kubeconfig: string): Promise<void> {
  let text = "";
  const terminal = {
    out: (part: string) => void (text += part),
    error: assert.fail,
    isInteractive: false,
    hasColor: false,
    columns: 80,
    environment: {},
    directory: folder,
    readInput: () => Promise.resolve(undefined),
    interrupted: new AbortController().signal,
  };
  assert.equal(await run(["manifests"], terminal), 0);
  const config = await readKubeconfig(kubeconfig);
  assert.ok(config.ok);
  const client = new KubeClient(httpsTransport(config.value, "test"));
  for (const object of readYaml(text, "manifests")
    .documents.map(({ value }) => value)
    .filter(isJsonObject)) {
    const resource = await resourceOf(client, object);
    valueOf(await client.apply(resource, object, { fieldManager: "test" }), `applying ${resource.kind}`);
  }
  client.close();
}

async function resourceOf(client: KubeClient, object: JsonObject): Promise<Resource> {
  const { group, version, kind } = groupVersionKindOf(object);
  const found = (await client.discover(group, version)).find((resource) => resource.kind === kind);
  assert.ok(found, `no resource of kind ${kind}`);
  return found;
}

interface Started {
  readonly child: ChildProcess;
  readonly health: string;
  readonly metrics: string;
  log(): string;
}

async function start(...flags: readonly string[]): Promise<Started> {
  const [health, metrics] = await freePorts(2);
  const ports = ["--port=0", "--host=127.0.0.1", `--health-addr=127.0.0.1:${health}`, `--prometheus-port=${metrics}`];
  const isRoot = process.getuid?.() === 0;
  const child = spawn(process.execPath, [...entry, ...ports, `--kubeconfig=${join(folder, "kubeconfig")}`, ...flags], {
    cwd: "/",
    env: { POD_NAME: "server-1", POD_NAMESPACE: "gatekeeper-system" },
    stdio: ["ignore", "pipe", "pipe"],
    ...(isRoot ? { uid: 1000, gid: 999 } : {}),
  });
  children.push(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => (text += part.toString()));
  return {
    child,
    health: `http://127.0.0.1:${health}`,
    metrics: `http://127.0.0.1:${metrics}/metrics`,
    log: () => text,
  };
}

async function untilReady({ health, log, child }: Started): Promise<string> {
  for (const until = performance.now() + 20_000; performance.now() < until;) {
    const answer = await fetch(`${health}/readyz?verbose`).catch(() => undefined);
    if (answer?.status === 200) return answer.text();
    if (child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return assert.fail(`it did not come to serve:\n${log()}`);
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null) await once(child, "exit");
  return child.exitCode;
}

describe("the server as a process", () => {
  it("runs as one file, without root and with nothing to write to; drains and ends with 0", async () => {
    const server = await start("--shutdown-delay=1", "--log-level-encoder=capital", "--enable-mutation");
    assert.equal(await untilReady(server), "[+]tls-check ok\n[+]tracker ok\nreadyz check passed\n");
    assert.equal(await (await fetch(`${server.health}/healthz`)).text(), "ok");
    assert.match(await (await fetch(server.metrics)).text(), /^gatekeeper_constraint_templates\{status="active"\} 0$/m);
    if (existsSync(`/proc/${server.child.pid}/status`)) {
      const status = await readFile(`/proc/${server.child.pid}/status`, "utf8");
      assert.doesNotMatch(status, /^Uid:\t0\t/m);
      assert.match(status, /^CapEff:\t0000000000000000$/m);
    }
    server.child.kill("SIGTERM");
    // It is not ready any more, while it still serves; where it served no more, this would fail.
    while ((await fetch(`${server.health}/readyz`)).status !== 500) assert.equal(server.child.exitCode, null);
    assert.equal(await exitOf(server.child), 0, server.log());
    const lines = server
      .log()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as JsonObject);
    const warned = lines.find(
      (line) => line["level"] === "WARN" && String(line["msg"]).startsWith("--enable-mutation"),
    );
    assert.equal(warned?.["msg"], "--enable-mutation=true has no effect: mutation comes with a later version");
    for (const message of ["starting manager", "Shutting Down, waiting for 1s", "Shutdown grace period finished"]) {
      assert.ok(
        lines.some((line) => line["msg"] === message && line["logger"] === "setup"),
        `${message}\n${server.log()}`,
      );
    }
  });

  it("ends at once and with 1 when it is told twice", async () => {
    const server = await start("--shutdown-delay=60");
    await untilReady(server);
    server.child.kill("SIGTERM");
    // Two signals that nobody has looked at are one.
    while (!server.log().includes("Shutting Down")) await new Promise((resolve) => setTimeout(resolve, 20));
    const before = performance.now();
    server.child.kill("SIGTERM");
    assert.equal(await exitOf(server.child), 1);
    assert.ok(performance.now() - before < 5000);
  });

  it("says why it does not start: with 2 for what it cannot read, with 1 for what it cannot keep", async () => {
    const unread = await start("--audit-interval=often");
    assert.equal(await exitOf(unread.child), 2);
    assert.equal(unread.log(), 'invalid value "often" for flag -audit-interval: parse error\n');
    const unkept = await start("--enable-violation-export");
    assert.equal(await exitOf(unkept.child), 1);
    assert.match(unkept.log(), /^--enable-violation-export=true cannot be kept/);
  });

  it("tells its flags, and ends with 0", async () => {
    const server = await start("--help");
    assert.equal(await exitOf(server.child), 0);
    assert.match(server.log(), /^Usage of portcullis controller:\n {2}-additional-/);
  });

  const waits = async (...flags: readonly string[]): Promise<void> => {
    const path = join(tmpdir(), `portcullis-nobody-${process.pid}`);
    await copyFile(join(folder, "kubeconfig"), path);
    await chmod(path, 0o644);
    const [port] = await freePorts(1);
    await writeFile(path, (await readFile(path, "utf8")).replaceAll(/127\.0\.0\.1:\d+/g, `127.0.0.1:${port}`));
    const server = await start("--shutdown-delay=0", ...flags, `--kubeconfig=${path}`);
    try {
      let answer = await fetch(`${server.health}/readyz`).catch(() => undefined);
      for (let round = 0; answer === undefined && round < 200; round += 1) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        answer = await fetch(`${server.health}/readyz`).catch(() => undefined);
      }
      // It goes on waiting.
      await new Promise((resolve) => setTimeout(resolve, 1000));
      assert.equal(server.child.exitCode, null, server.log());
      assert.ok(answer !== undefined, server.log());
      assert.equal(answer.status, 500);
      assert.match(await answer.text(), /\[-\]tracker failed: expectations not satisfied\n {4}\S/);
      assert.equal((await fetch(`${server.health}/healthz`)).status, 200);
      server.child.kill("SIGTERM");
      assert.equal(await exitOf(server.child), 0, server.log());
    } finally {
      await rm(path);
    }
  };
  it("waits for an API server that is not there, alive and not ready, and still ends when told", () => waits());

  it("waits as well where it is no Pod", () => waits("--debug-use-fake-pod"));
});

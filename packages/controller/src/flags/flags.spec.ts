import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { managerFlags } from "./manager-flags-data.ts";
import { readManagerOptions, type ManagerOptions } from "./manager-options.ts";

const pod = { POD_NAME: "gatekeeper-controller-manager-abc", POD_NAMESPACE: "gatekeeper-system" };

function options(...argv: readonly string[]): { options: ManagerOptions; warnings: readonly string[] } {
  const read = readManagerOptions(argv, pod);
  assert.ok(read.ok, read.ok ? "" : read.message);
  return read;
}

test("nothing given is Gatekeeper's defaults, without a warning", () => {
  const { options: read, warnings } = options();
  assert.deepEqual(warnings, []);
  assert.equal(read.port, 443);
  assert.deepEqual(read.healthAddress, { host: "", port: 9090 });
  assert.equal(read.prometheusPort, 8888);
  assert.equal(read.shutdownDelaySeconds, 10);
  assert.equal(read.operations.size, 7);
  assert.deepEqual(read.log, { level: "info", levelKey: "level", levelEncoder: "lower" });
  assert.deepEqual(read.webhookConfigurations, {
    validating: ["gatekeeper-validating-webhook-configuration"],
    mutating: [],
  });
  assert.equal(read.certificates.serviceName, "gatekeeper-webhook-service");
  assert.equal(read.certificates.client, undefined);
  assert.equal(read.referentialRules, true);
});

test("the arguments of Gatekeeper's own manifest are taken", () => {
  const { options: read, warnings } = options(
    "--port=8443",
    "--logtostderr",
    "--exempt-namespace=gatekeeper-system",
    "--operation=webhook",
    "--operation=mutation-webhook",
    "--disable-opa-builtin={http.send}",
  );
  assert.equal(read.port, 8443);
  assert.deepEqual([...read.operations], ["webhook", "mutation-webhook"]);
  assert.deepEqual(read.exemptNamespaces.names, ["gatekeeper-system"]);
  assert.deepEqual(read.disabledBuiltins, []);
  assert.deepEqual(warnings, [
    "--disable-opa-builtin={http.send} names no builtin, as in Gatekeeper, whose manifests have it so; leave the braces out to disable http.send",
    "--operation=mutation-webhook has no effect yet: a later version brings mutation",
  ]);
});

test("the forms of Go's flags", () => {
  const forms = options("-port", "8443", "--log-denies", "-emit-admission-events=T", "--operation=status,webhook");
  assert.equal(forms.options.port, 8443);
  assert.equal(forms.options.logDenies, true);
  assert.equal(forms.options.emitEvents, true);
  assert.deepEqual([...forms.options.operations], ["status", "webhook"]);
});

const refused: readonly (readonly [argv: string, message: RegExp])[] = [
  ["--prot=1", /^flag provided but not defined: -prot$/],
  ["--port", /^flag needs an argument: -port$/],
  ["--port=x", /^invalid value "x" for flag -port: parse error$/],
  ["--port=70000", /^invalid value "70000" for flag -port: it must be from 0 to 65535$/],
  ["--audit-interval=-5", /^invalid value "-5" for flag -audit-interval: it must be from 0/],
  ["--constraint-violations-limit=-1", /from 0 to/],
  ["--log-denies=maybe", /^invalid boolean value "maybe" for -log-denies: parse error$/],
  ["---port=1", /^bad flag syntax: ---port=1$/],
  ["--log-denies false", /^unexpected argument: false$/],
  ["--operation=serve", /^operation serve is not a valid operation/],
  ["--operation=audit", /there is nothing for this process to do: audit/],
  ["--enable-violation-export", /^--enable-violation-export=true cannot be kept: exporting violations comes/],
  ["--enable-remote-cluster", /cannot be kept/],
  ["--metrics-backend=opentelemetry", /^--metrics-backend=opentelemetry cannot be kept: metrics are served/],
  ["--tls-min-version=1.1", /TLS 1.2 or 1.3 alone/],
  ["--log-level-encoder=loud", /^invalid log level encoder: loud/],
  ["--health-addr=nowhere", /an address is HOST:PORT/],
  ["--denial-form=new", /use classic or current/],
];
for (const [argv, message] of refused) {
  test(`${argv} is refused`, () => {
    const read = readManagerOptions(argv.split(" "), pod);
    assert.ok(!read.ok);
    assert.match(read.message, message);
  });
}

test("every flag that has no effect says so when it is given, and no other does", () => {
  for (const flag of managerFlags) {
    const value = flag.kind === "strings" ? "prometheus" : String(flag.default);
    if (flag.name === "operation") continue;
    const { warnings } = options(`--${flag.name}=${value}`);
    assert.equal(warnings.length, flag.standing.kind === "ignored" ? 1 : 0, `${flag.name}: ${warnings}`);
  }
});

test("outside of a Pod one must say so", () => {
  const read = readManagerOptions([], {});
  assert.ok(!read.ok);
  assert.match(read.message, /^POD_NAME is not set/);
  const fake = readManagerOptions(["--debug-use-fake-pod"], {});
  assert.ok(fake.ok);
  assert.deepEqual([fake.options.pod, fake.options.namespace], ["no-pod", "gatekeeper-system"]);
});

test("the table has every flag of the real manager, with its default", (context) => {
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  const path = join(cache, "portcullis", "oracle", "gatekeeper-3.23.1");
  if (!existsSync(path)) {
    context.skip("the real Gatekeeper is not built here");
    return;
  }
  const help = spawnSync(path, ["--help"], { encoding: "utf8" });
  const entries = (help.stdout + help.stderr).split(/\n(?= {2}-)/).slice(1);
  assert.ok(entries.length > 60, `only ${entries.length} flags in the help`);
  const ours = new Map(managerFlags.map((flag) => [flag.name, flag]));
  for (const entry of entries) {
    const name = /^ {2}-(\S+)/.exec(entry)?.[1] ?? "";
    const flag = ours.get(name);
    assert.ok(flag, `-${name} is missing`);
    const shown = /\(default "?([^")]*)"?\)\s*$/.exec(entry)?.[1];
    if (shown === undefined || flag.kind === "strings") continue;
    assert.equal(String(flag.default), shown.replace(/^3m0s$/, "3m"), name);
  }
});

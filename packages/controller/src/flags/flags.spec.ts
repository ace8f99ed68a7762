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
  assert.equal(read.certificates.secretName, "gatekeeper-webhook-server-cert");
  assert.equal(read.serviceAccount, "gatekeeper-admin");
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

test("of a flag that is repeated the last counts, of one that makes a list all do", () => {
  const { options: read } = options(
    "--port=1",
    "--port=2",
    "--log-denies",
    "--log-denies=false",
    "--exempt-namespace=a",
    "--exempt-namespace=b",
    "--operation=webhook",
    "--operation=status",
    "--enable-violation-export",
    "--enable-violation-export=false",
  );
  assert.equal(read.port, 2);
  assert.equal(read.logDenies, false);
  assert.deepEqual(read.exemptNamespaces.names, ["a", "b"]);
  assert.deepEqual([...read.operations], ["webhook", "status"]);
  const both = readManagerOptions(["--metrics-backend=stackdriver", "--metrics-backend=prometheus"], pod);
  assert.ok(!both.ok);
  assert.match(both.message, /^--metrics-backend=stackdriver cannot be kept/);
});

/** What Gatekeeper's manager ends with 2 for, and its words. */
const unreadable: readonly (readonly [argv: string, message: string])[] = [
  ["--prot=1", "flag provided but not defined: -prot"],
  ["--port", "flag needs an argument: -port"],
  ["---port=1", "bad flag syntax: ---port=1"],
  ["--=1", "bad flag syntax: --=1"],
  ["--port=x", 'invalid value "x" for flag -port: parse error'],
  ["--port=", 'invalid value "" for flag -port: parse error'],
  ["--port=08", 'invalid value "08" for flag -port: parse error'],
  ["--port=1__0", 'invalid value "1__0" for flag -port: parse error'],
  ["--port=0x", 'invalid value "0x" for flag -port: parse error'],
  ["--port=9223372036854775808", 'invalid value "9223372036854775808" for flag -port: value out of range'],
  ["--log-denies=maybe", 'invalid boolean value "maybe" for -log-denies: parse error'],
  ["--log-denies=", 'invalid boolean value "" for -log-denies: parse error'],
  [
    "--operation=webhook,serve",
    'invalid value "webhook,serve" for flag -operation: operation serve is not a valid operation: ' +
      "map[audit:true generate:true mutation-controller:true mutation-status:true mutation-webhook:true " +
      "status:true webhook:true]",
  ],
  [
    "--metrics-backend=statsd",
    'invalid value "statsd" for flag -metrics-backend: ' +
      "exporter statsd is not a valid exporter: [opentelemetry prometheus stackdriver]",
  ],
  ["--otlp-metric-interval=5", 'invalid value "5" for flag -otlp-metric-interval: parse error'],
  ["--stackdriver-metric-interval=1d", 'invalid value "1d" for flag -stackdriver-metric-interval: parse error'],
  ["--v=0x2", 'invalid value "0x2" for flag -v: strconv.Atoi: parsing "0x2": invalid syntax'],
  ["--stderrthreshold=9", 'invalid value "9" for flag -stderrthreshold: Severity 9 out of range (min 0, max 3).'],
];
for (const [argv, message] of unreadable) {
  test(`${argv} cannot be read`, () => {
    assert.deepEqual(readManagerOptions([argv], pod), { ok: false, message, status: 2 });
  });
}

/** What Gatekeeper reads, however odd. */
const readable: readonly string[] = [
  "--port=0x20FB",
  "--port=0b1111",
  "--port=0o17",
  "--port=+017",
  "--port=8_443",
  "--audit-interval=-5",
  "--constraint-violations-limit=-1",
  "--otlp-metric-interval=1h5m.5s",
  "--otlp-metric-interval=0",
  "--stderrthreshold=warning",
  "--v=-1",
  "--metrics-backend=Prometheus",
  "--log-level=LOUD",
];
for (const argv of readable) {
  test(`${argv} is read`, () => {
    options(argv);
  });
}

test("integers have Go's bases", () => {
  const ports = ["0x20FB", "0b1111", "0o17", "017", "8_443"].map((text) => options(`--port=${text}`).options.port);
  assert.deepEqual(ports, [8443, 15, 15, 15, 8443]);
});

test("the real manager reads and refuses the same", { skip: realManager() === undefined }, () => {
  // It has no cluster, so what it can read ends with 1.
  const real = (argv: string): { readonly status: number | null; readonly first: string } => {
    const done = spawnSync(realManager() ?? "", [argv], {
      encoding: "utf8",
      env: { POD_NAME: "manager", POD_NAMESPACE: "gatekeeper-system", HOME: "/nonexistent" },
    });
    return { status: done.status, first: ordered(done.stderr.split("\n")[0] ?? "") };
  };
  // A Go map tells its keys in any order.
  const ordered = (text: string): string =>
    text.replace(/: \[(.*)\]$/, (_list, names: string) => `: [${names.split(" ").toSorted().join(" ")}]`);
  for (const [argv, message] of unreadable) assert.deepEqual(real(argv), { status: 2, first: message }, argv);
  for (const argv of readable) assert.equal(real(argv).status, 1, argv);
});

for (const argv of ["-h", "--help"]) {
  test(`${argv} tells every flag`, () => {
    const read = readManagerOptions([argv], pod);
    assert.ok(!read.ok);
    assert.equal(read.status, 0);
    for (const { name } of managerFlags) assert.match(read.message, new RegExp(`^  -${name}( |$)`, "m"));
    assert.match(read.message, /^ {2}-port N\n {4}\tthe webhook's port; 0 for any free one \(default 443\)$/m);
    assert.match(read.message, /^ {2}-log-mutations\n {4}\t.*; no effect: mutation comes with a later version$/m);
  });
}

const refused: readonly (readonly [argv: string, message: RegExp])[] = [
  ["--port=70000", /^invalid value "70000" for flag -port: it must be from 0 to 65535$/],
  ["--log-denies false", /^unexpected argument: false$/],
  ["--operation=audit", /there is nothing for this process to do: audit/],
  ["--enable-violation-export", /^--enable-violation-export=true cannot be kept: exporting violations comes/],
  ["--enable-remote-cluster", /cannot be kept/],
  ["--metrics-backend=opentelemetry", /^--metrics-backend=opentelemetry cannot be kept: metrics are served/],
  ["--metrics-backend=prometheus,stackdriver", /cannot be kept: metrics are served/],
  ["--tls-min-version=1.1", /TLS 1.2 or 1.3 alone/],
  ["--log-level-encoder=loud", /^invalid log level encoder: loud/],
  [
    "--default-k8s-native-validation-failure-policy=fail",
    /^invalid failure policy: unrecognized failure policy: fail$/,
  ],
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
  const path = realManager();
  if (path === undefined) {
    context.skip("the real Gatekeeper is not built here");
    return;
  }
  const help = spawnSync(path, ["--help"], { encoding: "utf8" });
  const entries = (help.stdout + help.stderr).split(/\n(?= {2}-)/).slice(1);
  assert.ok(entries.length > 60, `only ${entries.length} flags in the help`);
  const ours = new Map(managerFlags.map((flag) => [flag.name, flag]));
  const none = { boolean: "false", integer: "0", string: "" } as const;
  // Of these the Go logger shows no default.
  const unshown = new Set(["v"]);
  const names = entries.map((entry) => /^ {2}-(\S+)/.exec(entry)?.[1] ?? "");
  for (const [at, entry] of entries.entries()) {
    const name = names[at] ?? "";
    const flag = ours.get(name);
    assert.ok(flag, `-${name} is missing`);
    const shown = /\(default "?([^")]*)"?\)\s*$/.exec(entry)?.[1];
    if (flag.kind === "strings" || unshown.has(name)) continue;
    assert.equal(String(flag.default), (shown ?? none[flag.kind]).replace(/^3m0s$/, "3m"), name);
  }
  const others = managerFlags.map((flag) => flag.name).filter((name) => !names.includes(name));
  // enable-admission-violation-export is of a later Gatekeeper.
  assert.deepEqual(others.toSorted(), [
    "cert-secret-name",
    "denial-form",
    "enable-admission-violation-export",
    "narrow-webhook-rules",
    "service-account-name",
  ]);
});

function realManager(): string | undefined {
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  const path = join(cache, "portcullis", "oracle", "gatekeeper-3.23.1");
  return existsSync(path) ? path : undefined;
}

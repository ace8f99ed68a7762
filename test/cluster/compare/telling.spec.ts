/** The log of denials and the events, field by field beside those of the real Gatekeeper on the same API server. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { systemClock } from "@portcullis/kube";
import {
  isJsonArray,
  isJsonObject,
  own,
  ownString,
  readJson,
  type JsonObject,
  type JsonValue,
} from "@portcullis/objects";
import { findOracle } from "../../oracle/oracle.ts";
import { freePorts } from "../../loopback.ts";
import { availableClusters, startCluster, type TestCluster } from "../cluster.ts";
import { startGatekeeper, untilEnforced } from "../gatekeeper.ts";
import { startProgram, untilServing } from "../program.ts";
import { askOverTls, getPlainly } from "../requests.ts";

const isHere = availableClusters().includes("kube-apiserver") && findOracle("gatekeeper") !== undefined;
const skip = isHere ? false : "a real API server and the real Gatekeeper are not both here";
const namespace = "gatekeeper-system";
const main = join(import.meta.dirname, "../../../packages/cli/src/main.ts");

const template: JsonObject = {
  apiVersion: "templates.gatekeeper.sh/v1",
  kind: "ConstraintTemplate",
  metadata: { name: "k8stold" },
  spec: {
    crd: { spec: { names: { kind: "K8sTold" } } },
    targets: [
      {
        target: "admission.k8s.gatekeeper.sh",
        rego: `package k8stold
violation[{"msg": msg, "details": {"name": input.review.object.metadata.name}}] {
  msg := sprintf("label %v", [input.review.object.metadata.labels.m])
}`,
      },
    ],
  },
};

const constraint = (name: string, spec: JsonObject): JsonObject => ({
  apiVersion: "constraints.gatekeeper.sh/v1beta1",
  kind: "K8sTold",
  metadata: { name },
  spec: { match: { kinds: [{ apiGroups: ["*"], kinds: ["*"] }] }, ...spec },
});
const at = (action: string, ...points: readonly string[]): JsonObject => ({
  action,
  enforcementPoints: points.map((name) => ({ name })),
});
const constraints = [
  constraint("a-deny", {}),
  constraint("b-warn", { enforcementAction: "warn" }),
  constraint("c-dryrun", { enforcementAction: "dryrun" }),
  constraint("d-scoped", {
    enforcementAction: "scoped",
    scopedEnforcementActions: [
      at("deny", "validation.gatekeeper.sh"),
      at("warn", "*"),
      at("dryrun", "audit.gatekeeper.sh"),
    ],
  }),
];

function review(kind: readonly [string, string], metadata: JsonObject, more: JsonObject = {}): JsonObject {
  const [group, name] = kind;
  return {
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    request: {
      uid: "u",
      kind: { group, version: "v1", kind: name },
      resource: { group, version: "v1", resource: `${name.toLowerCase()}s` },
      name: ownString(metadata, "name") ?? "",
      namespace: ownString(metadata, "namespace") ?? "",
      operation: "CREATE",
      userInfo: { username: "jane" },
      object: { apiVersion: group === "" ? "v1" : `${group}/v1`, kind: name, metadata },
      ...more,
    },
  };
}
const pod = (name: string, m: string, more: JsonObject = {}): JsonObject => ({
  name,
  namespace: "default",
  labels: { m },
  ...more,
});
const aPod = ["", "Pod"] as const;

const reviews: readonly JsonObject[] = [
  review(aPod, pod("one", "x")),
  review(aPod, { name: "fine", namespace: "default" }),
  review(aPod, pod("in-a-dry-run", "x"), { dryRun: true }),
  review(aPod, pod("named-by-the-object", "x"), { name: "" }),
  review(["", "Namespace"], { name: "space", labels: { m: "x" } }, { namespace: "space" }),
  review(["rbac.authorization.k8s.io", "ClusterRole"], { name: "system:role", labels: { m: "x" } }),
  review(aPod, pod("changed", "x", { uid: "id", resourceVersion: "12" }), { operation: "UPDATE" }),
  review(aPod, pod("gone", "x"), {
    operation: "DELETE",
    object: null,
    oldObject: { apiVersion: "v1", kind: "Pod", metadata: pod("gone", "old", { uid: "id", resourceVersion: "3" }) },
  }),
  // The tenth that differs in its message alone stands for those that follow.
  ...Array.from({ length: 12 }, (_, index) => review(aPod, pod("many", `v${index}`))),
  // And of the same nothing but the count is left, until there were 25 about one object.
  ...Array.from({ length: 30 }, () => review(aPod, pod("same", "same"))),
];

/** What was told of the reviews. */
interface Told {
  readonly log: readonly JsonObject[];
  readonly events: readonly string[];
}

async function tell(cluster: TestCluster, port: number, logFile: string): Promise<Told> {
  for (const [index, each] of reviews.entries()) {
    await askOverTls({ port, path: "/v1/admit", body: JSON.stringify(each), milliseconds: 10_000 });
    // Gatekeeper's log leaves out what is said more than a hundred times in a second.
    if (index % 10 === 9) await systemClock.sleep(500);
  }
  await systemClock.sleep(2000);
  const log = readFileSync(logFile, "utf8")
    .split("\n")
    .filter((line) => line.includes("denied admission"))
    .map((line) => readJson(line))
    .map((read) => (read.ok && isJsonObject(read.value) ? { ...read.value, ts: typeof read.value["ts"] } : {}))
    .map((line) => ({ ...line, constraint_enforcement_actions: inOrder(own(line, "constraint_enforcement_actions")) }));
  const got = readJson((await cluster.kubectl(["get", "events", "-A", "-o", "json"])).stdout);
  assert.ok(got.ok);
  const items = own(got.value, "items");
  const all = isJsonArray(items) ? items : [];
  const events = all
    .filter((event) => ownString(own(event, "source"), "component") === "gatekeeper-webhook")
    .map((event) => JSON.stringify(sorted(withoutTimes(event))))
    .toSorted();
  await deleteEvents(cluster, new Set(all.map((event) => ownString(own(event, "metadata"), "namespace") ?? "")));
  return { log, events };
}

/** kubectl deletes one after another and waits for each. */
async function deleteEvents({ client }: TestCluster, namespaces: ReadonlySet<string>): Promise<void> {
  for (const each of namespaces) {
    const deleted = await client.request({ method: "DELETE", path: `/api/v1/namespaces/${each}/events` });
    assert.ok(deleted.ok);
  }
}

/** The event without what no two have in common. */
function withoutTimes(event: JsonValue): JsonValue {
  if (!isJsonObject(event)) return event;
  const metadata = own(event, "metadata");
  const name = ownString(metadata, "name") ?? "";
  return {
    ...event,
    count: countOf(event),
    firstTimestamp: typeof event["firstTimestamp"],
    lastTimestamp: typeof event["lastTimestamp"],
    metadata: {
      name: /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(name) ? "random" : (name.split(".")[0] ?? ""),
      namespace: ownString(metadata, "namespace") ?? "",
      annotations: withActionsInOrder(own(metadata, "annotations") ?? null),
    },
  };
}

/** So many events of one object are written at once; further ones are left out. */
const burst = 25;

/** How often it was told. Which of two actions of a scoped constraint the odd one falls to is the order of a Go map. */
function countOf(event: JsonObject): JsonValue {
  const count = event["count"] ?? null;
  const isScoped = ownString(own(own(event, "metadata"), "annotations"), "constraint_action") === "scoped";
  const halves = [Math.floor(burst / 2), Math.ceil(burst / 2)];
  return isScoped && typeof count === "number" && halves.includes(count) ? halves.join(" or ") : count;
}

/** Gatekeeper has the actions of a scoped constraint in the order of a Go map, which is none. */
function inOrder(actions: JsonValue | undefined): JsonValue {
  return isJsonArray(actions) ? actions.map(String).toSorted() : (actions ?? null);
}

function withActionsInOrder(annotations: JsonValue): JsonValue {
  const actions = ownString(annotations, "constraint_enforcement_actions");
  if (!isJsonObject(annotations) || actions === undefined) return annotations;
  return { ...annotations, constraint_enforcement_actions: actions.split(",").toSorted().join(",") };
}

function sorted(value: JsonValue): JsonValue {
  if (isJsonArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}

async function toldByGatekeeper(cluster: TestCluster, flags: readonly string[]): Promise<Told> {
  const logFile = join(cluster.folder, "gatekeeper.log");
  const all = [...flags, `--log-file=${logFile}`, "--enable-k8s-native-validation=false"];
  const gatekeeper = await startGatekeeper(cluster, all);
  assert.ok(gatekeeper);
  try {
    await apply(cluster, template);
    const wait = ["wait", "--for=create", "--timeout=30s", "crd/k8stold.constraints.gatekeeper.sh"];
    assert.equal((await cluster.kubectl(wait)).status, 0);
    await cluster.kubectl(["wait", "--for=condition=established", "--timeout=30s", wait.at(-1) ?? ""]);
    for (const each of constraints) await apply(cluster, each);
    await untilEnforced(
      cluster,
      constraints.map((each) => JSON.stringify(each)),
    );
    return await tell(cluster, gatekeeper.port, logFile);
  } finally {
    await gatekeeper.stop();
  }
}

async function toldByUs(cluster: TestCluster, flags: readonly string[]): Promise<Told> {
  const logFile = join(cluster.folder, "portcullis.log");
  const [port = 0, health = 0] = await freePorts(2);
  const program = startProgram(
    process.execPath,
    [
      "--conditions=source",
      main,
      "controller",
      `--kubeconfig=${cluster.kubeconfig}`,
      "--debug-use-fake-pod",
      "--operation=webhook",
      "--host=127.0.0.1",
      `--port=${port}`,
      `--health-addr=127.0.0.1:${health}`,
      "--prometheus-port=0",
      `--log-file=${logFile}`,
      ...flags,
    ],
    { ...process.env, POD_NAMESPACE: namespace },
  );
  try {
    const isReady = async (): Promise<boolean> => (await getPlainly(health, "/readyz")).status === 200;
    await untilServing("portcullis", program, isReady);
    return await tell(cluster, port, logFile);
  } finally {
    await program.stop("SIGKILL");
  }
}

/** A constraint's kind takes a moment to be served, and Gatekeeper one more to read its template. */
async function apply(cluster: TestCluster, object: JsonObject): Promise<void> {
  let said = "";
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const done = await cluster.kubectl(["apply", "-f", "-"], { input: JSON.stringify(object) });
    if (done.status === 0) return;
    said = done.stderr;
    await systemClock.sleep(200);
  }
  assert.fail(said);
}

// Each waits most of the time, on a cluster of its own.
describe("what is told of violations, beside the real Gatekeeper", { skip, concurrency: true }, () => {
  for (const isInvolved of [false, true]) {
    const where = isInvolved ? "the object's namespace" : "Gatekeeper's namespace";
    it(`the log and the events in ${where} are the same`, async () => {
      const flags = ["--log-denies", "--emit-admission-events", `--admission-events-involved-namespace=${isInvolved}`];
      const cluster = await startCluster("kube-apiserver");
      // Nothing but timers without a hold on the process may be left while the programs start.
      const alive = setInterval(() => {}, 1000);
      try {
        const theirs = await toldByGatekeeper(cluster, flags);
        const ours = await toldByUs(cluster, flags);
        assert.ok(theirs.log.length > 100 && theirs.events.length > 30, JSON.stringify(theirs).slice(0, 2000));
        assert.deepEqual(ours.log, theirs.log);
        // Ours asks nobody to call it here, and so tells that nothing is protected; Gatekeeper keeps silent on that.
        const isOfGap = (event: string): boolean => event.includes('"event_type":"protection_gap"');
        assert.equal(ours.events.filter(isOfGap).length, 1);
        assert.deepEqual(
          ours.events.filter((event) => !isOfGap(event)),
          theirs.events,
        );
      } finally {
        clearInterval(alive);
        await cluster.stop();
      }
    });
  }
});

/**
 * The sandbox beside a real API server: the same requests to both, and what both answer and show to webhooks. What is
 * known to differ stands in known-differences.ts with its reason; anything else that differs is a defect.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { isJsonArray, isJsonObject, ownPath, type JsonObject, type JsonValue } from "@portcullis/objects";
import { startWebhook, type TestWebhook } from "@portcullis/sandbox/testing";
import { availableClusters, startCluster, type TestCluster } from "../cluster.ts";
import { answerDifferences, reviewDifferences, unsteady } from "./known-differences.ts";
import { ask, differences, masked, type Probe } from "./probe.ts";
import { customProbes, probes } from "./probes-data.ts";
import { customWrites, writes } from "./writes.ts";

interface Pair {
  readonly real: TestCluster;
  readonly sandbox: TestCluster;
}

async function startPair(): Promise<Pair> {
  const real = await startCluster("kube-apiserver");
  return { real, sandbox: await startCluster("sandbox", { isBare: true }) };
}

async function stopPair(pair: Pair | undefined): Promise<void> {
  await pair?.real.stop();
  await pair?.sandbox.stop();
}

/** A definition is served a moment after it was made. */
async function untilServed(pair: Pair, path: string): Promise<void> {
  for (const until = performance.now() + 15_000; performance.now() < until;) {
    if ((await ask(pair.real, { name: "", path })).status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${path} was not served`);
}

/** An API server reads new configurations a moment later; in force are both when a write comes to both webhooks. */
async function untilCalled(cluster: TestCluster, webhook: TestWebhook): Promise<void> {
  const path = "/api/v1/namespaces/default/configmaps?dryRun=All";
  const body = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "never-kept" } };
  const isOfIt = (review: unknown): boolean => JSON.stringify(review).includes("never-kept");
  for (const until = performance.now() + 15_000; performance.now() < until;) {
    const from = webhook.requests.length;
    await ask(cluster, { name: "", method: "POST", path, body });
    if (webhook.requests.slice(from).filter(isOfIt).length === 2) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the webhooks were not called");
}

/** Holds what differs against what is known to differ, both ways: a difference that went away is to be struck off. */
function settle(name: string, found: readonly string[], known: Readonly<Record<string, string>>): void {
  // Which of several mistakes is told first is no two times the same; everything else must be.
  if (unsteady.has(name)) {
    assert.deepEqual(
      found.filter((line) => !/^\.body\.(message|details)/.test(line)),
      [],
    );
    return;
  }
  const reason = Object.hasOwn(known, name) ? known[name] : undefined;
  if (reason === undefined) assert.equal(found.length, 0, `real | sandbox\n${found.join("\n")}`);
  else assert.notEqual(found.length, 0, `there is no difference any more; strike it off (${reason})`);
}

const isThere = availableClusters().includes("kube-apiserver");

describe("the sandbox answers as a real API server does", { skip: !isThere }, () => {
  let pair: Pair | undefined;
  before(async () => {
    pair = await startPair();
  });
  after(() => stopPair(pair));
  const compare = async (probe: Probe): Promise<void> => {
    assert.ok(pair !== undefined);
    const [real, sandbox] = [await ask(pair.real, probe), await ask(pair.sandbox, probe)];
    settle(probe.name, differences(plain(real), plain(sandbox)), answerDifferences);
  };
  for (const probe of probes) it(probe.name, () => compare(probe));
  it("the definition comes to be served", async () => {
    assert.ok(pair !== undefined);
    await untilServed(pair, "/apis/example.com/v1/namespaces/default/things");
  });
  for (const probe of customProbes) it(probe.name, () => compare(probe));
});

describe("webhooks see of the sandbox what they see of a real API server", { skip: !isThere }, () => {
  let pair: Pair | undefined;
  let webhooks: readonly [TestWebhook, TestWebhook] | undefined;
  before(async () => {
    pair = await startPair();
    const open = (): Promise<TestWebhook> => startWebhook(() => ({ response: { allowed: true } }));
    webhooks = [await open(), await open()];
    for (const [cluster, webhook] of [
      [pair.real, webhooks[0]],
      [pair.sandbox, webhooks[1]],
    ] as const) {
      for (const kind of ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"]) {
        await cluster.kubectl(["apply", "-f", "-"], { input: JSON.stringify(configuration(kind, webhook)) });
      }
    }
    await untilCalled(pair.real, webhooks[0]);
    await untilCalled(pair.sandbox, webhooks[1]);
  });
  after(async () => {
    await stopPair(pair);
    for (const webhook of webhooks ?? []) await webhook.close();
  });
  const compare = async (probe: Probe): Promise<void> => {
    assert.ok(pair !== undefined && webhooks !== undefined);
    const [real, sandbox] = [
      await reviewsOf(pair.real, webhooks[0], probe),
      await reviewsOf(pair.sandbox, webhooks[1], probe),
    ];
    settle(probe.name, differences(real, sandbox), reviewDifferences);
  };
  for (const probe of writes) it(probe.name, () => compare(probe));
  it("the definition comes to be served", async () => {
    assert.ok(pair !== undefined);
    await untilServed(pair, "/apis/e.com/v1/namespaces/default/ts");
  });
  for (const probe of customWrites) it(probe.name, () => compare(probe));
});

function plain(answer: object): JsonValue {
  // What comes of JSON and strings is JSON.
  return JSON.parse(JSON.stringify(answer)) as JsonValue;
}

async function reviewsOf(cluster: TestCluster, webhook: TestWebhook, probe: Probe): Promise<JsonValue> {
  const from = webhook.requests.length;
  const { status } = await ask(cluster, probe);
  const reviews = plain(webhook.requests.slice(from));
  assert.ok(isJsonArray(reviews));
  // What the API server does by itself is its own.
  const ours = reviews.filter((review) => !String(ownPath(review, "userInfo", "username")).startsWith("system:"));
  return [status, ...ours.map((review) => withoutManagedFields(masked(review)))];
}

/** Managed fields are compared in the answers. */
function withoutManagedFields(value: JsonValue): JsonValue {
  if (isJsonArray(value)) return value.map(withoutManagedFields);
  if (!isJsonObject(value)) return value;
  const left: [string, JsonValue][] = Object.entries(value).filter(([key]) => key !== "managedFields");
  return Object.fromEntries(left.map(([key, each]) => [key, withoutManagedFields(each)]));
}

function configuration(kind: string, webhook: TestWebhook): JsonObject {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind,
    metadata: { name: "every-write" },
    webhooks: [
      {
        name: "every.write.example.com",
        admissionReviewVersions: ["v1"],
        sideEffects: "None",
        failurePolicy: "Ignore",
        clientConfig: { url: webhook.url, caBundle: webhook.caBundle },
        rules: [{ apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["*/*"] }],
      },
    ],
  };
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { KubeClient, type ApiStatus, type ApiStream, type Transport } from "@portcullis/kube";
import { InstantClock } from "@portcullis/kube/testing";
import type { JsonObject, JsonValue } from "@portcullis/objects";
import { Gaps } from "../gaps/gaps.ts";
import { silentLog } from "../log/log.ts";
import { TrustKeeper } from "./trust-keeper.ts";

const name = "gatekeeper-validating-webhook-configuration";
const rules = [{ apiGroups: ["*"], apiVersions: ["*"], operations: ["CREATE"], resources: ["*"] }];

/** A cluster in which somebody changes the configuration again whenever we have written it. */
function clusterOf(first: JsonValue, answerTo: (writes: number) => JsonValue | undefined, refusal?: ApiStatus) {
  let version = 1;
  let writes = 0;
  let wake = Promise.withResolvers<void>();
  const object = (webhooks: JsonValue): JsonObject => ({
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name, resourceVersion: String((version += 1)) },
    webhooks,
  });
  async function* watch(signal: AbortSignal | undefined): AsyncGenerator<string> {
    let told = 0;
    signal?.addEventListener("abort", () => wake.resolve());
    while (signal?.aborted !== true) {
      await wake.promise;
      wake = Promise.withResolvers<void>();
      for (; told < writes; told += 1) {
        const answer = answerTo(told + 1);
        if (answer !== undefined) yield `${JSON.stringify({ type: "MODIFIED", object: object(answer) })}\n`;
      }
    }
  }
  const text = (value: JsonValue, status = 200): ApiStream => ({
    status,
    body: (async function* () {
      yield JSON.stringify(value);
      await Promise.resolve();
    })(),
  });
  const transport: Transport = {
    open({ method, path }, signal) {
      if (path.includes("watch=true")) return Promise.resolve({ status: 200, body: watch(signal) });
      if (method === "GET")
        return Promise.resolve(text({ metadata: { resourceVersion: "1" }, items: [object(first)] }));
      writes += 1;
      queueMicrotask(() => wake.resolve());
      if (refusal !== undefined) return Promise.resolve(text({ kind: "Status", ...refusal }, refusal.code));
      return Promise.resolve(text({}));
    },
    close: () => {},
  };
  return { transport, writes: () => writes };
}

function keeperIn(transport: Transport, clock: InstantClock, said: string[]): TrustKeeper {
  return new TrustKeeper({
    client: new KubeClient(transport),
    clock,
    log: { ...silentLog, warn: (message: string) => void said.push(message) },
    validating: [name],
    mutating: [],
    gaps: new Gaps({
      log: silentLog,
      observer: {
        opened: ({ message }) => void said.push(message),
        closed: ({ kind }) => void said.push(`${kind} closed`),
        tell: () => {},
      },
      mayTell: () => false,
    }),
  });
}

const webhook = (caBundle: string, more: JsonValue = rules): JsonValue => [
  { name: "validation.gatekeeper.sh", clientConfig: { caBundle }, rules: more },
];

async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; !isSo(); turn += 1) {
    assert.ok(turn < 100_000, "it never came to be");
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test("whoever takes the authorities away again and again is answered at once at first, and then slowly", async () => {
  const { transport, writes } = clusterOf(webhook("Zm9yZWlnbg=="), () => webhook("Zm9yZWlnbg=="));
  const [clock, said]: [InstantClock, string[]] = [new InstantClock(), []];
  const keeper = keeperIn(transport, clock, said);
  keeper.start();
  await keeper.synced();
  keeper.trust("ours");
  await until(() => writes() >= 5);
  assert.ok(clock.now() < 500, "the first are answered at once");
  await until(() => writes() >= 30);
  await keeper.stop();
  assert.ok(clock.now() > 50_000, `25 times in ${clock.now()} ms`);
  assert.deepEqual(said, [
    "somebody else keeps writing other authorities into a webhook configuration, and no call comes through meanwhile",
  ]);
});

test("a write that the API server refuses is told of and tried again, one that came too late is left to the watch", async () => {
  for (const [code, reason, retries] of [
    [422, "Invalid", true],
    [409, "Conflict", false],
  ] as const) {
    const message = "it may not be written";
    const { transport, writes } = clusterOf(webhook("Zm9yZWlnbg=="), () => undefined, { code, reason, message });
    const said: string[] = [];
    const keeper = keeperIn(transport, new InstantClock(), said);
    keeper.start();
    await keeper.synced();
    keeper.trust("ours");
    await until(() => writes() >= (retries ? 3 : 1));
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    await keeper.stop();
    assert.equal(writes() > 1, retries);
    assert.equal(
      said.includes("writing the authorities into a webhook configuration failed; it is tried again"),
      retries,
    );
  }
});

test("a webhook whose rules somebody has emptied is told as a gap: nobody asks any more", async () => {
  const { transport, writes } = clusterOf(webhook("", rules), (count) =>
    count < 3 ? webhook("", count === 1 ? [] : rules) : undefined,
  );
  const said: string[] = [];
  const keeper = keeperIn(transport, new InstantClock(), said);
  keeper.start();
  await keeper.synced();
  keeper.trust("ours");
  await until(() => writes() >= 3);
  await keeper.stop();
  assert.deepEqual(said, [
    `the webhook configuration ${name} has no rules for the webhook validation.gatekeeper.sh: the API server does not ask us, and every request is let through`,
    "webhook-configuration closed",
  ]);
});

test("a configuration that cannot be read is told of: nobody would know whether it is as it should be", async () => {
  const transport: Transport = { open: () => Promise.reject(new Error("forbidden")), close: () => {} };
  const keeper = keeperIn(transport, new InstantClock(), []);
  assert.deepEqual(keeper.unfollowed(), []);
  keeper.start();
  await until(() => keeper.unfollowed().length > 0);
  await keeper.stop();
  const [[what, trouble] = []] = keeper.unfollowed();
  assert.deepEqual([what, trouble?.message], [`ValidatingWebhookConfiguration/${name}`, "forbidden"]);
});

/** The webhook's rules, as narrow as the constraints allow and never narrower, and another's when another wants them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ControllerConfig } from "@portcullis/controller";
import type { KubeClient } from "@portcullis/kube";
import { isJsonArray, own, type JsonObject, type JsonValue } from "@portcullis/objects";
import {
  configMap,
  constraintOf,
  constraintsOf,
  kinds,
  ok,
  refusal,
  templateOf,
  within,
  withSandbox,
} from "./with-sandbox.ts";

const name = "gatekeeper-validating-webhook-configuration";
const wide: JsonValue = [
  { apiGroups: ["*"], apiVersions: ["*"], operations: ["CREATE", "UPDATE"], resources: ["*", "pods/exec"], scope: "*" },
];
const configuration = (port: number): JsonObject => ({
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingWebhookConfiguration",
  metadata: { name },
  webhooks: [
    {
      name: "validation.gatekeeper.sh",
      clientConfig: { url: `https://127.0.0.1:${port}/v1/admit` },
      failurePolicy: "Fail",
      sideEffects: "NoneOnDryRun",
      admissionReviewVersions: ["v1"],
      namespaceSelector: {
        matchExpressions: [
          { key: "kubernetes.io/metadata.name", operator: "NotIn", values: ["gatekeeper-system", "kube-system"] },
        ],
      },
      rules: wide,
    },
  ],
});

const narrowing = (port: number): Partial<ControllerConfig> => ({
  certificates: { kind: "secret", secret: "cert", service: "webhook", names: ["127.0.0.1"] },
  webhook: {
    host: "127.0.0.1",
    port,
    failurePolicy: "Fail",
    timeoutSeconds: 3,
    registration: { kind: "adopt", validating: [name], mutating: [], narrow: true, quietMilliseconds: 200 },
  },
});

async function rulesOf(client: KubeClient): Promise<JsonValue> {
  const webhooks = own(ok(await client.get(kinds.webhooks, { name })), "webhooks");
  return own(isJsonArray(webhooks) ? webhooks[0] : undefined, "rules") ?? null;
}
const asked = async (client: KubeClient): Promise<string> =>
  (JSON.stringify(await rulesOf(client)).match(/"resources":\[[^\]]*\]/g) ?? []).join(" ");

const never = `package x
violation[{"msg": "never"}] { input.review.object.data.bad }`;
const matching = (...names: string[]): JsonObject => ({ match: { kinds: [{ apiGroups: [""], kinds: names }] } });

test("rules follow the constraints: narrower after some quiet, wider before a constraint counts", async () => {
  await withSandbox(async ({ client, start }) => {
    const first = await start("pod-a", narrowing(0));
    await first.stop();
    ok(await client.create(kinds.webhooks, configuration(first.port)));
    await start("pod-a", narrowing(first.port));
    const create = (of: string, spec: JsonObject) =>
      client.create(constraintsOf("Never"), constraintOf("Never", of, spec));
    ok(await client.create(kinds.templates, templateOf("Never", never)));
    ok(await create("pods", matching("Pod")));
    await within(5000, async () => (await asked(client)) === '"resources":["*"] "resources":["pods","pods/exec"]');
    ok(await client.create(kinds.configMaps, configMap("unseen", { bad: "yes" })));
    // Wider at once: when the command returns, the new kind is looked at.
    ok(await create("maps", matching("ConfigMap")));
    assert.match(await asked(client), /"configmaps"/);
    assert.match(refusal(await client.create(kinds.configMaps, configMap("seen", { bad: "yes" }))), /\[maps\] never/);
    ok(await create("all", {}));
    assert.deepEqual(await rulesOf(client), wide);
    ok(await client.delete(constraintsOf("Never"), { name: "all" }));
    ok(await client.delete(constraintsOf("Never"), { name: "maps" }));
    await within(5000, async () => (await asked(client)) === '"resources":["*"] "resources":["pods","pods/exec"]');
    // Somebody else changes them: from then on they are that somebody's.
    ok(
      await client.patch(kinds.webhooks, { name }, "json", [{ op: "replace", path: "/webhooks/0/rules", value: wide }]),
    );
    ok(await client.patch(constraintsOf("Never"), { name: "pods" }, "merge", { spec: matching("Secret") }));
    await new Promise((resolve) => setTimeout(resolve, 800));
    assert.deepEqual(await rulesOf(client), wide);
  });
});

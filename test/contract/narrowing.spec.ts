/** Narrowing where the API server takes no conditions, as the sandbox. On a real one: test/cluster/narrowing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ControllerConfig, Gap } from "@portcullis/controller";
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
    registration: {
      kind: "adopt",
      validating: [name],
      mutating: [],
      narrow: true,
      quietMilliseconds: 200,
      holdMilliseconds: 500,
    },
  },
});

const never = `package x
violation[{"msg": "never"}] { input.review.object.data.bad }`;
const matching = (...names: string[]): JsonObject => ({ match: { kinds: [{ apiGroups: [""], kinds: names }] } });

test("what takes no condition is asked about everything, and constraints count as ever", async () => {
  await withSandbox(async ({ client, start }) => {
    const first = await start("pod-a", narrowing(0));
    await first.stop();
    ok(await client.create(kinds.webhooks, configuration(first.port)));
    const said: string[] = [];
    const say =
      (what: string) =>
      ({ kind }: Gap): void =>
        void said.push(`${what} ${kind}`);
    const gaps = { opened: say("opened"), closed: say("closed"), tell: () => {} };
    await start("pod-a", { ...narrowing(first.port), observers: { gaps } });
    const create = (of: string, spec: JsonObject) =>
      client.create(constraintsOf("Never"), constraintOf("Never", of, spec));
    ok(await client.create(kinds.templates, templateOf("Never", never)));
    ok(await create("secrets", matching("Secret")));
    // Long enough to be narrowed, if the sandbox evaluated conditions.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    ok(await create("maps", matching("ConfigMap")));
    assert.match(refusal(await client.create(kinds.configMaps, configMap("seen", { bad: "yes" }))), /\[maps\] never/);
    const webhooks = own(ok(await client.get(kinds.webhooks, { name })), "webhooks");
    const [webhook] = isJsonArray(webhooks) ? webhooks : [];
    assert.deepEqual(own(webhook, "rules"), wide);
    assert.equal(own(webhook, "matchConditions"), undefined);
    assert.equal(said.join(), "");
    // Rules are their owner's. Without any nobody is asked, which is said.
    const rules = (value: JsonValue): JsonValue => [{ op: "add", path: "/webhooks/0/rules", value }];
    ok(await client.patch(kinds.webhooks, { name }, "json", rules([])));
    await within(3000, () => said.includes("opened webhook-configuration"));
    ok(await client.patch(kinds.webhooks, { name }, "json", rules(wide)));
    await within(3000, () => said.includes("closed webhook-configuration"));
  });
});

/** What people delete by accident, and what an API server that takes no writes does to who is serving. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ControllerConfig, Gap } from "@portcullis/controller";
import { isJsonArray, metadataOf, own, ownPath, uidOf, type JsonObject } from "@portcullis/objects";
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

const never = templateOf(
  "Never",
  `package x
violation[{"msg": "never"}] { input.review.object.data.bad }`,
);
const bad = (name: string): ReturnType<typeof configMap> => configMap(name, { bad: "yes" });

/** Keeps what a server says about gaps. */
function gapsOf(): { readonly said: string[]; readonly more: Partial<ControllerConfig> } {
  const said: string[] = [];
  const say =
    (what: string) =>
    ({ kind, name }: Gap): void =>
      void said.push(`${what} ${kind} ${name}`);
  return { said, more: { observers: { gaps: { opened: say("opened"), closed: say("closed"), tell: say("told") } } } };
}

test("a CRD of constraints that is deleted comes back; its constraints are held until they are applied anew", async () => {
  await withSandbox(async ({ client, start }) => {
    const { said, more } = gapsOf();
    await start("pod-a", more);
    ok(await client.create(kinds.templates, never));
    const rule = constraintOf("Never", "rule");
    ok(await client.create(constraintsOf("Never"), rule));
    ok(await client.create(constraintsOf("Never"), constraintOf("Never", "other")));
    refusal(await client.create(kinds.configMaps, bad("a")));
    const crd = "never.constraints.gatekeeper.sh";
    await within(3000, () => client.get(constraintsOf("Never"), { name: "other" }).then((found) => found.ok));
    ok(await client.delete(kinds.crds, { name: crd }));
    await within(10_000, () => said.includes(`told custom-resource-definition ${crd}`));
    for (let round = 0; round < 10; round += 1) {
      assert.match(refusal(await client.create(kinds.configMaps, bad("b"))), /\[rule\] never/);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await within(10_000, async () => (await client.create(constraintsOf("Never"), rule)).ok);
    const applied = await client.create(constraintsOf("Never"), constraintOf("Never", "other"));
    assert.ok(applied.ok);
    await within(3000, () => said.includes(`closed custom-resource-definition ${crd}`));
    // A deletion that is meant counts as ever.
    ok(await client.delete(constraintsOf("Never"), { name: "rule" }));
    ok(await client.delete(constraintsOf("Never"), { name: "other" }));
    await within(3000, async () => (await client.create(kinds.configMaps, bad("c"))).ok);
  });
});

test("a template that is created once more, and so refused, takes nothing away from the one that is there", async () => {
  await withSandbox(async ({ client, start }) => {
    await start("pod-a");
    ok(await client.create(kinds.templates, never));
    ok(await client.create(constraintsOf("Never"), constraintOf("Never", "rule")));
    const crd = { name: "never.constraints.gatekeeper.sh" };
    const uid = async (): Promise<string> => uidOf(ok(await client.get(kinds.crds, crd)));
    // Its reconciliation has made the CRD the template's own.
    const isOwned = async (): Promise<boolean> =>
      own(metadataOf(ok(await client.get(kinds.crds, crd))), "ownerReferences") !== undefined;
    await within(3000, isOwned);
    const before = await uid();
    const again = templateOf("Never", 'package x\nviolation[{"msg": "otherwise"}] { input.review.object.data.bad }');
    assert.match(refusal(await client.create(kinds.templates, again)), /already exists/);
    assert.equal(await uid(), before);
    ok(await client.get(constraintsOf("Never"), { name: "rule" }));
    assert.match(refusal(await client.create(kinds.configMaps, bad("a"))), /\[rule\] never/);
  });
});

test("constraints are held also where their own watch has not told of their end", async () => {
  await withSandbox(async ({ sandbox, client, start }) => {
    const { said, more } = gapsOf();
    await start("pod-a", more);
    ok(await client.create(kinds.templates, never));
    ok(await client.create(constraintsOf("Never"), constraintOf("Never", "rule")));
    await within(3000, async () => {
      const found = await client.get(constraintsOf("Never"), { name: "rule" });
      return found.ok && ownPath(found.value, "status", "byPod") !== undefined;
    });
    const path = /constraints.gatekeeper.sh.*never\?.*watch=true/;
    const lift = sandbox.faults.inject({ fault: { kind: "status", code: 500 }, method: "GET", path });
    sandbox.faults.dropWatches("never");
    const crd = "never.constraints.gatekeeper.sh";
    ok(await client.delete(kinds.crds, { name: crd }));
    await within(10_000, async () => (await client.get(kinds.crds, { name: crd })).ok);
    lift();
    await within(10_000, () => said.includes(`told custom-resource-definition ${crd}`));
    assert.match(refusal(await client.create(kinds.configMaps, bad("b"))), /\[rule\] never/);
  });
});

test("when the CRD of all templates is deleted, what was in force is held, and applied anew in its place", async () => {
  await withSandbox(async ({ client, start }) => {
    const { said, more } = gapsOf();
    await start("pod-a", more);
    const rule = constraintOf("Never", "rule");
    ok(await client.create(kinds.templates, never));
    ok(await client.create(constraintsOf("Never"), rule));
    refusal(await client.create(kinds.configMaps, bad("a")));
    const name = "constrainttemplates.templates.gatekeeper.sh";
    const crd = ok(await client.get(kinds.crds, { name }));
    ok(await client.delete(kinds.crds, { name }));
    await within(10_000, () => said.includes(`told custom-resource-definition ${name}`));
    const stays = async (): Promise<void> => {
      for (let round = 0; round < 20; round += 1) {
        assert.match(refusal(await client.create(kinds.configMaps, bad("b"))), /\[rule\] never/);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    await stays();
    const { metadata: _old, status: _status, ...rest } = crd;
    const labels = { "gatekeeper.sh/system": "yes" };
    await within(10_000, async () => (await client.create(kinds.crds, { ...rest, metadata: { name, labels } })).ok);
    await within(10_000, async () => (await client.create(kinds.templates, never)).ok);
    await stays();
    await within(10_000, async () => (await client.create(constraintsOf("Never"), rule)).ok);
    await stays();
    ok(await client.delete(constraintsOf("Never"), { name: "rule" }));
    await within(3000, async () => (await client.create(kinds.configMaps, bad("c"))).ok);
  });
});

test("a Config that is deleted, and labels that should not be or are no more, are told; nothing opens", async () => {
  await withSandbox(async ({ client, start }) => {
    const { said, more } = gapsOf();
    const exemptNamespaces = { names: ["gatekeeper-system"], prefixes: [], suffixes: [] };
    await start("pod-a", { ...more, exemptNamespaces });
    const label = (value: string | null): JsonObject => ({
      metadata: { labels: { "admission.gatekeeper.sh/ignore": value } },
    });
    ok(await client.create(kinds.templates, never));
    ok(await client.create(constraintsOf("Never"), constraintOf("Never", "rule")));
    const namespace = { name: "gatekeeper-system" };
    ok(await client.patch(kinds.namespaces, namespace, "merge", label("no-self-managing")));
    ok(await client.patch(kinds.namespaces, namespace, "merge", label(null)));
    await within(3000, () => said.includes("told namespace-label gatekeeper-system"));
    ok(await client.patch(kinds.namespaces, namespace, "merge", label("yes")));
    await within(3000, () => said.includes("closed namespace-label gatekeeper-system"));
    // While the guard of the label was away somebody gave it.
    const guarded = ok(await client.get(kinds.webhooks, { name: "gatekeeper-validating-webhook-configuration" }));
    ok(await client.delete(kinds.webhooks, { name: "gatekeeper-validating-webhook-configuration" }));
    ok(await client.patch(kinds.namespaces, { name: "default" }, "merge", label("yes")));
    await within(3000, () => said.includes("told namespace-label default"));
    ok(await client.patch(kinds.namespaces, { name: "default" }, "merge", label(null)));
    await within(3000, () => said.includes("closed namespace-label default"));
    const { name, labels } = guarded["metadata"] as { name: string; labels: JsonObject };
    ok(await client.create(kinds.webhooks, { ...guarded, metadata: { name, labels } }));
    const at = { name: "config", namespace: "gatekeeper-system" };
    const config = { apiVersion: "config.gatekeeper.sh/v1alpha1", kind: "Config", metadata: at, spec: {} };
    ok(await client.create(kinds.configs, config));
    await within(3000, async () => ownPath(ok(await client.get(kinds.configs, at)), "status", "byPod") !== undefined);
    ok(await client.delete(kinds.configs, at));
    await within(3000, () => said.includes("told config config"));
    assert.match(refusal(await client.create(kinds.configMaps, bad("d"))), /\[rule\] never/);
    ok(await client.create(kinds.configs, config));
    await within(3000, () => said.includes("closed config config"));
  });
});

test("a template whose kind is written in other letters is refused; where nobody refused it, what was in force stays so", async () => {
  await withSandbox(async ({ client, start }) => {
    await start();
    ok(await client.create(kinds.templates, never));
    ok(await client.create(constraintsOf("Never"), constraintOf("Never", "rule")));
    const letters = { spec: { crd: { spec: { names: { kind: "NEVER" } } } } };
    const change = () => client.patch(kinds.templates, { name: "never" }, "merge", letters);
    assert.match(refusal(await change()), /cannot be changed from `Never` to `NEVER`/);
    const webhook = { name: "gatekeeper-validating-webhook-configuration" };
    const configuration = ok(await client.get(kinds.webhooks, webhook));
    ok(await client.delete(kinds.webhooks, webhook));
    ok(await change());
    await within(3000, async () => {
      const template = ok(await client.get(kinds.templates, { name: "never" }));
      return JSON.stringify(ownPath(template, "status") ?? {}).includes("cannot be changed");
    });
    // A constraint that is written meanwhile is of the kind that there is.
    const match = { namespaces: ["def*"] };
    ok(await client.patch(constraintsOf("Never"), { name: "rule" }, "merge", { spec: { match } }));
    ok(await client.create(kinds.webhooks, { ...configuration, metadata: webhook }));
    await within(3000, async () => {
      const entries = ownPath(ok(await client.get(constraintsOf("Never"), { name: "rule" })), "status", "byPod");
      return isJsonArray(entries) && own(entries[0], "observedGeneration") === 2;
    });
    assert.match(refusal(await client.create(kinds.configMaps, bad("a"))), /\[rule\] never/);
    ok(await client.delete(kinds.templates, { name: "never" }));
    await within(3000, async () => (await client.create(kinds.configMaps, bad("b"))).ok);
  });
});

test("while the API server takes no writes it goes on answering, and the statuses catch up afterwards", async () => {
  await withSandbox(async ({ sandbox, client, start }) => {
    const controller = await start();
    ok(await client.create(kinds.templates, never));
    ok(await client.create(constraintsOf("Never"), constraintOf("Never", "rule")));
    const byPod = async (): Promise<number> => {
      const found = ok(await client.get(constraintsOf("Never"), { name: "rule" }));
      const entries = ownPath(found, "status", "byPod");
      return isJsonArray(entries) ? Number(own(entries[0], "observedGeneration") ?? 0) : 0;
    };
    await within(3000, async () => (await byPod()) === 1);
    // The change comes through; what the server would write about it does not.
    const lifts = ["POST", "PUT", "PATCH"].map((method) =>
      sandbox.faults.inject({ fault: { kind: "status", code: 500 }, method, path: /podstatuses|\/status/ }),
    );
    const match = { match: { namespaces: ["def*"] } };
    ok(await client.patch(constraintsOf("Never"), { name: "rule" }, "merge", { spec: match }));
    for (let round = 0; round < 20; round += 1) refusal(await client.create(kinds.configMaps, bad(`c${round}`)));
    assert.equal(await byPod(), 1);
    assert.deepEqual(controller.awaited(), []);
    for (const lift of lifts) lift();
    await within(10_000, async () => (await byPod()) === 2);
  });
});

test("a template that is slow to be read, and answers that come late, delay a start and open nothing", async () => {
  await withSandbox(async ({ sandbox, client, open, start }) => {
    const first = await start();
    ok(await client.create(kinds.templates, never));
    ok(await client.create(constraintsOf("Never"), constraintOf("Never", "rule")));
    await first.stop();
    sandbox.faults.inject({ fault: { kind: "slow", milliseconds: 300 }, method: "GET" });
    const second = open("pod-b");
    await within(3000, () => second.awaited().length > 0);
    // Registered from before, or not yet listening: nothing goes through.
    const from = performance.now();
    while (second.awaited().length > 0 && performance.now() - from < 20_000) {
      refusal(await client.create(kinds.configMaps, bad("d")));
    }
    sandbox.faults.lift();
    await second.ready;
    assert.match(refusal(await client.create(kinds.configMaps, bad("e"))), /\[rule\] never/);
  });
});

test("a CRD that the API server does not take is told of in the template's status, until it does", async () => {
  await withSandbox(async ({ sandbox, client, start }) => {
    await start();
    const path = /customresourcedefinitions/;
    const lifts = ["POST", "PUT"].map((method) =>
      sandbox.faults.inject({ fault: { kind: "status", code: 500 }, method, path }),
    );
    ok(await client.create(kinds.templates, never));
    const errors = async (): Promise<string> => {
      const found = ok(await client.get(kinds.templates, { name: "never" }));
      const entries = ownPath(found, "status", "byPod");
      return isJsonArray(entries) ? JSON.stringify(own(entries[0], "errors") ?? "none") : "";
    };
    await within(10_000, async () => /"create_error".*"Could not create CRD: /.test(await errors()));
    for (const lift of lifts) lift();
    await within(10_000, async () => (await errors()) === '"none"');
    await within(5000, async () => (await client.create(constraintsOf("Never"), constraintOf("Never", "rule"))).ok);
  });
});

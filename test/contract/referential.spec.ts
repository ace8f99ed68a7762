/** What policies read of the cluster, and what is left alone: Config, SyncSets and the templates' own words. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@portcullis/objects";
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
  type TestedSandbox,
} from "./with-sandbox.ts";

const uniqueColour = templateOf(
  "UniqueColour",
  `package x
violation[{"msg": msg}] {
  input.review.kind.kind == "ConfigMap"
  colour := input.review.object.data.colour
  other := data.inventory.namespace[ns]["v1"]["ConfigMap"][name]
  [ns, name] != [input.review.namespace, input.review.name]
  other.data.colour == colour
  msg := sprintf("%v has %v already", [name, colour])
}`,
);
/** Says how many objects of a kind it sees, whatever the kind. */
const counter = (pattern: string): JsonObject =>
  templateOf(
    "Counter",
    `package x
violation[{"msg": msg}] {
  input.review.object.data.count
  msg := sprintf("sees %v", [count([1 | ${pattern}])])
}`,
  );

const seen = async (client: TestedSandbox["client"], namespace = "default"): Promise<string> => {
  const result = await client.create(kinds.configMaps, configMap("probe", { count: "yes" }, namespace));
  return result.ok ? "admitted" : (/sees \d+/.exec(result.status.message)?.[0] ?? result.status.message);
};

test("a referential policy sees what it reads, without anybody listing it, and from the first moment of a restart", async () => {
  await withSandbox(async ({ client, start }) => {
    const first = await start();
    ok(await client.create(kinds.configMaps, configMap("red", { colour: "red" })));
    ok(await client.create(kinds.templates, uniqueColour));
    ok(await client.create(constraintsOf("UniqueColour"), constraintOf("UniqueColour", "unique")));
    const paint = (name: string, colour: string) => client.create(kinds.configMaps, configMap(name, { colour }));
    // When the command that applies the constraint returns, what it reads is there.
    assert.match(
      refusal(await client.create(kinds.configMaps, configMap("red-2", { colour: "red" }))),
      /has red already/,
    );
    assert.match(refusal(await paint("red-3", "red")), /\[unique\] red has red already/);
    ok(await paint("blue", "blue"));
    await within(1000, async () => !(await paint("blue-2", "blue")).ok);
    // Objects that go, go from the inventory too.
    ok(await client.delete(kinds.configMaps, { name: "blue", namespace: "default" }));
    await within(1000, async () => (await paint("blue-3", "blue")).ok);
    await first.stop();
    await start("pod-b");
    assert.match(refusal(await paint("red-4", "red")), /red has red already/);
  });
});

test("Config and SyncSets count, each on its own, and what nobody wishes for any more goes", async () => {
  await withSandbox(async ({ client, start }) => {
    await start();
    // The kind is a variable here, so that its text tells nothing.
    const open = counter(
      'some ns, kind; kind == concat("", ["Secr", "et"]); data.inventory.namespace[ns]["v1"][kind][_]',
    );
    ok(await client.create(kinds.templates, open));
    await within(2000, async () => (await client.create(constraintsOf("Counter"), constraintOf("Counter", "c"))).ok);
    for (const name of ["s1", "s2"]) {
      const secret = { apiVersion: "v1", kind: "Secret", metadata: { name, namespace: "default" } };
      ok(await client.create(kinds.secrets, secret));
    }
    await within(1000, async () => (await seen(client)) === "sees 0");
    const gvk = { group: "", version: "v1", kind: "Secret" };
    const syncSet = { apiVersion: "syncset.gatekeeper.sh/v1alpha1", kind: "SyncSet", metadata: { name: "all" } };
    ok(await client.create(kinds.syncSets, { ...syncSet, spec: { gvks: [gvk] } }));
    await within(2000, async () => (await seen(client)) === "sees 2");
    const config = (spec: JsonObject): JsonObject => ({
      apiVersion: "config.gatekeeper.sh/v1alpha1",
      kind: "Config",
      metadata: { name: "config", namespace: "gatekeeper-system" },
      spec,
    });
    ok(await client.create(kinds.configs, config({ sync: { syncOnly: [gvk] } })));
    ok(await client.delete(kinds.syncSets, { name: "all" }));
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(await seen(client), "sees 2");
    // A namespace that `sync` leaves alone is not in the data, and comes back into it.
    const at = { name: "config", namespace: "gatekeeper-system" };
    const exclude = (processes: string[], pattern: string) =>
      client.patch(kinds.configs, at, "merge", { spec: { match: [{ processes, excludedNamespaces: [pattern] }] } });
    ok(await exclude(["sync"], "def*"));
    await within(1000, async () => (await seen(client)) === "sees 0");
    ok(await exclude(["audit"], "def*"));
    await within(1000, async () => (await seen(client)) === "sees 2");
    // One that `webhook` leaves alone is not reviewed.
    ok(await exclude(["webhook"], "*ault"));
    await within(1000, async () => (await seen(client)) === "admitted");
    const status = async (): Promise<string> => JSON.stringify(ok(await client.get(kinds.configs, at))["status"] ?? {});
    await within(2000, async () =>
      /"id":"pod-a".*"observedGeneration":4|"observedGeneration":4.*"id":"pod-a"/.test(await status()),
    );
    ok(await client.delete(kinds.configs, at));
    await within(1000, async () => (await seen(client)) === "sees 0");
  });
});

test("kinds that the server does not have do not keep it from enforcing", async () => {
  await withSandbox(async ({ client, start }) => {
    await start();
    const gvk = { group: "example.com", version: "v1", kind: "Ghost" };
    const syncSet = { apiVersion: "syncset.gatekeeper.sh/v1alpha1", kind: "SyncSet", metadata: { name: "ghosts" } };
    ok(await client.create(kinds.syncSets, { ...syncSet, spec: { gvks: [gvk] } }));
    const second = await start("pod-b");
    assert.deepEqual(second.awaited(), []);
  });
});

test("the inventory is what the cluster has, however the watches break", async () => {
  await withSandbox(async ({ sandbox, client, start }) => {
    await start();
    ok(await client.create(kinds.templates, counter('data.inventory.namespace["default"]["v1"]["Secret"][_]')));
    ok(await client.create(constraintsOf("Counter"), constraintOf("Counter", "c")));
    for (let round = 1; round <= 6; round += 1) {
      sandbox.faults.inject({ fault: { kind: "status", code: round % 2 === 0 ? 429 : 500 }, times: 2, method: "GET" });
      const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: `s${round}`, namespace: "default" } };
      ok(await client.create(kinds.secrets, secret));
      if (round % 3 === 0) sandbox.faults.compact();
      sandbox.faults.dropWatches();
      ok(
        await client.patch(kinds.secrets, { name: `s${round}`, namespace: "default" }, "merge", {
          data: { a: "eA==" },
        }),
      );
      if (round > 2) ok(await client.delete(kinds.secrets, { name: `s${round - 2}`, namespace: "default" }));
      sandbox.faults.lift();
      const wanted = `sees ${Math.min(round, 2)}`;
      await within(10_000, async () => (await seen(client)) === wanted);
    }
  });
});

test("objects that cannot be read hold up no constraint for so long that policies are not asked any more", async () => {
  await withSandbox(async ({ sandbox, client, start }) => {
    await start();
    // A constraint that looks at everything looks at constraints too.
    ok(await client.create(kinds.templates, templateOf("Never", 'package x\nviolation[{"msg": "never"}] { false }')));
    ok(await client.create(constraintsOf("Never"), constraintOf("Never", "everything")));
    sandbox.faults.inject({ fault: { kind: "status", code: 500 }, method: "GET", path: /^\/api\/v1\/secrets\?/ });
    ok(
      await client.create(kinds.syncSets, {
        apiVersion: "syncset.gatekeeper.sh/v1alpha1",
        kind: "SyncSet",
        metadata: { name: "secrets" },
        spec: { gvks: [{ group: "", version: "v1", kind: "Secret" }] },
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    ok(await client.create(constraintsOf("Never"), constraintOf("Never", "one-more")));
    const warn = { spec: { enforcementAction: "warn" } };
    ok(await client.patch(constraintsOf("Never"), { name: "everything" }, "merge", warn));
  });
});

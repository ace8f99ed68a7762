/** The controller over its life: restarts, lost watches, and an API server that refuses for a while. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeClient } from "@portcullis/kube";
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

const { templates, configMaps } = kinds;
const constraints = constraintsOf("Nothing");
const template = templateOf(
  "Nothing",
  'package x\nviolation[{"msg": "nothing goes"}] { input.review.kind.kind == "ConfigMap" }',
);
const constraint = constraintOf("Nothing", "rule", { match: { namespaces: ["default"] } });
const nothingGoes = 'admission webhook "validation.gatekeeper.sh" denied the request: [rule] nothing goes';

/** Tries to make a ConfigMap, of which the names are made by the server, so that none is there already. */
function tryConfigMap(client: KubeClient): ReturnType<KubeClient["create"]> {
  const { metadata: _named, ...map } = configMap("any");
  return client.create(configMaps, { ...map, metadata: { generateName: "map-", namespace: "default" } });
}

test("it enforces from its first moment after a restart, and nothing goes through in between", async () => {
  await withSandbox(async ({ client, start }) => {
    const first = await start();
    ok(await client.create(templates, template));
    ok(await client.create(constraints, constraint));
    assert.equal(refusal(await tryConfigMap(client)), nothingGoes);
    await first.stop();
    // The webhook is registered and nobody answers: it fails closed.
    assert.match(refusal(await tryConfigMap(client)), /failed calling webhook "validation.gatekeeper.sh"/);
    const second = await start();
    assert.equal(refusal(await tryConfigMap(client)), nothingGoes);
    await second.stop();
  });
});

test("it follows changes that were made while its watches were lost", async () => {
  await withSandbox(async ({ sandbox, client, start }) => {
    const controller = await start();
    ok(await client.create(templates, template));
    ok(await client.create(constraints, constraint));
    for (const spoil of [
      () => sandbox.faults.dropWatches(),
      () => sandbox.faults.expireWatches(),
      () => {
        sandbox.faults.compact();
        return sandbox.faults.dropWatches();
      },
    ]) {
      assert.equal(refusal(await tryConfigMap(client)), nothingGoes);
      // There may be no watch open just now; it is spoilt when there is.
      await within(1000, () => spoil() > 0);
      ok(await client.delete(constraints, { name: "rule" }));
      await within(1000, async () => (await tryConfigMap(client)).ok);
      spoil();
      ok(await client.create(constraints, constraint));
    }
    assert.equal(refusal(await tryConfigMap(client)), nothingGoes);
    await controller.stop();
  });
});

test("a second replica has its own entry in the status, and both enforce", async () => {
  await withSandbox(async ({ client, start }) => {
    const first = await start("pod-a");
    ok(await client.create(templates, template));
    ok(await client.create(constraints, constraint));
    const second = await start("pod-b");
    const ids = async (): Promise<string> => {
      const found = ok(await client.get(templates, { name: "nothing" }));
      return JSON.stringify(found["status"]).replace(/"templateUID":"[^"]*"/g, "");
    };
    await within(2000, async () => /"pod-a".*"pod-b"/.test(await ids()));
    assert.equal(refusal(await tryConfigMap(client)), nothingGoes);
    await first.stop();
    assert.equal(refusal(await tryConfigMap(client)), nothingGoes);
    await second.stop();
  });
});

/** Replicas that have not read a template yet when a constraint of its kind is being admitted. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Controller } from "@portcullis/controller";
import { ownPath, readJson, type JsonObject, type JsonValue } from "@portcullis/objects";
import { askOverTls } from "../cluster/requests.ts";
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

const never = templateOf("Never", 'package x\nviolation[{"msg": "never"}] { input.review.object.data.bad }');

/** Asks one replica about a constraint that is being created, as the API server would. */
async function admit(replica: Controller, constraint: JsonObject): Promise<JsonValue> {
  const review = {
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    request: {
      uid: "u",
      operation: "CREATE",
      kind: { group: "constraints.gatekeeper.sh", version: "v1beta1", kind: constraint["kind"] },
      name: "rule",
      // What a dry run puts into force is nothing.
      dryRun: true,
      object: constraint,
    },
  };
  const body = JSON.stringify(review);
  const { text } = await askOverTls({ port: replica.port, path: "/v1/admit?timeout=10s", body, milliseconds: 15_000 });
  const read = readJson(text);
  assert.ok(read.ok);
  return ownPath(read.value, "response") ?? null;
}

test("each of three replicas waits for the template, though its watch tells nothing", async () => {
  await withSandbox(async ({ sandbox, client, start }) => {
    const replicas = [await start("pod-a"), await start("pod-b"), await start("pod-c")];
    const lift = sandbox.faults.inject({ fault: { kind: "hang-up" }, path: /constrainttemplates\?.*watch=true/ });
    assert.ok(sandbox.faults.dropWatches() > 0);
    ok(await client.create(kinds.templates, never));
    const constraint = constraintOf("Never", "rule");
    for (const answer of await Promise.all(replicas.map((replica) => admit(replica, constraint)))) {
      assert.equal(ownPath(answer, "allowed"), true, JSON.stringify(answer));
    }
    ok(await client.create(constraintsOf("Never"), constraint));
    assert.match(refusal(await client.create(kinds.configMaps, configMap("a", { bad: "yes" }))), /\[rule\] never/);
    lift();
    await within(10_000, async () => {
      const found = ok(await client.get(constraintsOf("Never"), { name: "rule" }));
      return JSON.stringify(ownPath(found, "status", "byPod") ?? "").includes("pod-b");
    });
  });
});

test("where the template is seen a moment later, no replica refuses either", async () => {
  await withSandbox(async ({ client, start }) => {
    const replicas = [await start("pod-a"), await start("pod-b"), await start("pod-c")];
    for (let round = 0; round < 5; round += 1) {
      const kind = `Never${round}`;
      const rego = 'package x\nviolation[{"msg": "never"}] { false }';
      ok(await client.create(kinds.templates, templateOf(kind, rego)));
      const answers = await Promise.all(replicas.map((replica) => admit(replica, constraintOf(kind, "rule"))));
      for (const answer of answers) assert.equal(ownPath(answer, "allowed"), true, JSON.stringify(answer));
    }
  });
});

test("a constraint without a template is refused in a moment, not at the deadline", async () => {
  await withSandbox(async ({ start }) => {
    const replica = await start();
    const from = performance.now();
    const answer = await admit(replica, constraintOf("Nowhere", "rule"));
    assert.ok(performance.now() - from < 5000);
    assert.deepEqual(
      [ownPath(answer, "allowed"), ownPath(answer, "status", "code")],
      [false, 422],
      JSON.stringify(answer),
    );
    assert.match(
      String(ownPath(answer, "status", "message")),
      /^missing ConstraintTemplate: template "nowhere" not found/,
    );
  });
});

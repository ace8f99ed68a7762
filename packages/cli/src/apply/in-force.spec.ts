import assert from "node:assert/strict";
import { test } from "node:test";
import { InstantClock, ScriptedTransport } from "@portcullis/kube/testing";
import { KubeClient, type Resource } from "@portcullis/kube";
import type { JsonObject } from "@portcullis/objects";
import { untilInForce } from "./in-force.ts";

const resource: Resource = { group: "g.example", version: "v1", plural: "rules", kind: "Rule", namespaced: false };

const rule = (name: string, byPod: readonly string[] = []): JsonObject => ({
  apiVersion: "g.example/v1",
  kind: "Rule",
  metadata: { name, uid: `uid-${name}`, generation: 1 },
  status: {
    byPod: byPod.map((id) => ({
      id,
      operations: ["webhook"],
      constraintUID: `uid-${name}`,
      observedGeneration: 1,
      enforced: true,
    })),
  },
});

const pods = (...names: readonly string[]): JsonObject => ({
  kind: "PodList",
  metadata: {},
  items: names.map((name) => ({ metadata: { name } })),
});

/**
 * What was asked, what time it took, and what came of it. The answers are those to the moment of each request; a text is why
 * there was none.
 */
async function waited(
  names: readonly string[],
  answer: (path: string, milliseconds: number) => JsonObject | string,
  deadline = 60_000,
): Promise<{ readonly asked: readonly string[]; readonly milliseconds: number; readonly failures: readonly string[] }> {
  const clock = new InstantClock();
  const asked: string[] = [];
  const transport = new ScriptedTransport(({ path }) => {
    const plain = path.replace(/\?.*/, "").replace(/.*\//, "");
    asked.push(plain);
    const said = answer(plain, clock.now());
    return typeof said === "string" ? { fails: said } : { body: [said] };
  });
  const failures = await untilInForce(
    names.map((name) => ({ resource, object: rule(name) })),
    {
      client: new KubeClient(transport),
      clock,
      gatekeeperNamespace: "gatekeeper-system",
      uidField: "constraintUID",
      deadline,
      interrupted: new AbortController().signal,
      progress: () => undefined,
    },
  );
  return { asked, milliseconds: clock.now(), failures };
}

test("what is in force is looked at once, and the Pods are listed once for all of it", async () => {
  const { asked, failures } = await waited(["a", "b", "c"], (path) =>
    path === "pods" ? pods("one", "two") : rule(path, ["one", "two"]),
  );
  assert.deepEqual(failures, []);
  assert.deepEqual(asked.toSorted(), ["a", "b", "c", "pods"]);
});

test("while one is awaited the others are not asked for, and it is seen soon after it is in force", async () => {
  const { asked, milliseconds, failures } = await waited(["a", "b"], (path, at) =>
    path === "pods" ? pods("one") : rule(path, at < 200 ? [] : ["one"]),
  );
  assert.deepEqual(failures, []);
  assert.ok(milliseconds < 270, `it took ${milliseconds}`);
  assert.equal(asked.filter((path) => path === "b").length, 1);
  assert.equal(asked.filter((path) => path === "pods").length, 1);
});

test("a Pod that has gone meanwhile is not waited for", async () => {
  const { milliseconds, failures } = await waited(["a"], (path, at) => {
    if (path === "pods") return at < 500 ? pods("one", "two") : pods("one");
    return rule(path, ["one"]);
  });
  assert.deepEqual(failures, []);
  assert.ok(milliseconds >= 1000, `it took ${milliseconds}`);
  assert.ok(milliseconds < 2000, `it took ${milliseconds}`);
});

test("when the time is up each is told of, with who is missing", async () => {
  const { failures } = await waited(
    ["a", "b"],
    (path) => (path === "pods" ? pods("one", "two") : rule(path, path === "a" ? ["one"] : ["one", "two"])),
    3000,
  );
  assert.deepEqual(failures, [
    "rule.g.example/a: timed out waiting for it to be in force: in force on 1 of 2 replicas, missing on two",
  ]);
});

test("a cluster that does not answer for a moment is asked again, and told of when the time is up", async () => {
  const { failures } = await waited(["a"], (path, at) => {
    if (at < 2000) return "read ECONNRESET";
    return path === "pods" ? pods("one") : rule(path, ["one"]);
  });
  assert.deepEqual(failures, []);
  const never = await waited(["a"], () => "read ECONNRESET", 3000);
  assert.deepEqual(never.failures, [
    "rule.g.example/a: timed out waiting for it to be in force: the cluster did not answer: read ECONNRESET",
  ]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { InstantClock, ScriptedTransport, type ScriptedAnswer } from "../testing.ts";
import { KubeClient } from "./client.ts";
import { Discovery } from "./discovery.ts";

const core: ScriptedAnswer = { body: [{ resources: [{ name: "pods", kind: "Pod", namespaced: true }] }] };
const groups: ScriptedAnswer = {
  body: [{ groups: [{ name: "apps", preferredVersion: { version: "v1" } }] }],
};
const apps: ScriptedAnswer = { body: [{ resources: [{ name: "deployments", kind: "Deployment", namespaced: true }] }] };

function discovery(answerOf: (path: string, index: number) => ScriptedAnswer): {
  readonly discovery: Discovery;
  readonly asked: string[];
} {
  const asked: string[] = [];
  const transport = new ScriptedTransport(({ path }, index) => {
    asked.push(path);
    return answerOf(path, index);
  });
  return { discovery: new Discovery(new KubeClient(transport), new InstantClock()), asked };
}

const answers: Readonly<Record<string, ScriptedAnswer>> = { "/apis": groups, "/api/v1": core, "/apis/apps/v1": apps };

test("an answer is remembered, and a failure is not", async () => {
  const failed = new Set<string>();
  const { discovery: found, asked } = discovery((path) => {
    if (failed.has(path)) return answers[path] ?? { status: 404, body: ["{}"] };
    failed.add(path);
    return { status: 500, body: ["busy"] };
  });
  await assert.rejects(found.findInAllGroups("Deployment"), /busy/);
  assert.deepEqual(await found.findInAllGroups("Deployment"), { found: [], unanswered: ["v1", "apps/v1"] });
  const { found: all, unanswered } = await found.findInAllGroups("Deployment");
  const [deployment, ...more] = all;
  assert.deepEqual(unanswered, []);
  assert.deepEqual([deployment?.group, deployment?.plural, more.length], ["apps", "deployments", 0]);
  const before = asked.length;
  await found.find({ group: "apps", version: "v1", kind: "Deployment" });
  assert.equal(asked.length, before);
});

test("a group that does not answer hides nothing of the others", async () => {
  const away: ScriptedAnswer = { status: 503, body: ["service unavailable"] };
  const named = ["apps", "metrics.k8s.io"].map((name) => ({ name, preferredVersion: { version: "v1" } }));
  const { discovery: found } = discovery((path) => {
    if (path === "/apis") return { body: [{ groups: named }] };
    return answers[path] ?? away;
  });
  const { found: all, unanswered } = await found.findInAllGroups("Pod");
  assert.deepEqual([all.map(({ plural }) => plural), unanswered], [["pods"], ["metrics.k8s.io/v1"]]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { KubeClient, type ApiRequest } from "@portcullis/kube";
import { InstantClock, ScriptedTransport, type ScriptedAnswer } from "@portcullis/kube/testing";
import { nameOf } from "@portcullis/objects";
import { silentGapObserver } from "../gaps/gap.ts";
import { Gaps } from "../gaps/gaps.ts";
import { silentLog } from "../log/log.ts";
import { enginePolicies } from "../engine-policies.ts";
import type { Policies } from "../policies.ts";
import { Constraints } from "./constraints.ts";
import { silentSyncObserver } from "./observer.ts";

const nobody = {
  reportTemplate: () => {},
  removeTemplate: () => {},
  reportConstraint: () => {},
  removeConstraint: () => {},
  reportConfig: () => {},
  removeConfig: () => {},
};

/** Constraints in a cluster that answers so, whose policies take every constraint and say which were let go. */
function constraintsIn(
  answer: (request: ApiRequest) => ScriptedAnswer,
  clock: InstantClock,
): { constraints: Constraints; ended: readonly string[] } {
  const ended: string[] = [];
  const policies: Policies = {
    ...enginePolicies({ denialForm: "classic", clock }),
    hasTemplate: () => true,
    addConstraint: () => undefined,
    removeConstraint: (constraint) => void ended.push(nameOf(constraint)),
  };
  const constraints = new Constraints({
    client: new KubeClient(new ScriptedTransport(answer)),
    clock,
    log: silentLog,
    policies,
    observer: silentSyncObserver,
    gaps: new Gaps({ log: silentLog, observer: silentGapObserver, mayTell: () => false }),
    reports: nobody,
  });
  return { constraints, ended };
}

/** Lets that much time pass on the clock, and what happens meanwhile happen. */
async function pass(clock: InstantClock, milliseconds: number): Promise<void> {
  const until = clock.now() + milliseconds;
  while (clock.now() < until) await new Promise((resolve) => setImmediate(resolve));
}

const rule = { kind: "Odd", metadata: { name: "rule", uid: "u", creationTimestamp: "2030-01-01T00:00:00Z" } };
const refused = (code: number): ScriptedAnswer => ({ status: code, body: [{ kind: "Status", code, message: "no" }] });
const noAnswers: readonly ScriptedAnswer[] = [{ fails: "ECONNREFUSED" }, refused(500), refused(403), refused(429)];

/** Watches a kind whose list is answered so for a minute; what is awaited, and what is told as not followed. */
async function watching(answer: ScriptedAnswer): Promise<{ awaited: readonly string[]; unfollowed: number }> {
  const clock = new InstantClock();
  const { constraints } = constraintsIn(() => answer, clock);
  constraints.watch("Odd", true);
  assert.deepEqual(constraints.awaited(), ["the constraints of Odd"]);
  while (clock.now() < 5000) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(constraints.awaited(), ["the constraints of Odd"], "it may have been made a moment ago");
  while (clock.now() < 60_000) await new Promise((resolve) => setImmediate(resolve));
  const seen = { awaited: constraints.awaited(), unfollowed: constraints.unfollowed().length };
  await constraints.stop();
  return seen;
}

test("a kind that nobody serves has no constraints, and keeps nobody from enforcing the others", async () => {
  assert.deepEqual(await watching({ status: 404, body: ["404 page not found"] }), { awaited: [], unfollowed: 0 });
});

test("a kind whose constraints cannot be read is awaited, and told of", async () => {
  for (const answer of [
    { status: 403, body: ["forbidden"] },
    { status: 500, body: ["etcd"] },
    { fails: "ECONNREFUSED" },
  ])
    assert.deepEqual(await watching(answer), { awaited: ["the constraints of Odd"], unfollowed: 1 });
});

test("a constraint that was admitted goes out of force on the server's own word that it is not there, and on no other", async () => {
  const clock = new InstantClock();
  let answer = refused(404);
  const { constraints, ended } = constraintsIn(() => answer, clock);
  constraints.admit(rule);
  for (answer of noAnswers) {
    await pass(clock, 30_000);
    assert.deepEqual(ended, [], JSON.stringify(answer));
  }
  answer = refused(404);
  while (ended.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await constraints.stop();
});

test("a constraint that is gone stays in force until it is certain that it was meant", async () => {
  const clock = new InstantClock();
  let crd: ScriptedAnswer = refused(500);
  let isListed = true;
  const { constraints, ended } = constraintsIn(({ path }) => {
    if (path.includes("/customresourcedefinitions/")) return crd;
    if (!path.includes("watch=true")) return { body: [{ metadata: { resourceVersion: "1" }, items: [rule] }] };
    if (!isListed) return { hang: true };
    isListed = false;
    return {
      body: [{ type: "DELETED", object: { ...rule, metadata: { ...rule.metadata, resourceVersion: "2" } } }],
      hang: true,
    };
  }, clock);
  constraints.watch("Odd", false);
  for (crd of noAnswers) {
    await pass(clock, 10_000);
    assert.deepEqual(ended, [], JSON.stringify(crd));
  }
  crd = { body: [{ metadata: { creationTimestamp: "2029-01-01T00:00:00Z" } }] };
  while (ended.length === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(ended, ["rule"]);
  await constraints.stop();
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { KubeClient } from "@portcullis/kube";
import { InstantClock, ScriptedTransport, type ScriptedAnswer } from "@portcullis/kube/testing";
import { silentGapObserver } from "../gaps/gap.ts";
import { Gaps } from "../gaps/gaps.ts";
import { silentLog } from "../log/log.ts";
import { enginePolicies } from "../engine-policies.ts";
import { Constraints } from "./constraints.ts";
import { silentSyncObserver } from "./observer.ts";

/** Watches a kind whose list is answered so for a minute; what is awaited, and what is told as not followed. */
async function watching(answer: ScriptedAnswer): Promise<{ awaited: readonly string[]; unfollowed: number }> {
  const clock = new InstantClock();
  const constraints = new Constraints({
    client: new KubeClient(new ScriptedTransport(() => answer)),
    clock,
    log: silentLog,
    policies: enginePolicies({ denialForm: "classic", clock }),
    observer: silentSyncObserver,
    gaps: new Gaps({ log: silentLog, observer: silentGapObserver, mayTell: () => false }),
    reports: {
      reportTemplate: () => {},
      removeTemplate: () => {},
      reportConstraint: () => {},
      removeConstraint: () => {},
      reportConfig: () => {},
      removeConfig: () => {},
    },
  });
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

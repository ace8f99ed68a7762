import assert from "node:assert/strict";
import { test } from "node:test";
import { readJson, setOwn, type JsonObject, type MutableJsonObject } from "@portcullis/objects";
import { KubeClient } from "../client/client.ts";
import type { ApiRequest } from "../client/transport.ts";
import { HandClock, ScriptedTransport, type ScriptedAnswer } from "../testing.ts";
import { LeaseHolder } from "./lease-holder.ts";

interface LeaseServerState {
  isAway: boolean;
  /** Takes questions and answers none. */
  isSilent: boolean;
  lease: JsonObject | undefined;
}

/** A server that holds one Lease, with versions; it can be told to be away, or silent. */
function leaseServer(): { client: () => KubeClient; state: LeaseServerState } {
  let version = 0;
  const state: LeaseServerState = { isAway: false, isSilent: false, lease: undefined };
  const refuse = (code: number, reason: string): { status: number; body: unknown[] } => ({
    status: code,
    body: [{ kind: "Status", code, reason, message: reason }],
  });
  const put = (request: ApiRequest): { body: unknown[] } => {
    const parsed = readJson(request.body ?? "");
    assert.ok(parsed.ok);
    // as: the holder writes objects, and the copy just read is nobody else's
    const lease = parsed.value as MutableJsonObject & { metadata: MutableJsonObject };
    version += 1;
    setOwn(lease.metadata, "resourceVersion", String(version));
    state.lease = lease;
    return { body: [lease] };
  };
  const answer = (request: ApiRequest): ScriptedAnswer => {
    if (state.isAway) return { fails: "ECONNREFUSED" };
    if (state.isSilent) return { hang: true };
    switch (request.method) {
      case "GET":
        return state.lease === undefined ? refuse(404, "NotFound") : { body: [state.lease] };
      case "POST":
        return state.lease === undefined ? put(request) : refuse(409, "AlreadyExists");
      default: {
        const has = JSON.stringify(state.lease?.["metadata"]);
        const isCurrent = request.body?.includes(`"resourceVersion":"${/"resourceVersion":"(\d+)"/.exec(has)?.[1]}"`);
        return isCurrent === true ? put(request) : refuse(409, "Conflict");
      }
    }
  };
  return { client: () => new KubeClient(new ScriptedTransport(answer)), state };
}

test("one of two holds the Lease; the other takes it when it is given up, or no longer renewed", async () => {
  const { client, state } = leaseServer();
  const clock = new HandClock();
  const said: string[] = [];
  const holder = (identity: string): LeaseHolder =>
    new LeaseHolder({
      client: client(),
      clock,
      namespace: "n",
      name: "l",
      identity,
      onChange: (isHolder) => said.push(`${identity} ${isHolder ? "holds" : "lost"}`),
    });
  const [first, second, third] = [holder("first"), holder("second"), holder("third")];
  first.start();
  await clock.pass(500);
  second.start();
  await clock.pass(60_000);
  assert.deepEqual(said, ["first holds"]);
  // Given up: the other has it with its next question.
  await first.stop();
  await clock.pass(7000);
  assert.deepEqual(said, ["first holds", "first lost", "second holds"]);
  // The server is away: a holder stops before anybody else could begin.
  third.start();
  state.isAway = true;
  await clock.pass(14_000);
  assert.deepEqual(said.slice(3), ["second lost"]);
  state.isAway = false;
  await clock.pass(40_000);
  assert.equal([second, third].filter((each) => each.isHolder).length, 1);
  await Promise.all([second.stop(), third.stop()]);
  assert.equal([second, third].filter((each) => each.isHolder).length, 0);
});

test("a server that does not answer keeps no holder from stopping before another may begin, nor from ending", async () => {
  const { client, state } = leaseServer();
  const clock = new HandClock();
  const lost: number[] = [];
  const failures: string[] = [];
  const holder = new LeaseHolder({
    client: client(),
    clock,
    namespace: "n",
    name: "l",
    identity: "first",
    onChange: (isHolder) => {
      if (!isHolder) lost.push(clock.now());
    },
    onFailure: (error) => failures.push(String(error)),
  });
  holder.start();
  await clock.pass(500);
  assert.equal(holder.isHolder, true);
  const renewed = clock.now();
  state.isSilent = true;
  await clock.pass(15_000);
  assert.equal(lost.length, 1);
  assert.ok(lost[0] !== undefined && lost[0] - renewed < 15_000, `lost after ${Number(lost[0]) - renewed} ms`);
  assert.ok(failures.length > 0);
  // The next question hangs as well; the end does not wait for it.
  await holder.stop();
});

test("a Lease that nobody renews any more is taken, and no sooner", async () => {
  const { client, state } = leaseServer();
  const clock = new HandClock();
  const holder = (identity: string, of: KubeClient): LeaseHolder =>
    new LeaseHolder({ client: of, clock, namespace: "n", name: "l", identity, onChange: () => undefined });
  const before = holder("gone", client());
  before.start();
  await clock.pass(500);
  await before.stop();
  // As if it had ended without a word.
  const spec = { ...(state.lease?.["spec"] as JsonObject), holderIdentity: "gone" };
  state.lease = { ...state.lease, spec };
  const next = holder("next", client());
  state.isAway = true;
  next.start();
  await clock.pass(500);
  state.isAway = false;
  // Who could not ask asks again within two seconds, and counts from there on.
  await clock.pass(14_500);
  assert.equal(next.isHolder, false);
  await clock.pass(8000);
  assert.equal(next.isHolder, true);
  await next.stop();
});

test("a server that could not be asked is asked again soon", async () => {
  const { client, state } = leaseServer();
  const clock = new HandClock();
  const holder = new LeaseHolder({
    client: client(),
    clock,
    namespace: "n",
    name: "l",
    identity: "first",
    onChange: () => undefined,
  });
  state.isAway = true;
  holder.start();
  await clock.pass(500);
  state.isAway = false;
  await clock.pass(2000);
  assert.equal(holder.isHolder, true);
  await holder.stop();
});

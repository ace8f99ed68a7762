import assert from "node:assert/strict";
import { test } from "node:test";
import { readJson, setOwn, type JsonObject, type MutableJsonObject } from "@portcullis/objects";
import { KubeClient } from "../client/client.ts";
import type { ApiRequest } from "../client/transport.ts";
import { HandClock, ScriptedTransport } from "../testing.ts";
import { LeaseHolder } from "./lease-holder.ts";

/** A server that holds one Lease, with versions; it can be told to be away. */
function leaseServer(): { client: () => KubeClient; state: { isAway: boolean; lease: JsonObject | undefined } } {
  let version = 0;
  const state: { isAway: boolean; lease: JsonObject | undefined } = { isAway: false, lease: undefined };
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
  const answer = (request: ApiRequest): { status?: number; fails?: string; body?: unknown[] } => {
    if (state.isAway) return { fails: "ECONNREFUSED" };
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

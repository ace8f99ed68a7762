import assert from "node:assert/strict";
import { test } from "node:test";
import { KubeClient } from "../client/client.ts";
import { InstantClock, ScriptedTransport, type ScriptedAnswer } from "../testing.ts";
import { Informer, type InformerNote, type InformerOptions } from "./informer.ts";

const resource = { group: "", version: "v1", plural: "pods", kind: "Pod", namespaced: true };
const pod = (name: string, resourceVersion: string): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "a", resourceVersion },
});
const list = (resourceVersion: string, ...items: object[]): ScriptedAnswer => ({
  body: [{ apiVersion: "v1", kind: "PodList", metadata: { resourceVersion }, items }],
});
const event = (type: string, object: object): object => ({ type, object });

/** Runs an informer over prepared answers until the transport has none left; what it said and asked. */
async function run(
  answers: readonly ScriptedAnswer[],
  options: Partial<InformerOptions> = {},
): Promise<{ said: string[]; notes: InformerNote[]; asked: string[]; clock: InstantClock; names: string[] }> {
  const done = Promise.withResolvers<void>();
  const transport = new ScriptedTransport((_request, index) => {
    const answer = answers[index];
    if (answer !== undefined) return answer;
    done.resolve();
    return { hang: true };
  });
  const said: string[] = [];
  const notes: InformerNote[] = [];
  const clock = new InstantClock();
  const informer = new Informer({
    client: new KubeClient(transport),
    resource,
    clock,
    onChange: (change) => {
      const metadata = change.object["metadata"] as { name: string; resourceVersion: string };
      said.push(`${change.kind} ${metadata.name}@${metadata.resourceVersion}`);
    },
    onNote: (note) => notes.push(note),
    ...options,
  });
  informer.start();
  await done.promise;
  await informer.stop();
  const asked = transport.requests.map((request) => request.path.replace(/&timeoutSeconds=\d+/, ""));
  return { said, notes, asked, clock, names: informer.store.list().map((object) => JSON.stringify(object)) };
}

const watchFrom = (version: string): string =>
  `/api/v1/pods?watch=true&allowWatchBookmarks=true&resourceVersion=${version}`;

test("it lists, watches from the list on, and goes on from the last version after the watch ends", async () => {
  const { said, asked } = await run([
    list("10", pod("a", "3"), pod("b", "9")),
    {
      body: [
        event("MODIFIED", pod("a", "11")),
        // However the bytes are cut, the lines are whole.
        '{"type":"DELETED","obj',
        `ect":${JSON.stringify(pod("b", "12"))}}\n{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"20"}}}\n`,
      ],
    },
  ]);
  assert.deepEqual(said, ["added a@3", "added b@9", "updated a@11", "deleted b@12"]);
  assert.deepEqual(asked, ["/api/v1/pods?limit=500", watchFrom("10"), watchFrom("20")]);
});

test("a version that the server forgot brings a new list, and only true changes are reported", async () => {
  const { said, asked, notes } = await run([
    list("10", pod("a", "3"), pod("b", "9"), pod("c", "10")),
    { body: [event("ERROR", { kind: "Status", code: 410, reason: "Expired", message: "too old" })] },
    list("30", pod("a", "3"), pod("c", "25")),
  ]);
  assert.deepEqual(said, ["added a@3", "added b@9", "added c@10", "deleted b@9", "updated c@25"]);
  assert.equal(asked[3], watchFrom("30"));
  assert.ok(notes.some((note) => note.kind === "version-forgotten"));
});

test("a 410 to the watch itself does the same", async () => {
  const { asked } = await run([list("10"), { status: 410, body: ["{}"] }, list("30")]);
  assert.deepEqual(asked.slice(2), ["/api/v1/pods?limit=500", watchFrom("30")]);
});

test("a replay is no change", async () => {
  const { said } = await run([list("10", pod("a", "3")), { body: [event("ADDED", pod("a", "3"))] }]);
  assert.deepEqual(said, ["added a@3"]);
});

test("failures are waited out, longer each time, and as long as the server asks", async () => {
  const { clock, notes } = await run([
    { fails: "ECONNREFUSED" },
    { status: 429, retryAfterSeconds: 7, body: ["slow down"] },
    { status: 500, body: ['{"kind":"Status","code":500,"message":"etcd"}'] },
    list("1"),
    { fails: "ECONNRESET" },
    // Something came, so the way is good again.
    { body: [event("ADDED", pod("a", "3"))], breaks: "ECONNRESET" },
  ]);
  assert.deepEqual(clock.sleeps, [75, 7000, 300, 600, 75]);
  assert.deepEqual(
    notes.flatMap((note) => (note.kind === "failed" ? [note.message] : [])),
    ["ECONNREFUSED", "slow down", "etcd", "ECONNRESET", "ECONNRESET"],
  );
});

test("where watches break at once and versions are forgotten, all is listed anew later and later", async () => {
  const forgotten: readonly ScriptedAnswer[] = [
    { breaks: "ECONNRESET" },
    { status: 410, body: ["too old"] },
    list("1"),
  ];
  const { clock } = await run([list("1"), ...forgotten, ...forgotten, ...forgotten, ...forgotten]);
  const turns = [0, 1, 2, 3].map((turn) => (clock.sleeps[2 * turn] ?? 0) + (clock.sleeps[2 * turn + 1] ?? 0));
  assert.deepEqual(turns, [150, 450, 1500, 4350]);
});

test("a watch that is refused waits as long as the server asks", async () => {
  const { clock, asked } = await run([list("10"), { status: 429, retryAfterSeconds: 9, body: ["slow down"] }]);
  assert.deepEqual(clock.sleeps, [9000]);
  assert.deepEqual(asked.slice(1), [watchFrom("10"), watchFrom("10")]);
});

test("a line that cannot be read is reported and skipped", async () => {
  const { said, notes } = await run([
    list("1"),
    { body: ["not json\n", event("ODD", pod("x", "2")), event("ADDED", pod("a", "3"))] },
  ]);
  assert.deepEqual(said, ["added a@3"]);
  assert.equal(notes.filter((note) => note.kind === "unreadable").length, 2);
});

test("behind a watch on which nothing arrives all is listed anew: the server may count from before the version", async () => {
  const { said, asked, notes } = await run(
    [list("500", pod("a", "400"), pod("b", "450")), { hang: true }, list("300", pod("a", "250"), pod("c", "299"))],
    { idleMilliseconds: 20 },
  );
  assert.deepEqual(said, ["added a@400", "added b@450", "deleted b@450", "updated a@250", "added c@299"]);
  assert.deepEqual(asked.slice(1), [watchFrom("500"), "/api/v1/pods?limit=500", watchFrom("300")]);
  assert.ok(notes.some((note) => note.kind === "watch-idle"));
});

test("a version that the server has not come to is not asked for again", async () => {
  const tooLarge = {
    kind: "Status",
    code: 504,
    reason: "Timeout",
    message: "Too large resource version: 500, current: 300",
  };
  const { said, asked } = await run([
    list("500", pod("a", "400")),
    { status: 504, retryAfterSeconds: 1, body: [tooLarge] },
    list("300", pod("a", "250")),
    { body: [event("ERROR", tooLarge)] },
    list("301"),
  ]);
  assert.deepEqual(said, ["added a@400", "updated a@250", "deleted a@250"]);
  assert.equal(asked.filter((path) => path === "/api/v1/pods?limit=500").length, 3);
});

test("behind a connection that broke all is listed anew, unless it was just listed", async () => {
  const broken = { breaks: "ECONNRESET", body: [event("ADDED", pod("b", "12"))] };
  const { asked, clock } = await run([
    list("10", pod("a", "3")),
    ...Array.from({ length: 4 }, () => broken),
    // Nobody answers for more than ten seconds.
    ...Array.from({ length: 22 }, () => ({ fails: "ECONNREFUSED" })),
    list("5", pod("a", "2")),
  ]);
  const lists = asked.flatMap((path, at) => (path.includes("watch=true") ? [] : [at]));
  assert.ok(clock.sleeps.reduce((sum, each) => sum + each) > 10_000);
  assert.ok(lists.length > 1 && !lists.includes(1) && !lists.includes(3) && lists.includes(27), lists.join());
  assert.equal(asked.at(-1), watchFrom("5"));
});

test("all is listed anew once for a connection that broke, and not again whenever a watch ends", async () => {
  const clock = new InstantClock();
  // Whenever somebody looks, much time has passed.
  const now = (): number => {
    void clock.sleep(20_000);
    return InstantClock.prototype.now.call(clock);
  };
  const hurried = { now, random: () => 0.5, sleep: (milliseconds: number) => clock.sleep(milliseconds) };
  const bookmark = { type: "BOOKMARK", object: { metadata: { resourceVersion: "30" } } };
  const { asked } = await run(
    [
      list("10", pod("a", "3")),
      { breaks: "ECONNRESET", body: [event("ADDED", pod("b", "12"))] },
      list("20", pod("a", "3"), pod("b", "12")),
      { body: [bookmark] },
    ],
    { clock: hurried },
  );
  const all = "/api/v1/pods?limit=500";
  assert.deepEqual(asked, [all, watchFrom("10"), all, watchFrom("20"), watchFrom("30")]);
});

test("a version that the server cannot read brings a new list", async () => {
  const { asked } = await run([
    list("10"),
    { status: 400, body: [{ kind: "Status", code: 400, reason: "BadRequest", message: "invalid resource version" }] },
    list("7"),
  ]);
  const all = "/api/v1/pods?limit=500";
  assert.deepEqual(asked, [all, watchFrom("10"), all, watchFrom("7")]);
});

test("what one change comes to keeps no other from being told", async () => {
  const told: string[] = [];
  const { notes, asked } = await run(
    [list("10", pod("a", "1"), pod("bad", "2"), pod("c", "3")), { body: [event("ADDED", pod("d", "11"))] }],
    {
      onChange: ({ object }) => {
        const { name } = object["metadata"] as { name: string };
        if (name === "bad") throw new Error("what is this?");
        told.push(name);
      },
    },
  );
  assert.deepEqual(told, ["a", "c", "d"]);
  assert.equal(asked.at(-1), watchFrom("11"));
  const messages = notes.flatMap((note) => (note.kind === "unreadable" ? [note.message] : []));
  assert.deepEqual(messages, ["added a/bad could not be taken in: what is this?"]);
});

test("it says since when it does not follow, and why, until it does again", async () => {
  const troubles: (string | undefined)[] = [];
  const answers: readonly ScriptedAnswer[] = [
    { status: 403, body: ['{"kind":"Status","code":403,"message":"forbidden"}'] },
    { fails: "ECONNREFUSED" },
    list("10"),
    { status: 500, body: ["etcd"] },
    { body: [event("ADDED", pod("a", "11"))] },
  ];
  const transport = new ScriptedTransport((_request, index) => {
    const { since, code, message } = informer.trouble ?? {};
    troubles.push(since === undefined ? undefined : `${code} ${message} since ${since}`);
    return answers[index] ?? { hang: true };
  });
  const options = { client: new KubeClient(transport), resource, clock: new InstantClock(), onChange: () => {} };
  const informer: Informer = new Informer(options);
  informer.start();
  while (troubles.length < 6) await new Promise((resolve) => setImmediate(resolve));
  await informer.stop();
  const first = "403 forbidden since 0";
  assert.deepEqual(troubles, [
    undefined,
    first,
    "undefined ECONNREFUSED since 0",
    undefined,
    "500 etcd since 225",
    undefined,
  ]);
});

test("a watch that breaks goes on behind the last event, so that nothing past happens once more", async () => {
  const { said, asked } = await run([
    list("10", pod("a", "3")),
    {
      body: [event("DELETED", pod("a", "11")), event("ADDED", pod("a", "12"))],
      breaks: "ECONNRESET",
    },
    { body: [event("MODIFIED", pod("a", "13"))] },
  ]);
  assert.deepEqual(said, ["added a@3", "deleted a@11", "added a@12", "updated a@13"]);
  assert.equal(asked[2], watchFrom("12"));
});

test("a server that ends every watch at once, or forgets every version, is asked less and less often", async () => {
  const ended = await run([list("10"), ...Array.from({ length: 6 }, () => ({ body: [] }))]);
  assert.deepEqual(ended.clock.sleeps, [75, 150, 300, 600, 1200]);
  const forgets = Array.from({ length: 5 }, () => [list("10"), { status: 410, body: ["{}"] }]).flat();
  const forgotten = await run(forgets);
  assert.deepEqual(forgotten.clock.sleeps, [75, 150, 300, 600]);
  const many = await run([list("10"), ...Array.from({ length: 12 }, () => ({ body: [] }))]);
  assert.ok(Math.max(...many.clock.sleeps) <= 5000, "whoever is well again is noticed within seconds");
});

test("it is synced after its first list, and stopping lets nobody wait for ever", async () => {
  const transport = new ScriptedTransport((_request, index) =>
    index === 0 ? list("1", pod("a", "1")) : { hang: true },
  );
  const options = { client: new KubeClient(transport), resource, clock: new InstantClock(), onChange: () => {} };
  const informer = new Informer(options);
  assert.equal(informer.hasSynced, false);
  informer.start();
  await informer.synced();
  assert.equal(informer.hasSynced, true);
  assert.equal(informer.store.get("a/a")?.["kind"], "Pod");
  await informer.stop();
  const never = new Informer(options);
  await never.stop();
  await never.synced();
  assert.equal(never.hasSynced, false);
});

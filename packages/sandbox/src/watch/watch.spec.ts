import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startSandbox, type Sandbox } from "../index.ts";
import { at, send, watch, type TestWatch } from "../testing.ts";

const maps = "/api/v1/namespaces/default/configmaps";
const merge = "application/merge-patch+json";

function map(name: string, labels: object = {}): object {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, labels } };
}

async function next(stream: TestWatch): Promise<string> {
  const event = await stream.next();
  return event === undefined
    ? "end"
    : `${event.type} ${String(at(event.object, "metadata", "name") ?? at(event.object, "reason"))}`;
}

describe("watches", () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox({ controllers: false });
  });
  after(() => sandbox.close());

  async function version(): Promise<string> {
    return String(at((await send(sandbox, "GET", maps)).body, "metadata", "resourceVersion"));
  }

  it("begin with what is there, and follow", async () => {
    await send(sandbox, "POST", maps, { body: map("a") });
    const stream = await watch(sandbox, `${maps}?watch=1`);
    assert.equal(await next(stream), "ADDED a");
    await send(sandbox, "POST", maps, { body: map("b") });
    await send(sandbox, "PATCH", `${maps}/a`, { body: { data: { x: "1" } }, type: merge });
    await send(sandbox, "DELETE", `${maps}/b`);
    assert.deepEqual(
      [await next(stream), await next(stream), await next(stream)],
      ["ADDED b", "MODIFIED a", "DELETED b"],
    );
    stream.close();
  });

  it("go on from a version without losing or repeating", async () => {
    const since = await version();
    await send(sandbox, "POST", maps, { body: map("c") });
    const stream = await watch(sandbox, `${maps}?watch=1&resourceVersion=${since}`);
    await send(sandbox, "DELETE", `${maps}/c`);
    assert.deepEqual([await next(stream), await next(stream)], ["ADDED c", "DELETED c"]);
    stream.close();
  });

  it("show what begins and ceases to be selected as coming and going", async () => {
    const since = await version();
    const stream = await watch(sandbox, `${maps}?watch=1&labelSelector=on%3Dyes&resourceVersion=${since}`);
    await send(sandbox, "POST", maps, { body: map("d", { on: "no" }) });
    await send(sandbox, "PATCH", `${maps}/d`, { body: { metadata: { labels: { on: "yes" } } }, type: merge });
    await send(sandbox, "PATCH", `${maps}/d`, { body: { data: { x: "1" } }, type: merge });
    await send(sandbox, "PATCH", `${maps}/d`, { body: { metadata: { labels: { on: "no" } } }, type: merge });
    assert.deepEqual(
      [await next(stream), await next(stream), await next(stream)],
      ["ADDED d", "MODIFIED d", "DELETED d"],
    );
    stream.close();
  });

  it("mark the end of the initial events where they are asked to stream them", async () => {
    const query = "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
    const stream = await watch(sandbox, `${maps}?${query}`);
    let last = await stream.next();
    while (last?.type === "ADDED") last = await stream.next();
    assert.equal(last?.type, "BOOKMARK");
    assert.equal(at(last.object, "metadata", "annotations", "k8s.io/initial-events-end"), "true");
    assert.equal(at(last.object, "metadata", "resourceVersion"), await version());
    stream.close();
  });

  it("end with 410 when the version they begin from is forgotten", async () => {
    const since = await version();
    await send(sandbox, "POST", maps, { body: map("e") });
    sandbox.faults.compact();
    const stream = await watch(sandbox, `${maps}?watch=1&resourceVersion=${since}`);
    const event = await stream.next();
    assert.equal(event?.type, "ERROR");
    assert.equal(at(event.object, "code"), 410);
    assert.match(String(at(event.object, "message")), new RegExp(`^too old resource version: ${since} \\(\\d+\\)$`));
    assert.equal(await stream.next(), undefined);
    await assert.rejects(watch(sandbox, `${maps}?watch=1&resourceVersion=99999999`), /504/);
  });

  it("end when their time is over", async () => {
    const stream = await watch(sandbox, `${maps}?watch=1&resourceVersion=${await version()}&timeoutSeconds=1`);
    const begun = Date.now();
    assert.equal(await stream.next(), undefined);
    assert.ok(Date.now() - begun >= 900);
  });

  it("speak in tables, with one head", async () => {
    const accept = "application/json;as=Table;v=v1;g=meta.k8s.io";
    const stream = await watch(sandbox, `${maps}?watch=1`, accept);
    const [first, second] = [await stream.next(), await stream.next()];
    assert.equal(at(first?.object, "columnDefinitions", 0, "name"), "Name");
    assert.deepEqual(at(second?.object, "columnDefinitions"), []);
    stream.close();
  });

  it("can be broken and expired by faults", async () => {
    const since = await version();
    const broken = await watch(sandbox, `${maps}?watch=1&resourceVersion=${since}`);
    assert.equal(sandbox.faults.dropWatches("configmaps"), 1);
    assert.equal(await broken.next(), undefined);
    const old = await watch(sandbox, `${maps}?watch=1&resourceVersion=${since}`);
    assert.equal(sandbox.faults.expireWatches(), 1);
    assert.equal(await next(old), "ERROR Expired");
    const lift = sandbox.faults.inject({ method: "GET", path: /configmaps/, fault: { kind: "status", code: 429 } });
    const busy = await send(sandbox, "GET", maps);
    assert.equal(busy.status, 429);
    assert.equal(busy.headers["retry-after"], "1");
    lift();
    sandbox.faults.inject({ times: 1, fault: { kind: "hang-up" } });
    await assert.rejects(send(sandbox, "GET", maps));
    assert.equal((await send(sandbox, "GET", maps)).status, 200);
  });
});

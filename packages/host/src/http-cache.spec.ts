import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, describe, it } from "node:test";
import type { HttpCaching, HttpFact, HttpRequest } from "@portcullis/rego/host";
import { HttpCache, type KeptResponse } from "./http-cache.ts";
import { NodeHost } from "./node-host.ts";

let server: Server;
let port: number;
/** What the server says next, and what it was asked. */
let says: { status: number; headers: Record<string, string>; body: string };
let asked: string[];

before(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.headers["if-none-match"] ?? ""}${request.headers["if-modified-since"] ?? ""}`);
    response.writeHead(says.status, { date: new Date(1_000_000).toUTCString(), ...says.headers });
    response.end(says.body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  // as: it listens on a port
  ({ port } = server.address() as AddressInfo);
});

beforeEach(() => {
  says = { status: 200, headers: {}, body: "one" };
  asked = [];
});

after(() => {
  server.close();
});

const none = { text: "", file: "", variable: "" };

function request(headers: Record<string, string> = {}): HttpRequest {
  return {
    method: "GET",
    url: `http://127.0.0.1:${port}/`,
    timeout: 5_000_000_000n,
    followsRedirects: false,
    maxRetryAttempts: 0,
    headers: new Map(Object.entries(headers)),
    body: new Uint8Array(),
    tls: {
      insecureSkipVerify: false,
      useSystemCertificates: false,
      serverName: "",
      authority: none,
      clientCertificate: none,
      clientKey: none,
    },
  };
}

const kept: HttpCaching = { forcedSeconds: 0, ignoredHeaders: [] };

/** A host whose clock stands at a second, and what it answers. */
function hostAt(
  seconds: { now: number },
  limit?: number,
): (caching?: HttpCaching, headers?: Record<string, string>) => Promise<string> {
  const host = new NodeHost({ environment: {}, now: () => seconds.now * 1000, cacheLimit: limit });
  return async (caching, headers) => textOf(await host.send(request(headers), caching, undefined));
}

function textOf(fact: HttpFact): string {
  assert.ok(fact.kind === "response", JSON.stringify(fact));
  return new TextDecoder().decode(fact.body);
}

describe("answers kept between evaluations", () => {
  it("are kept as long as their headers say, and only where the request allows it", async () => {
    const clock = { now: 1_000 };
    const send = hostAt(clock);
    says.headers = { "cache-control": "max-age=10" };
    assert.equal(await send(kept), "one");
    says.body = "two";
    assert.equal(await send(), "two");
    clock.now = 1_009;
    assert.equal(await send(kept), "one");
    clock.now = 1_010;
    assert.equal(await send(kept), "two");
    assert.equal(asked.length, 3);
  });

  it("are kept until their date of expiry", async () => {
    const clock = { now: 1_000 };
    const send = hostAt(clock);
    says.headers = { expires: new Date(1_005_000).toUTCString() };
    await send(kept);
    says.body = "two";
    clock.now = 1_004;
    assert.equal(await send(kept), "one");
    clock.now = 1_005;
    assert.equal(await send(kept), "two");
  });

  it("are not kept where they say so, fail, or say nonsense", async () => {
    const answers: { status?: number; headers?: Record<string, string> }[] = [
      { headers: { "cache-control": "no-store, max-age=10" } },
      { headers: { "cache-control": "max-age=x" } },
      { headers: {} },
      { status: 500, headers: { "cache-control": "max-age=10" } },
    ];
    for (const answer of answers) {
      const send = hostAt({ now: 1_000 });
      says = { status: 200, headers: {}, body: "one", ...answer };
      await send(kept);
      says.body = "two";
      assert.equal(await send(kept), "two", JSON.stringify(answer));
    }
  });

  it("are kept by force, whatever they say", async () => {
    const clock = { now: 1_000 };
    const send = hostAt(clock);
    const forced = { forcedSeconds: 3, ignoredHeaders: [] };
    says.headers = { "cache-control": "no-store" };
    await send(forced);
    says.body = "two";
    clock.now = 1_002;
    assert.equal(await send(forced), "one");
    clock.now = 1_003;
    assert.equal(await send(forced), "two");
  });

  it("are asked for again with what names their version, and hold where nothing changed", async () => {
    const clock = { now: 1_000 };
    const send = hostAt(clock);
    says.headers = { etag: '"v1"', "cache-control": "max-age=1" };
    await send(kept);
    clock.now = 1_002;
    says = { status: 304, headers: { "cache-control": "max-age=100" }, body: "" };
    assert.equal(await send(kept), "one");
    clock.now = 1_090;
    assert.equal(await send(kept), "one");
    assert.deepEqual(asked, ["", '"v1"']);
    clock.now = 1_101;
    says = { status: 200, headers: {}, body: "two" };
    assert.equal(await send(kept), "two");
    assert.deepEqual(asked, ["", '"v1"', '"v1"']);
  });

  it("are apart by what was asked, but for the headers that make no difference", async () => {
    const send = hostAt({ now: 1_000 });
    const ignoring = { forcedSeconds: 9, ignoredHeaders: ["X-Id"] };
    says.headers = { "cache-control": "max-age=10" };
    await send(ignoring, { "X-Id": "1", Accept: "a" });
    says.body = "two";
    assert.equal(await send(ignoring, { "X-Id": "2", Accept: "a" }), "one");
    assert.equal(await send(ignoring, { "X-Id": "2", Accept: "b" }), "two");
    assert.equal(await send({ ...ignoring, ignoredHeaders: [] }, { "X-Id": "2", Accept: "a" }), "two");
  });
});

describe("HttpCache", () => {
  const entry = (size: number): KeptResponse => ({
    response: { kind: "response", status: "", statusCode: 200, headers: new Map(), body: new Uint8Array(size) },
    expiresAt: 0,
  });

  it("forgets what was not asked for longest where there is no room", () => {
    const cache = new HttpCache(100);
    cache.put("a", entry(39));
    cache.put("b", entry(39));
    cache.get("a");
    cache.put("c", entry(39));
    assert.deepEqual(
      ["a", "b", "c"].map((key) => cache.get(key) !== undefined),
      [true, false, true],
    );
  });

  it("keeps nothing that is larger than itself, and counts what it replaces once", () => {
    const cache = new HttpCache(100);
    cache.put("a", entry(60));
    cache.put("b", entry(200));
    assert.ok(cache.get("a") !== undefined && cache.get("b") === undefined);
    for (let round = 0; round < 5; round++) cache.put("a", entry(60));
    cache.put("b", entry(30));
    assert.ok(cache.get("a") !== undefined && cache.get("b") !== undefined);
  });
});

import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import type { HttpFact, HttpRequest } from "@portcullis/rego/host";
import { NodeHost } from "./node-host.ts";

let server: Server;
let base: string;
let hits = 0;

before(async () => {
  server = createServer((request, response) => {
    hits++;
    if (request.url === "/loop") response.writeHead(302, { location: "/loop" }).end();
    else if (request.url === "/wait") response.flushHeaders();
    else if (request.url === "/never") request.resume();
    else response.end("x".repeat(1000));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  // as: it listens on a port
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

after(() => {
  server.closeAllConnections();
  server.close();
});

const none = { text: "", file: "", variable: "" };

function send(
  path: string,
  options: { limit?: number; signal?: AbortSignal; more?: Partial<HttpRequest> } = {},
): Promise<HttpFact> {
  const request: HttpRequest = {
    method: "GET",
    url: `${base}${path}`,
    timeout: 5_000_000_000n,
    followsRedirects: true,
    maxRetryAttempts: 0,
    headers: new Map(),
    body: new Uint8Array(),
    tls: {
      insecureSkipVerify: false,
      useSystemCertificates: false,
      serverName: "",
      authority: none,
      clientCertificate: none,
      clientKey: none,
    },
    ...options.more,
  };
  return new NodeHost({ environment: {}, bodyLimit: options.limit }).send(request, undefined, options.signal);
}

describe("requests", () => {
  it("end where the answer is larger than may be", async () => {
    assert.equal((await send("/", { limit: 1000 })).kind, "response");
    assert.deepEqual(await send("/", { limit: 999 }), { kind: "refused", why: "the answer is larger than 999 bytes" });
  });

  it("end where redirections go in a circle", async () => {
    hits = 0;
    assert.deepEqual(await send("/loop"), {
      kind: "unreachable",
      error: `Get "${base}/loop": stopped after 100 redirects`,
      timedOut: false,
    });
    assert.equal(hits, 101);
  });

  it("end when they are given up, before and after the head of the answer, and between attempts", async () => {
    const giveUpAfter = (milliseconds: number): AbortSignal => AbortSignal.timeout(milliseconds);
    const hold = setTimeout(() => undefined, 5_000);
    const canceled = { kind: "unreachable", error: `Get "${base}/never": context canceled`, timedOut: false };
    assert.deepEqual(await send("/never", { signal: giveUpAfter(30) }), canceled);
    assert.deepEqual(await send("/never", { signal: AbortSignal.abort() }), canceled);
    assert.equal((await send("/wait", { signal: giveUpAfter(30) })).kind, "refused");
    const begun = performance.now();
    const closed = await send("", {
      signal: giveUpAfter(100),
      more: { url: "http://127.0.0.1:1/", maxRetryAttempts: 1000 },
    });
    assert.equal(closed.kind, "unreachable");
    assert.ok(performance.now() - begun < 2_000);
    clearTimeout(hold);
  });

  it("leave no connection open", async () => {
    await send("/");
    await send("/", { limit: 10 });
    const count = await new Promise<number>((resolve, reject) => {
      setTimeout(() => {
        server.getConnections((error, open) => {
          if (error === null) resolve(open);
          else reject(error);
        });
      }, 30);
    });
    assert.equal(count, 0);
  });

  it("cannot be framed by their own headers", async () => {
    const seen: string[] = [];
    const other = createServer((request, response) => {
      seen.push(JSON.stringify([request.headers["content-length"], request.headers["transfer-encoding"]]));
      response.end();
    });
    await new Promise<void>((resolve) => {
      other.listen(0, "127.0.0.1", resolve);
    });
    // as: it listens on a port
    const { port } = other.address() as AddressInfo;
    const headers = new Map([
      ["Content-Length", "1"],
      ["Transfer-Encoding", "chunked"],
    ]);
    const body = new TextEncoder().encode("GET /smuggled");
    await send("", { more: { url: `http://127.0.0.1:${port}/`, method: "POST", headers, body } });
    assert.deepEqual(seen, ['["13",null]']);
    other.close();
    other.closeAllConnections();
  });
});

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { CommandError } from "../command-error.ts";
import { fetchManifest } from "./fetch-manifest.ts";

let server: Server | undefined;
let origin = "";
/** How often each path was asked for. */
const asked = new Map<string, number>();

const answers: Readonly<Record<string, (response: ServerResponse, time: number) => void>> = {
  "/policy.yaml": (response) => response.end("kind: One\n"),
  "/moved": (response) => response.writeHead(302, { location: "policy.yaml" }).end(),
  "/round": (response) => response.writeHead(301, { location: "/round" }).end(),
  "/away": (response) => response.writeHead(307, { location: "ftp://elsewhere.test/policy.yaml" }).end(),
  "/file": (response) => response.writeHead(302, { location: "file:///etc/hostname" }).end(),
  "/busy": (response, time) => (time < 3 ? response.writeHead(503).end("later") : response.end("kind: Late\n")),
  "/large": (response) => {
    response.end(Buffer.alloc(16 * 1024 * 1024 + 1, 32));
  },
};

before(async () => {
  server = createServer((request, response) => {
    const path = request.url ?? "";
    const time = (asked.get(path) ?? 0) + 1;
    asked.set(path, time);
    const answer = Object.hasOwn(answers, path) ? answers[path] : undefined;
    if (answer === undefined) response.writeHead(404).end("no such page");
    else answer(response, time);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // as: what a listening TCP server has
  origin = `http://127.0.0.1:${port}`;
});
after(() => server?.close());

const refusal = (path: string): Promise<string> =>
  fetchManifest(`${origin}${path}`, {}).then(
    (text) => assert.fail(`it was read: ${text}`),
    (error: unknown) => {
      assert.ok(error instanceof CommandError);
      return error.message.replaceAll(origin, "ORIGIN");
    },
  );

test("what stands at an address is read, also where the address leads to another", async () => {
  assert.equal(await fetchManifest(`${origin}/policy.yaml`, {}), "kind: One\n");
  assert.equal(await fetchManifest(`${origin}/moved`, {}), "kind: One\n");
});

test("a server that is busy is asked again", async () => {
  assert.equal(await fetchManifest(`${origin}/busy`, {}), "kind: Late\n");
  assert.equal(asked.get("/busy"), 3);
});

test("what is not there is told as kubectl tells it", async () => {
  const text = 'unable to read URL "ORIGIN/nothing", server reported 404 Not Found, status code=404';
  assert.equal(await refusal("/nothing"), text);
  assert.equal(asked.get("/nothing"), 1, "that will not change by asking again");
});

test("an address that leads to another kind of address is not followed", async () => {
  for (const [path, to] of [
    ["/away", "ftp://elsewhere.test/policy.yaml"],
    ["/file", "file:///etc/hostname"],
  ] as const) {
    assert.equal(
      await refusal(path),
      `unable to read URL "ORIGIN${path}": it leads to "${to}", which is not http; name that address if it can be trusted`,
    );
  }
});

test("an address that leads round in circles, or to too much, is left", async () => {
  assert.match(await refusal("/round"), /it leads on and on, more than 10 times$/);
  assert.equal(asked.get("/round"), 11);
  assert.match(await refusal("/large"), /\(16777216 octets are the most\)$/);
});

test("nobody there is told, and no password is", async () => {
  const unreachable = fetchManifest("http://me:word@127.0.0.1:1/policy.yaml", {});
  await assert.rejects(unreachable, (error: unknown) => {
    assert.ok(error instanceof CommandError);
    assert.match(
      error.message,
      /^unable to read URL "http:\/\/\*\*\*@127\.0\.0\.1:1\/policy\.yaml": .*connection refused$/,
    );
    assert.ok(!error.message.includes("word"));
    return true;
  });
});

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { PlainServer } from "../plain-server.ts";
import { serveHealth } from "./health-server.ts";

let awaited: readonly string[] = [];
let server: PlainServer | undefined;
before(async () => {
  const tracker = { name: "tracker", failing: () => Promise.resolve(awaited) };
  const certificate = { name: "tls-check", failing: () => Promise.resolve([]) };
  const alive = { name: "default", failing: () => Promise.resolve([]) };
  server = await serveHealth({ live: [alive], ready: [tracker, certificate] }, { host: "127.0.0.1", port: 0 });
});
after(async () => {
  await server?.close();
});

async function get(path: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${server?.port}${path}`);
  return `${answer.status} ${await answer.text()}`;
}

test("all is well", async () => {
  awaited = [];
  assert.equal(await get("/healthz"), "200 ok");
  assert.equal(await get("/readyz"), "200 ok");
  assert.equal(await get("/readyz/"), "200 ok");
  assert.equal(await get("/readyz?verbose"), "200 [+]tls-check ok\n[+]tracker ok\nreadyz check passed\n");
  assert.equal(await get("/readyz/tracker"), "200 ok");
});

test("what is still awaited is told, and what is alive is not restarted for it", async () => {
  awaited = ["expectations not satisfied", "ConstraintTemplate k8srequiredlabels", "objects of v1 Namespace"];
  const told =
    "[+]tls-check ok\n[-]tracker failed: expectations not satisfied\n" +
    "    ConstraintTemplate k8srequiredlabels\n    objects of v1 Namespace\nreadyz check failed\n";
  assert.equal(await get("/readyz"), `500 ${told}`);
  assert.equal(await get("/readyz?verbose"), `500 ${told}`);
  assert.match(await get("/readyz/tracker"), /^500 internal server error: expectations not satisfied/);
  assert.equal(await get("/healthz"), "200 ok");
  assert.equal(await get("/readyz?exclude=tracker"), "200 ok");
  assert.match(await get("/readyz?verbose&exclude=tracker"), /^200 .*\n\[\+\]tracker excluded: ok\n/);
  assert.match(await get("/readyz?verbose&exclude=other"), /cannot be excluded: no matches for "other"/);
});

test("nothing else is served", async () => {
  assert.match(await get("/"), /^404 /);
  assert.match(await get("/readyz/none"), /^404 /);
  assert.match(await get("/readyz/tracker/more"), /^404 /);
});

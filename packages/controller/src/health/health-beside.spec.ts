import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { systemClock } from "@portcullis/kube";
import { silentLog } from "../log/log.ts";
import { DistantCheck } from "./distant-check.ts";
import { serveHealthBeside } from "./health-beside.ts";
import { Heartbeat } from "./heartbeat.ts";

const beside = { log: silentLog, clock: systemClock };

/** Probes from another process, and lets this thread do nothing meanwhile. */
function probeWhileBusy(port: number, path: string): readonly [status: number, text: string] {
  const program = `
    const answer = await fetch("http://127.0.0.1:${port}${path}", { signal: AbortSignal.timeout(5000) });
    console.log(JSON.stringify([answer.status, await answer.text()]));`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  return JSON.parse(stdout) as [number, string];
}

async function get(port: number, path: string): Promise<readonly [number, string]> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`);
  return [answer.status, await answer.text()];
}

test("who probes a thread that is at work is answered all the same, and told what was known last", async () => {
  let problems: readonly string[] = ["the templates"];
  const ready = [{ name: "tracker", failing: () => Promise.resolve(problems) }];
  const server = await serveHealthBeside({ ...beside, live: [], ready }, { host: "127.0.0.1", port: 0 });
  try {
    assert.deepEqual(probeWhileBusy(server.port, "/healthz"), [200, "ok"]);
    const [unknown, why] = probeWhileBusy(server.port, "/readyz");
    assert.equal(unknown, 500, "it has never said that it is ready");
    assert.match(why, /too busy/);
    assert.deepEqual(await get(server.port, "/readyz"), [
      500,
      "[-]tracker failed: the templates\nreadyz check failed\n",
    ]);
    problems = [];
    assert.deepEqual(await get(server.port, "/readyz"), [200, "ok"]);
    assert.deepEqual(probeWhileBusy(server.port, "/readyz"), [200, "ok"]);
    problems = ["it drains"];
    assert.equal((await get(server.port, "/readyz/tracker"))[0], 500, "what it says counts, where it says something");
  } finally {
    await server.close();
  }
});

test("a check that is live as well is made in the other thread, and a fault of it is told", async () => {
  const live = [{ name: "tls-check", failing: () => Promise.reject(new Error("no certificate")) }];
  const server = await serveHealthBeside({ ...beside, live, ready: [] }, { host: "127.0.0.1", port: 0 });
  try {
    assert.deepEqual(await get(server.port, "/healthz"), [
      500,
      "[+]default ok\n[-]tls-check failed: no certificate\nhealthz check failed\n",
    ]);
    assert.deepEqual(await get(server.port, "/healthz/default"), [200, "ok"]);
    const taken = serveHealthBeside({ ...beside, live, ready: [] }, { host: "127.0.0.1", port: server.port });
    await assert.rejects(taken, { code: "EADDRINUSE" });
  } finally {
    await server.close();
  }
});

test("however many probe, the other thread is asked once at a time, and its last word counts for ten seconds", async () => {
  let now = 0;
  let asked = 0;
  let answer = Promise.withResolvers<readonly string[]>();
  const check = new DistantCheck(
    "tracker",
    () => {
      asked += 1;
      return answer.promise;
    },
    () => now,
  );
  const probes = [check.failing(), check.failing(), check.failing()];
  answer.resolve([]);
  assert.deepEqual(await Promise.all(probes), [[], [], []]);
  assert.equal(asked, 1);
  answer = Promise.withResolvers();
  now = 9000;
  assert.deepEqual(await check.failing(), []);
  now = 11_000;
  assert.deepEqual(await check.failing(), ["the server has been too busy to say for more than ten seconds"]);
  assert.equal(asked, 2, "it is still busy with the question of before");
  answer.resolve(["a template"]);
  await new Promise((resolve) => setImmediate(resolve));
  answer = Promise.withResolvers();
  assert.deepEqual(await check.failing(), ["a template"], "an answer that comes late counts from then on");
});

test("a thread that has not come round for a minute of looks is hung, and one that comes round again is not", () => {
  const shared = new SharedArrayBuffer(4);
  const [here, there] = [new Heartbeat(shared), new Heartbeat(shared)];
  const look = (times: number): void => {
    for (let time = 0; time < times; time += 1) there.look();
  };
  here.beat();
  look(60);
  assert.ok(!there.isHung);
  look(1);
  assert.ok(there.isHung);
  here.beat();
  look(1);
  assert.ok(!there.isHung);
});

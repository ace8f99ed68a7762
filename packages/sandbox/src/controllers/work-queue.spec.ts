import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { WorkQueue } from "./work-queue.ts";

test("keys added in one turn run once, and never twice at a time", async () => {
  const runs: string[] = [];
  let [running, most] = [0, 0];
  const queue = new WorkQueue(
    async (key) => {
      running += 1;
      most = Math.max(most, running);
      runs.push(key);
      await sleep(10);
      running -= 1;
    },
    () => undefined,
  );
  queue.add("a");
  queue.add("a");
  await sleep(3);
  queue.add("a");
  queue.add("a");
  await sleep(40);
  queue.close();
  assert.deepEqual(runs, ["a", "a"]);
  assert.equal(most, 1);
});

test("a key that fails runs again, and nothing runs after closing", async () => {
  let runs = 0;
  const failures: unknown[] = [];
  const queue = new WorkQueue(
    () => {
      runs += 1;
      return runs < 2 ? Promise.reject(new Error("not yet")) : Promise.resolve();
    },
    (_key, error) => failures.push(error),
  );
  queue.add("a");
  await sleep(120);
  assert.deepEqual([runs, failures.length], [2, 1]);
  queue.close();
  queue.add("a");
  queue.addAfter("a", 1);
  await sleep(10);
  assert.equal(runs, 2);
});

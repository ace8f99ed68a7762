import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { WorkQueue } from "./work-queue.ts";

test("keys added in one turn run once, and never twice at a time", async () => {
  const finished = Promise.withResolvers<void>();
  let [runs, running, most] = [0, 0, 0];
  const queue: WorkQueue = new WorkQueue(
    async (key) => {
      runs += 1;
      running += 1;
      most = Math.max(most, running);
      if (runs === 1) for (let times = 0; times < 3; times += 1) queue.add(key);
      await sleep(5);
      running -= 1;
      if (runs === 2) finished.resolve();
    },
    () => undefined,
  );
  queue.add("a");
  queue.add("a");
  await finished.promise;
  await sleep(10);
  queue.close();
  assert.deepEqual([runs, most], [2, 1]);
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

test("a pause longer than timers can count is a long one", async () => {
  let runs = 0;
  const queue = new WorkQueue(
    () => {
      runs += 1;
      return Promise.resolve();
    },
    () => undefined,
  );
  queue.addAfter("a", 2 ** 40);
  await sleep(20);
  queue.close();
  assert.equal(runs, 0);
});

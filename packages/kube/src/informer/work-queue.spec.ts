import assert from "node:assert/strict";
import { test } from "node:test";
import type { Clock } from "../clock.ts";
import { HandClock, InstantClock } from "../testing.ts";
import { WorkQueue } from "./work-queue.ts";

test("a key that waits is worked on once, one added during its work once more", async () => {
  const worked: string[] = [];
  let again = true;
  const queue = new WorkQueue({
    clock: new InstantClock(),
    onFailure: () => assert.fail("nothing fails here"),
    work: async (key) => {
      worked.push(key);
      await Promise.resolve();
      if (key === "a" && again) {
        again = false;
        queue.add("a");
        queue.add("a");
      }
    },
  });
  queue.add("a");
  queue.add("a");
  queue.add("b");
  await queue.settled();
  assert.deepEqual(worked.toSorted(), ["a", "a", "b"]);
  await queue.stop();
});

test("no key is worked on twice at once, and no more keys at once than there are workers", async () => {
  let active = 0;
  let most = 0;
  const running = new Set<string>();
  const twice: string[] = [];
  const queue = new WorkQueue({
    workers: 2,
    clock: new InstantClock(),
    onFailure: () => assert.fail("nothing fails here"),
    work: async (key) => {
      // What is thrown here would be a failure that is tried again.
      if (running.has(key)) twice.push(key);
      running.add(key);
      active += 1;
      most = Math.max(most, active);
      await new Promise((resolve) => setImmediate(resolve));
      active -= 1;
      running.delete(key);
    },
  });
  for (const key of ["a", "b", "c", "a", "d", "b"]) queue.add(key);
  await queue.settled();
  assert.equal(most, 2);
  assert.deepEqual(twice, []);
});

test("what fails is tried again, later each time, until it succeeds", async () => {
  const clock = new InstantClock();
  const failures: number[] = [];
  const done = Promise.withResolvers<void>();
  const queue = new WorkQueue({
    clock,
    backoff: { firstMilliseconds: 100, mostMilliseconds: 1000 },
    onFailure: (_key, _error, count) => failures.push(count),
    work: async () => {
      await Promise.resolve();
      if (failures.length < 3) throw new Error("not yet");
      done.resolve();
    },
  });
  queue.add("a");
  await done.promise;
  assert.deepEqual(failures, [1, 2, 3]);
  assert.deepEqual(clock.sleeps, [75, 150, 300]);
  await queue.stop();
  queue.add("b");
  await queue.settled();
});

test("a key that was worked on well begins anew with its retries", async () => {
  const clock = new InstantClock();
  const failures: number[] = [];
  let turn = 0;
  const queue = new WorkQueue({
    clock,
    onFailure: (_key, _error, count) => failures.push(count),
    async work() {
      await Promise.resolve();
      turn += 1;
      if (turn % 3 !== 0) throw new Error("not yet");
    },
  });
  for (let round = 1; round <= 2; round += 1) {
    queue.add("a");
    while (turn < round * 3) await new Promise((resolve) => setImmediate(resolve));
    await queue.settled();
  }
  assert.deepEqual(failures, [1, 2, 1, 2]);
  await queue.stop();
});

test("a key that changes again and again while it fails waits for one attempt, not for one of each change", async () => {
  let isWell = false;
  let attempts = 0;
  const asleep = new Set<() => void>();
  const clock: Clock = {
    now: () => 0,
    random: () => 1,
    sleep: (_milliseconds, signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          asleep.delete(wake);
          resolve();
        };
        asleep.add(wake);
        signal?.addEventListener("abort", wake);
      }),
  };
  const queue = new WorkQueue({
    clock,
    onFailure: () => undefined,
    async work() {
      attempts += 1;
      await Promise.resolve();
      if (!isWell) throw new Error("no writes are taken");
    },
  });
  for (let change = 0; change < 50; change += 1) {
    queue.add("changed");
    await queue.settled();
  }
  assert.equal(attempts, 50);
  assert.equal(asleep.size, 1);
  isWell = true;
  for (const wake of asleep) wake();
  await new Promise((resolve) => setImmediate(resolve));
  await queue.settled();
  assert.equal(attempts, 51);
  await queue.stop();
});

test("many keys that fail are tried again in turn, and all at once when one succeeds", async () => {
  let isWell = false;
  let pace = 0;
  const waits: number[] = [];
  const sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  const clock: Clock = {
    now: () => 0,
    random: () => 1,
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        waits.push(milliseconds);
        sleepers.push({ until: milliseconds, wake: resolve });
        signal?.addEventListener("abort", () => resolve());
      }),
  };
  const done = new Set<string>();
  const queue = new WorkQueue({
    clock,
    onFailure: () => undefined,
    async work(key) {
      pace += 1;
      await Promise.resolve();
      if (!isWell) throw new Error("no writes are taken");
      done.add(key);
    },
  });
  const keys = Array.from({ length: 200 }, (_, at) => `key-${at}`);
  for (const key of keys) queue.add(key);
  await queue.settled();
  // One failure may have come at a bad moment, whatever others there are.
  assert.ok(Math.max(...waits) <= 50, `the first retry waits for ${Math.max(...waits)} ms`);
  // Every key once more, and then they know how many they are.
  for (const { wake } of sleepers.splice(0)) wake();
  await new Promise((resolve) => setImmediate(resolve));
  await queue.settled();
  assert.equal(pace, 400);
  const second = waits.slice(200);
  assert.equal(second.length, 200);
  assert.ok(Math.min(...second) >= 20_000, `200 keys are tried again within ${Math.min(...second)} ms`);
  isWell = true;
  sleepers[7]?.wake();
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  await queue.settled();
  assert.equal(done.size, keys.length);
  await queue.stop();
});

test("keys that are bad for good are not tried again whenever a good one succeeds", async () => {
  const clock = new HandClock();
  let attempts = 0;
  let good = 0;
  const queue = new WorkQueue({
    clock,
    onFailure: () => undefined,
    async work(key) {
      await Promise.resolve();
      if (key === "good") good += 1;
      else {
        attempts += 1;
        throw new Error("nobody takes this");
      }
    },
  });
  for (let at = 0; at < 100; at += 1) queue.add(`bad-${at}`);
  await queue.settled();
  attempts = 0;
  for (let second = 0; second < 60; second += 1) {
    queue.add("good");
    await clock.pass(1000);
    await queue.settled();
  }
  assert.equal(good, 60);
  // Ten in a second in turn, as many again for recoveries, and the first retry of each.
  assert.ok(attempts > 100 && attempts <= 1300, `${attempts} attempts in a minute`);
  await queue.stop();
});

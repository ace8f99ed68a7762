import assert from "node:assert/strict";
import { test } from "node:test";
import type { Clock } from "@portcullis/kube";
import { byDeadline } from "./by-deadline.ts";

/** A clock at 100 on which sleepers wait until they are woken or no longer wanted. */
function stillClock(): { readonly clock: Clock; readonly asleep: Set<number>; wake(): void } {
  const asleep = new Set<number>();
  const woken = Promise.withResolvers<void>();
  const clock: Clock = {
    now: () => 100,
    random: () => 0,
    async sleep(milliseconds, signal) {
      asleep.add(milliseconds);
      const unwanted = new Promise((resolve) => signal?.addEventListener("abort", resolve));
      await Promise.race([woken.promise, unwanted]);
      asleep.delete(milliseconds);
    },
  };
  return { clock, asleep, wake: () => woken.resolve() };
}

test("what comes in time is given, what fails in time fails, and no sleeper is left", async () => {
  const { clock, asleep } = stillClock();
  assert.equal(await byDeadline(Promise.resolve("there"), 150, clock), "there");
  await assert.rejects(byDeadline(Promise.reject(new Error("no")), 160, clock), /no/);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(asleep.size, 0);
});

test("what comes late is left aside, a failure too", async () => {
  const { clock, asleep, wake } = stillClock();
  const slow = Promise.withResolvers<string>();
  const given = byDeadline(slow.promise, 150, clock);
  assert.deepEqual([...asleep], [50]);
  wake();
  assert.equal(await given, undefined);
  // Nobody waits for it any more, and nobody is bothered by it.
  slow.reject(new Error("late"));
  await new Promise((resolve) => setImmediate(resolve));
});

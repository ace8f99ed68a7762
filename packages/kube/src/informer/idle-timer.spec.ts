import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { IdleTimer } from "./idle-timer.ts";

test("what arrives puts the end off, and nothing more brings it", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const timer = new IdleTimer(100, new AbortController().signal);
    const body = async function* (): AsyncGenerator<string> {
      for (const piece of ["a", "b", "c"]) {
        mock.timers.tick(60);
        yield piece;
        await Promise.resolve();
      }
    };
    let read = "";
    for await (const piece of timer.watch(body())) read += piece;
    assert.deepEqual([read, timer.hasExpired, timer.signal.aborted], ["abc", false, false]);
    mock.timers.tick(99);
    assert.equal(timer.hasExpired, false);
    mock.timers.tick(1);
    assert.deepEqual([timer.hasExpired, timer.signal.aborted], [true, true]);
  } finally {
    mock.timers.reset();
  }
});

test("who stops it is not told that nothing arrived", () => {
  const timer = new IdleTimer(1, new AbortController().signal);
  timer.stop();
  assert.deepEqual([timer.hasExpired, timer.signal.aborted], [false, true]);
});

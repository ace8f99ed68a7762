import assert from "node:assert/strict";
import { setImmediate as nextTurn } from "node:timers/promises";
import { test } from "node:test";
import { Turn } from "./turn.ts";

/** A turn whose work is written down; the work for `slow` takes that many milliseconds. */
function written(slow: ReadonlyMap<string, number> = new Map()): {
  readonly turn: Turn;
  readonly steps: string[];
  readonly ask: (name: string) => void;
} {
  let now = 0;
  const turn = new Turn(() => now);
  const steps: string[] = [];
  const ask = (name: string): void => {
    turn.answer(() => {
      steps.push(`answer ${name}`);
      now += slow.get(name) ?? 0;
      turn.send(() => void steps.push(`send ${name}`));
    });
  };
  return { turn, steps, ask };
}

test("the calls of a turn are answered together, and then their answers are sent", async () => {
  const { turn, steps, ask } = written();
  ask("a");
  ask("b");
  assert.equal(steps.length, 0);
  await nextTurn();
  assert.deepEqual(steps, ["answer a", "answer b", "send a", "send b"]);
  turn.send(() => void steps.push("send later"));
  assert.equal(steps.at(-1), "send later");
  ask("c");
  await nextTurn();
  assert.deepEqual(steps.slice(5), ["answer c", "send c"]);
});

test("an answer does not wait for those that take long", async () => {
  const { steps, ask } = written(new Map([["b", 50]]));
  for (const name of ["a", "b", "c", "d"]) ask(name);
  await nextTurn();
  assert.deepEqual(steps.slice(0, 5), ["answer a", "answer b", "send a", "send b", "answer c"]);
  assert.deepEqual(steps.slice(5), ["answer d", "send c", "send d"]);
});

test("a turn begins when its first call comes, and the next one anew", async () => {
  let now = 7;
  const turn = new Turn(() => now);
  assert.equal(turn.began(), 7);
  now += 5;
  assert.equal(turn.began(), 7);
  await nextTurn();
  assert.equal(turn.began(), 12);
});

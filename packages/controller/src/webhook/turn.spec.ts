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

test("where an answer took long, none waits for the others for a second", async () => {
  const { steps, ask } = written(
    new Map([
      ["b", 50],
      ["e", 999],
      ["f", 1],
    ]),
  );
  for (const name of ["a", "b", "c", "d"]) ask(name);
  await nextTurn();
  const first = ["answer a", "answer b", "send a", "send b", "answer c", "send c", "answer d", "send d"];
  assert.deepEqual(steps.splice(0), first);
  for (const name of ["e", "g"]) ask(name);
  await nextTurn();
  assert.deepEqual(steps.splice(0), ["answer e", "send e", "answer g", "send g"]);
});

test("after a second of short answers they are sent together again", async () => {
  const { steps, ask } = written(
    new Map([["a", 50], ...Array.from({ length: 1000 }, (_, at): [string, number] => [`short ${at}`, 1])]),
  );
  ask("a");
  for (let at = 0; at < 1000; at += 1) ask(`short ${at}`);
  await nextTurn();
  steps.length = 0;
  for (const name of ["b", "c"]) ask(name);
  await nextTurn();
  assert.deepEqual(steps, ["answer b", "answer c", "send b", "send c"]);
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

import assert from "node:assert/strict";
import { test } from "node:test";
import { ageOf, humanDuration } from "./human-duration.ts";

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

test("a span of time is written as kubectl writes it", () => {
  const cases: readonly (readonly [seconds: number, text: string])[] = [
    [-2, "<invalid>"],
    [-1, "0s"],
    [0, "0s"],
    [119, "119s"],
    [120, "2m"],
    [303, "5m3s"],
    [599, "9m59s"],
    [600, "10m"],
    [3 * hour - 1, "179m"],
    [3 * hour, "3h"],
    [3 * hour + minute, "3h1m"],
    [8 * hour + 59 * minute, "8h"],
    [47 * hour, "47h"],
    [48 * hour, "2d"],
    [50 * hour, "2d2h"],
    [8 * day, "8d"],
    [729 * day, "729d"],
    [730 * day, "2y"],
    [800 * day, "2y70d"],
    [8 * 365 * day, "8y"],
  ];
  for (const [seconds, text] of cases) assert.equal(humanDuration(seconds * 1000), text, `${seconds} s`);
});

test("an age is unknown without a time", () => {
  assert.equal(ageOf(undefined, new Date()), "<unknown>");
  assert.equal(ageOf("2026-01-01T00:00:00Z", new Date("2026-01-01T00:00:07Z")), "7s");
});

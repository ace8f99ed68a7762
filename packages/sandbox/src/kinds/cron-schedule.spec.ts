import assert from "node:assert/strict";
import { test } from "node:test";
import { isDue, parseCronSchedule } from "./cron-schedule.ts";

function due(schedule: string, time: string): boolean {
  const reading = parseCronSchedule(schedule);
  assert.ok(reading.ok, schedule);
  return isDue(reading.schedule, new Date(time));
}

test("a schedule names its minutes", () => {
  assert.ok(due("*/5 * * * *", "2026-03-04T10:15:00Z"));
  assert.ok(!due("*/5 * * * *", "2026-03-04T10:16:00Z"));
  assert.ok(due("30 2 * jan-mar mon-fri", "2026-03-04T02:30:00Z"));
  assert.ok(!due("30 2 * * sun", "2026-03-04T02:30:00Z"));
  assert.ok(due("@daily", "2026-03-04T00:00:00Z"));
});

test("a day is named by either field when both are restricted", () => {
  assert.ok(due("0 0 13 * fri", "2026-03-13T00:00:00Z"));
  assert.ok(due("0 0 1 * wed", "2026-03-04T00:00:00Z"));
  assert.ok(!due("0 0 1 * fri", "2026-03-04T00:00:00Z"));
});

test("what is no schedule is said in cron's words", () => {
  const cases: readonly (readonly [schedule: string, text: string])[] = [
    ["* * * *", "expected exactly 5 fields, found 4: [* * * *]"],
    ["60 * * * *", "end of range (60) above maximum (59): 60"],
    ["5-1 * * * *", "beginning of range (5) beyond end of range (1): 5-1"],
    ["*/0 * * * *", "step of range should be a positive number: */0"],
    ["x * * * *", 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
    ["@often", "unrecognized descriptor: @often"],
  ];
  for (const [schedule, text] of cases) assert.deepEqual(parseCronSchedule(schedule), { ok: false, message: text });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { readGoDuration } from "./go-duration.ts";

test("durations are read as Go reads them", () => {
  const read: readonly (readonly [string, number])[] = [
    ["0", 0],
    ["+0", 0],
    ["3s", 3000],
    ["1m30s", 90_000],
    ["1h5m.5s", 3_900_500],
    ["1.s", 1000],
    ["1.5h", 5_400_000],
    ["-2ms", -2],
    ["250us", 0.25],
    ["250\u00B5s", 0.25],
    ["250\u03BCs", 0.25],
    ["1000000ns", 1],
  ];
  for (const [text, milliseconds] of read) assert.equal(readGoDuration(text), milliseconds, text);
  for (const text of ["", "-", "5", "s", ".s", "1d", "1s ", "s1", "1s2", "1,5s", "0x1s", "1e3s", "00"]) {
    assert.equal(readGoDuration(text), undefined, text);
  }
});

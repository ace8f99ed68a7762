import assert from "node:assert/strict";
import { test } from "node:test";
import { timeAllowed } from "./deadline.ts";

test("the time is what the API server waits, less a margin", () => {
  assert.equal(timeAllowed("timeout=3s", 1000), 2500);
  assert.equal(timeAllowed("timeout=1s", 9000), 800);
  assert.equal(timeAllowed("timeout=1m30s", 1000), 29_500);
  assert.equal(timeAllowed("timeout=1.5s", 1000), 1200);
  for (const text of ["", "timeout=", "timeout=soon", "timeout=-3s", "timeout=0s", "timeout=3"]) {
    assert.equal(timeAllowed(text, 3000), 2500, text);
  }
});

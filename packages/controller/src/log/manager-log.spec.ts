import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { managerLog } from "./manager-log.ts";

test("a disk that is full costs lines of the log and nothing else", { skip: !existsSync("/dev/full") }, () => {
  const log = managerLog({ level: "info", levelKey: "level", levelEncoder: "lower", file: "/dev/full" });
  const before = process.memoryUsage().external + process.memoryUsage().heapUsed;
  const long = "x".repeat(10_000);
  for (let line = 0; line < 3000; line += 1) log.info(long, { line });
  const grown = process.memoryUsage().external + process.memoryUsage().heapUsed - before;
  assert.ok(grown < 16 * 1024 * 1024, `it has kept ${grown} bytes of 30 MB`);
});

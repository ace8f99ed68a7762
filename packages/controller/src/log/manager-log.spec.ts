import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { managerLog } from "./manager-log.ts";

/** Bytes that are held, once what nobody holds is gone. */
function held(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc()");
  const { external, heapUsed } = process.memoryUsage();
  return external + heapUsed;
}

test("a disk that is full costs lines of the log and nothing else", { skip: !existsSync("/dev/full") }, () => {
  const log = managerLog({ level: "info", levelKey: "level", levelEncoder: "lower", file: "/dev/full" });
  const before = held();
  const long = "x".repeat(10_000);
  for (let line = 0; line < 3000; line += 1) log.info(long, { line });
  const grown = held() - before;
  assert.ok(grown < 4 * 1024 * 1024, `it has kept ${grown} bytes of 30 MB`);
});

// Runs the specs: all of them in one process, or those named on the command line (files or globs).
import { spawnSync } from "node:child_process";

const patterns = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const flags = process.argv.slice(2).filter((argument) => argument.startsWith("--"));
const files =
  patterns.length > 0 ? patterns : ["packages/*/src/**/*.spec.ts", "test/*.spec.ts", "test/contract/**/*.spec.ts"];
const reporter = process.env["SPEC_REPORTER"] ?? (process.stdout.isTTY ? "spec" : "dot");
const done = spawnSync(
  process.execPath,
  [
    "--conditions=source",
    "--import=./scripts/steady-seed.mjs",
    "--test",
    "--test-isolation=none",
    // A spec that fails half-way may leave a server open; the run must end all the same.
    "--test-force-exit",
    "--test-timeout=90000",
    `--test-reporter=${reporter}`,
    "--test-reporter-destination=stdout",
    ...flags,
    ...files,
  ],
  { stdio: "inherit" },
);
process.exit(done.status ?? 1);

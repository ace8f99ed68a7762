#!/usr/bin/env -S node --conditions=source --disable-warning=ExperimentalWarning
import { enableCompileCache } from "node:module";

// Keeps what was compiled for the next start, which is then twice as fast. Hence the late imports.
enableCompileCache();
const { processTerminal } = await import("./process-terminal.ts");
const { run } = await import("./run.ts");
try {
  process.exitCode = await run(process.argv.slice(2), processTerminal());
} catch (error) {
  // What comes here is no mistake of the user's, so whoever reports it needs the whole of it.
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`portcullis failed, and it is not your fault. Please report this:\n${text}\n`);
  process.exitCode = 70;
}

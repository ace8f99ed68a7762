#!/usr/bin/env -S node --conditions=source --disable-warning=ExperimentalWarning
import { enableCompileCache } from "node:module";

// Keeps what was compiled for the next start, which is then twice as fast. Hence the late imports.
enableCompileCache();
const { processTerminal } = await import("./process-terminal.ts");
const { run } = await import("./run.ts");
process.exitCode = await run(process.argv.slice(2), processTerminal());

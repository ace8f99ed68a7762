#!/usr/bin/env -S node --conditions=source
/** The server alone, without the commands: what the image runs. */
import { managerProcess } from "./manager-process.ts";
import { runManager } from "./run-manager.ts";

const status = await runManager(process.argv.slice(2), managerProcess());
// Connections that somebody keeps open must not keep a process alive that was told to end.
process.exit(status);

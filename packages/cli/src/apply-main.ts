#!/usr/bin/env -S node --conditions=source
/** `portcullis apply` alone: what the hook of the chart runs, out of the server's image. */
import { CommandError } from "./command-error.ts";
import { applyCommand } from "./commands/apply.ts";
import { processTerminal } from "./process-terminal.ts";
import { runCommand } from "./run-command.ts";

const terminal = processTerminal();
try {
  process.exitCode = await runCommand(applyCommand, process.argv.slice(2), terminal);
} catch (error) {
  if (!(error instanceof CommandError)) throw error;
  terminal.error(`${error.message}\n`);
  process.exitCode = 1;
}

import { CommandError } from "./command-error.ts";
import { commands } from "./commands/commands.ts";
import { programHelp } from "./help.ts";
import { runCommand, unknownCommand, usageError } from "./run-command.ts";
import type { Terminal } from "./terminal.ts";

/** Runs the command line; resolves to the exit status. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await runNamed(argv, terminal);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    terminal.error(`${error.message}\n`);
    return 1;
  }
}

/** What stands behind the command's name is the command's to read; `help COMMAND` is its own help. */
async function runNamed([first, ...rest]: readonly string[], terminal: Terminal): Promise<number> {
  if (first === undefined || isHelp(first)) {
    const of = rest.filter((word) => !isHelp(word));
    if (of.length > 0) return runNamed([...of, "--help"], terminal);
    terminal.out(programHelp(commands));
    return 0;
  }
  if (["--version", "-v"].includes(first)) return runNamed(["version"], terminal);
  const command = commands.find(({ name }) => name === first);
  if (command !== undefined) return runCommand(command, rest, terminal);
  const names = commands.map(({ name }) => name);
  const what = first.startsWith("-") ? `unknown flag: ${first}` : unknownCommand(first, "portcullis", names);
  return usageError(what, undefined, terminal);
}

function isHelp(word: string): boolean {
  return ["help", "--help", "-h"].includes(word);
}

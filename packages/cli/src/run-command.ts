import { normalizeArguments } from "./arguments/normalize.ts";
import { readValues } from "./arguments/values.ts";
import type { Command, CommandGroup } from "./commands/command.ts";
import { commandHelp, groupHelp } from "./help.ts";
import type { Terminal } from "./terminal.ts";

/** Runs one command with the arguments behind its name; resolves to the exit status. */
export async function runCommand(command: Command, argv: readonly string[], terminal: Terminal): Promise<number> {
  if ("subcommands" in command) return runSubcommand(command, argv, terminal);
  if (argv.some((argument) => argument === "--help" || argument === "-h")) {
    terminal.out(commandHelp(command));
    return 0;
  }
  if ("runArguments" in command) return command.runArguments(argv, terminal);
  const read = normalizeArguments(argv, command.flags);
  if (!read.ok) return usageError(read.message, command, terminal);
  const [surplus] = read.positional.slice(command.positional);
  if (surplus !== undefined) {
    return usageError(`unknown command "${surplus}" for "portcullis ${command.name}"`, command, terminal);
  }
  return command.run(readValues(command.flags, read.tokens), read.positional, terminal);
}

async function runSubcommand(
  group: CommandGroup,
  [first, ...rest]: readonly string[],
  terminal: Terminal,
): Promise<number> {
  if (first === undefined || ["help", "--help", "-h"].includes(first)) {
    terminal.out(groupHelp(group));
    return 0;
  }
  const found = group.subcommands.find(({ name }) => name === `${group.name} ${first}`);
  if (found !== undefined) return runCommand(found, rest, terminal);
  return usageError(`unknown command "${first}" for "portcullis ${group.name}"`, group, terminal);
}

/** Tells what is wrong with a command line, and where to read on. */
export function usageError(message: string, command: Command | undefined, terminal: Terminal): number {
  const help = command === undefined ? "portcullis --help" : `portcullis ${command.name} --help`;
  terminal.error(`Error: ${message}\nRun "${help}" for what it takes.\n`);
  return 1;
}

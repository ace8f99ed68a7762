import { closestName } from "@portcullis/objects/closest-name";
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
    const message = unknownCommand(surplus, `portcullis ${command.name}`, []);
    const takesFiles = command.positional === 0 && command.flags.some(({ short }) => short === "f");
    return usageError(takesFiles ? `${message}; files are named behind -f` : message, command, terminal);
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
  const names = group.subcommands.map(({ name }) => name.slice(group.name.length + 1));
  return usageError(unknownCommand(first, `portcullis ${group.name}`, names), group, terminal);
}

/** In cobra's words, with the name that was probably meant. */
export function unknownCommand(name: string, of: string, names: readonly string[]): string {
  const close = closestName(name, names);
  return `unknown command "${name}" for "${of}"${close === undefined ? "" : `; did you mean ${close}?`}`;
}

/** Tells what is wrong with a command line, and where to read on. */
export function usageError(message: string, command: Command | undefined, terminal: Terminal): number {
  const help = command === undefined ? "portcullis --help" : `portcullis ${command.name} --help`;
  terminal.error(`Error: ${message}\nRun "${help}" for what it takes.\n`);
  return 1;
}

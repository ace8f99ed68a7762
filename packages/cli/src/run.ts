import { Command as Program, CommanderError } from "commander";
import { normalizeArguments } from "./arguments/normalize.ts";
import { readValues } from "./arguments/values.ts";
import { CommandError } from "./command-error.ts";
import { commands } from "./commands/commands.ts";
import type { Command } from "./commands/command.ts";
import { commandHelp, groupHelp, programHelp } from "./help.ts";
import type { Terminal } from "./terminal.ts";

/** Runs the command line; resolves to the exit status. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  let status = 0;
  const program = new Program("portcullis")
    .exitOverride()
    .helpOption(false)
    .helpCommand(false)
    .configureOutput({ writeErr: () => {}, writeOut: () => {} })
    .argument("[command]")
    .allowUnknownOption()
    .action((name: string | undefined) => {
      status = withoutCommand(name, terminal);
    });
  for (const command of commands) {
    program
      .command(command.name)
      .helpOption(false)
      // The arguments are read as pflag reads them, so commander finds the command and hands them on whole.
      .allowUnknownOption()
      .argument("[arguments...]")
      .action(async (rest: readonly string[]) => {
        status = await runCommand(command, rest, terminal);
      });
  }
  try {
    await program.parseAsync(separate(argv), { from: "user" });
  } catch (error) {
    if (error instanceof CommandError) {
      terminal.error(`${error.message}\n`);
      return 1;
    }
    if (error instanceof CommanderError) return usageError(error.message, undefined, terminal);
    throw error;
  }
  return status;
}

/** Keeps commander from reading anything behind the command's name. */
function separate(argv: readonly string[]): string[] {
  const [first, ...rest] = argv;
  if (first === undefined) return [];
  if (["--help", "-h"].includes(first)) return ["help"];
  if (["--version", "-v"].includes(first)) return ["version"];
  return commands.some((command) => command.name === first) ? [first, "--", ...rest] : [...argv];
}

function withoutCommand(name: string | undefined, terminal: Terminal): number {
  if (name === undefined || name === "help") {
    terminal.out(programHelp(commands));
    return 0;
  }
  return usageError(`unknown command "${name}" for "portcullis"`, undefined, terminal);
}

async function runCommand(command: Command, argv: readonly string[], terminal: Terminal): Promise<number> {
  if (command.subcommands !== undefined) return runSubcommand(command, command.subcommands, argv, terminal);
  if (argv.some((argument) => argument === "--help" || argument === "-h")) {
    terminal.out(commandHelp(command));
    return 0;
  }
  if (command.runArguments !== undefined) return command.runArguments(argv, terminal);
  const read = normalizeArguments(argv, command.flags);
  if (!read.ok) return usageError(read.message, command, terminal);
  const [surplus] = read.positional.slice(command.positional);
  if (surplus !== undefined) {
    return usageError(`unknown command "${surplus}" for "portcullis ${command.name}"`, command, terminal);
  }
  return command.run(readValues(command.flags, read.tokens), read.positional, terminal);
}

async function runSubcommand(
  command: Command,
  subcommands: readonly Command[],
  [first, ...rest]: readonly string[],
  terminal: Terminal,
): Promise<number> {
  if (first === undefined || ["help", "--help", "-h"].includes(first)) {
    terminal.out(groupHelp(command, subcommands));
    return 0;
  }
  const found = subcommands.find(({ name }) => name === `${command.name} ${first}`);
  if (found !== undefined) return runCommand(found, rest, terminal);
  return usageError(`unknown command "${first}" for "portcullis ${command.name}"`, command, terminal);
}

function usageError(message: string, command: Command | undefined, terminal: Terminal): number {
  const help = command === undefined ? "portcullis --help" : `portcullis ${command.name} --help`;
  terminal.error(`Error: ${message}\nRun "${help}" for what it takes.\n`);
  return 1;
}

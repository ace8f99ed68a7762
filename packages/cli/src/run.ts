import { Command as Program, CommanderError } from "commander";
import { CommandError } from "./command-error.ts";
import { commands } from "./commands/commands.ts";
import { programHelp } from "./help.ts";
import { runCommand, usageError } from "./run-command.ts";
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

/** Keeps commander from reading anything behind the command's name; `help COMMAND` is the command's own help. */
function separate([first, ...rest]: readonly string[]): string[] {
  if (first === undefined) return [];
  if (["help", "--help", "-h"].includes(first)) return rest.length === 0 ? ["help"] : separate([...rest, "--help"]);
  if (["--version", "-v"].includes(first)) return ["version"];
  return commands.some((command) => command.name === first) ? [first, "--", ...rest] : [first];
}

function withoutCommand(name: string | undefined, terminal: Terminal): number {
  if (name === undefined || name === "help") {
    terminal.out(programHelp(commands));
    return 0;
  }
  return usageError(`unknown command "${name}" for "portcullis"`, undefined, terminal);
}

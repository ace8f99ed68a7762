import type { Flag, FlagValues } from "../arguments/flag.ts";
import type { Terminal } from "../terminal.ts";

/** What the help tells of every command. */
interface CommandWords {
  /** In whole: `apply`, `rego eval`. */
  readonly name: string;
  readonly summary: string;
  /** What stands behind the name in the usage line. */
  readonly usage: string;
}

/** A command that does something. It loads what it needs when it runs, so that `portcullis --help` loads nothing. */
interface WorkingCommand extends CommandWords {
  readonly examples: readonly { readonly what: string; readonly line: string }[];
  readonly flags: readonly Flag[];
}

/** A command whose arguments are read as pflag reads them. */
export interface FlagCommand extends WorkingCommand {
  /** The most positional arguments it takes. */
  readonly positional: number;
  /** Resolves to the exit status. */
  run(values: FlagValues, positional: readonly string[], terminal: Terminal): Promise<number>;
}

/** A command that reads its arguments itself, as they were typed; its flags are for the help. */
export interface ArgumentsCommand extends WorkingCommand {
  /** Resolves to the exit status. */
  runArguments(argv: readonly string[], terminal: Terminal): Promise<number>;
}

/** A name that others stand below; it does nothing by itself. */
export interface CommandGroup extends CommandWords {
  readonly subcommands: readonly Command[];
}

/** A command as data. */
export type Command = FlagCommand | ArgumentsCommand | CommandGroup;

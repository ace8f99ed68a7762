import type { Flag, FlagValues } from "../arguments/flag.ts";
import type { Terminal } from "../terminal.ts";

/** A command as data. Its `run` loads what it needs itself, so that `portcullis --help` loads nothing. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** What stands behind the name in the usage line. */
  readonly usage: string;
  /** The most positional arguments it takes. */
  readonly positional: number;
  readonly examples: readonly { readonly what: string; readonly line: string }[];
  readonly flags: readonly Flag[];
  /** Commands below this one, named in whole (`rego eval`); it does nothing by itself then. */
  readonly subcommands?: readonly Command[];
  /** Takes the arguments as they were typed, where they are not read as pflag reads them; the flags are for the help. */
  runArguments?(argv: readonly string[], terminal: Terminal): Promise<number>;
  /** Resolves to the exit status. */
  run(values: FlagValues, positional: readonly string[], terminal: Terminal): Promise<number>;
}

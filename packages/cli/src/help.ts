import type { Flag } from "./arguments/flag.ts";
import type { Command, CommandGroup } from "./commands/command.ts";

/** The help of the whole program. */
export function programHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  return [
    "Portcullis: admission policy for Kubernetes. It enforces Gatekeeper's templates and constraints.",
    "",
    "Usage:",
    "  portcullis COMMAND [flags]",
    "",
    "Commands:",
    ...commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    "",
    'Use "portcullis COMMAND --help" for what a command takes.',
    "",
  ].join("\n");
}

/** The help of a name that other commands stand below. */
export function groupHelp({ name: group, summary, usage, subcommands }: CommandGroup): string {
  const width = Math.max(...subcommands.map(({ name }) => name.length));
  return [
    `${capitalized(summary)}.`,
    "",
    "Usage:",
    `  portcullis ${group} ${usage}`,
    "",
    "Commands:",
    ...subcommands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    "",
    `Use "portcullis ${group} COMMAND --help" for what a command takes.`,
    "",
  ].join("\n");
}

/** The help of one command. */
export function commandHelp(command: Exclude<Command, CommandGroup>): string {
  const lines = [
    `${capitalized(command.summary)}.`,
    "",
    "Usage:",
    `  portcullis ${command.name} ${command.usage}`.trimEnd(),
    "",
  ];
  if (command.examples.length > 0) {
    lines.push("Examples:");
    for (const { what, line } of command.examples) lines.push(`  # ${what}`, `  ${line}`, "");
  }
  lines.push("Flags:", ...flagLines([...command.flags, helpFlag]), "");
  return lines.join("\n");
}

const helpFlag: Flag = { kind: "boolean", name: "help", short: "h", default: false, summary: "show this help" };

function flagLines(flags: readonly Flag[]): readonly string[] {
  const shown = flags.filter(({ hidden, refused }) => hidden === undefined && refused === undefined);
  const terms = shown.map((flag) => {
    const short = flag.short === undefined ? "    " : `-${flag.short}, `;
    const value = flag.kind === "boolean" ? "" : ` ${flag.value}`;
    return { flag, term: `${short}--${flag.name}${value}` };
  });
  const width = Math.max(...terms.map(({ term }) => term.length));
  return terms
    .toSorted((left, right) => (left.flag.name < right.flag.name ? -1 : 1))
    .map(({ flag, term }) => `  ${term.padEnd(width)}  ${flag.summary}${defaultOf(flag)}`);
}

function defaultOf(flag: Flag): string {
  if (flag.kind === "strings" || flag.default === false || flag.default === "") return "";
  return ` (default ${flag.default})`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

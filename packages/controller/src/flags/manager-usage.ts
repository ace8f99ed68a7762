import type { ManagerFlag } from "./flag.ts";

/** The flags in the form of Go's `flag`: a line for each, and one below it that says what it does, or why it does not. */
export function managerUsage(flags: readonly ManagerFlag[]): string {
  const lines = flags
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((flag) => [
      `  -${flag.name}${flag.kind === "boolean" ? "" : ` ${flag.value}`}`,
      `    \t${flag.summary}${effectOf(flag)}${defaultOf(flag)}`,
    ]);
  return ["Usage of portcullis controller:", ...lines].join("\n");
}

function effectOf({ standing }: ManagerFlag): string {
  return standing.kind === "ignored" ? `; no effect: ${standing.because}` : "";
}

function defaultOf(flag: ManagerFlag): string {
  if (flag.kind === "strings" || flag.default === false || flag.default === "" || flag.default === 0) return "";
  return ` (default ${typeof flag.default === "string" ? JSON.stringify(flag.default) : flag.default})`;
}

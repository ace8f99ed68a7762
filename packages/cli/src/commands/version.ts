import { readFile } from "node:fs/promises";
import type { Command } from "./command.ts";

/** `portcullis version` */
export const versionCommand: Command = {
  name: "version",
  summary: "print the version",
  usage: "",
  positional: 0,
  examples: [],
  flags: [],
  async run(_values, _positional, terminal) {
    const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
    const { version } = JSON.parse(text) as { readonly version: string };
    const { node } = process.versions;
    terminal.out(
      `portcullis ${version} (Gatekeeper 3.23.1's templates and constraints, OPA 1.22.2's Rego; Node ${node})\n`,
    );
    return 0;
  },
};

import type { Command } from "./command.ts";
import { formatFlag, ignoreFlag, v0Flag, v1Flag } from "./rego-flags.ts";

/** `portcullis rego inspect`, with opa inspect's output but for the capabilities. */
export const regoInspectCommand: Command = {
  name: "rego inspect",
  summary: "show the packages and data of a folder or a file, its manifest, and annotations",
  usage: "PATH [flags]",
  positional: Infinity,
  examples: [
    { what: "the packages of a folder with what is said about them", line: "portcullis rego inspect -a policies/" },
  ],
  flags: [
    { kind: "boolean", name: "annotations", short: "a", default: false, summary: "show annotations" },
    formatFlag,
    ignoreFlag,
    v0Flag,
    v1Flag,
  ],
  async run(values, positional, terminal) {
    const { runInspect } = await import("../rego/run-inspect.ts");
    return runInspect(values, positional, terminal);
  },
};

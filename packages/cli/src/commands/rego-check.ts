import type { Command } from "./command.ts";
import {
  capabilitiesFlag,
  formatFlag,
  ignoreFlag,
  maxErrorsFlag,
  regoV1Flag,
  schemaFlag,
  strictFlag,
  v0Flag,
  v1Flag,
} from "./rego-flags.ts";

/** `portcullis rego check`, with opa check's flags, output and exit status. */
export const regoCheckCommand: Command = {
  name: "rego check",
  summary: "say what is wrong with modules",
  usage: "PATH [PATH ...] [flags]",
  positional: Infinity,
  examples: [
    { what: "a folder of modules", line: "portcullis rego check policies/" },
    { what: "the same for a program", line: "portcullis rego check policies/ --format json" },
  ],
  flags: [
    formatFlag,
    ignoreFlag,
    maxErrorsFlag,
    strictFlag,
    v0Flag,
    v1Flag,
    {
      kind: "boolean",
      name: "v0-v1",
      default: false,
      summary: "modules must be valid as v0 and as v1",
    },
    {
      kind: "boolean",
      name: "bundle",
      short: "b",
      default: false,
      summary: "the paths are roots of bundles: their data counts as well",
    },
    schemaFlag,
    capabilitiesFlag,
    regoV1Flag,
  ],
  async run(values, positional, terminal) {
    const { runCheck } = await import("../rego/run-check.ts");
    return runCheck(values, positional, terminal);
  },
};

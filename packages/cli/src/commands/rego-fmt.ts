import type { Command } from "./command.ts";
import { capabilitiesFlag, regoV1Flag, v0Flag, v1Flag } from "./rego-flags.ts";

/** `portcullis rego fmt`, with opa fmt's flags, output and exit status. */
export const regoFmtCommand: Command = {
  name: "rego fmt",
  summary: "lay modules out as OPA does",
  usage: "[PATH ...] [flags]",
  positional: Infinity,
  examples: [
    { what: "format standard input", line: "portcullis rego fmt < policy.rego" },
    { what: "format the files of a folder", line: "portcullis rego fmt -w policies/" },
    { what: "in CI: name the files that are not formatted, and fail", line: "portcullis rego fmt --list --fail ." },
  ],
  flags: [
    { kind: "boolean", name: "list", short: "l", default: false, summary: "name the files that would change" },
    { kind: "boolean", name: "diff", short: "d", default: false, summary: "show what would change" },
    { kind: "boolean", name: "write", short: "w", default: false, summary: "write to the files instead" },
    { kind: "boolean", name: "fail", default: false, summary: "exit with 2 where a file would change" },
    {
      kind: "boolean",
      name: "check-result",
      default: true,
      summary: "read the result again before it is written",
    },
    { kind: "boolean", name: "v0-v1", default: false, summary: "write v0 modules such that they are v1 as well" },
    regoV1Flag,
    {
      kind: "boolean",
      name: "drop-v0-imports",
      default: false,
      summary: "leave out imports that v1 does not need, such as rego.v1",
    },
    capabilitiesFlag,
    v0Flag,
    v1Flag,
  ],
  async run(values, positional, terminal) {
    const { runFmt } = await import("../rego/run-fmt.ts");
    return runFmt(values, positional, terminal);
  },
};

import type { Command } from "./command.ts";
import { formatFlag, v0Flag, v1Flag } from "./rego-flags.ts";

/** `portcullis rego parse`, with opa parse's flags and output. */
export const regoParseCommand: Command = {
  name: "rego parse",
  summary: "show a module's tree",
  usage: "PATH [flags]",
  positional: 1,
  examples: [{ what: "the tree as OPA's JSON", line: "portcullis rego parse policy.rego --format json" }],
  flags: [
    formatFlag,
    {
      kind: "string",
      name: "json-include",
      value: "PARTS",
      default: "",
      summary: "what the JSON shows as well: locations, -comments",
    },
    v0Flag,
    v1Flag,
  ],
  async run(values, positional, terminal) {
    const { runParse } = await import("../rego/run-parse.ts");
    return runParse(values, positional, terminal);
  },
};

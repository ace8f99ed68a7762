import type { Command } from "./command.ts";
import { regoBuildCommand } from "./rego-build.ts";
import { regoCheckCommand } from "./rego-check.ts";
import { regoEvalCommand } from "./rego-eval.ts";
import { regoFmtCommand } from "./rego-fmt.ts";
import { regoInspectCommand } from "./rego-inspect.ts";
import { regoParseCommand } from "./rego-parse.ts";
import { regoTestCommand } from "./rego-test.ts";

/** `portcullis rego`: the tools around the language, with OPA's flags. */
export const regoCommand: Command = {
  name: "rego",
  summary: "work on Rego: evaluate, check, format, test and build policies",
  usage: "COMMAND [flags]",
  subcommands: [
    regoEvalCommand,
    regoCheckCommand,
    regoBuildCommand,
    regoFmtCommand,
    regoInspectCommand,
    regoParseCommand,
    regoTestCommand,
  ],
};

import type { Command } from "./command.ts";
import { capabilitiesFlag, ignoreFlag, strictFlag, v0Flag, v1Flag } from "./rego-flags.ts";

/** `portcullis rego build`: a policy as one JavaScript module. */
export const regoBuildCommand: Command = {
  name: "rego build",
  summary: "compile a policy to one JavaScript module that runs anywhere, without eval",
  usage: "PATH [PATH ...] -e ENTRYPOINT [flags]",
  positional: Infinity,
  examples: [
    { what: "data.a.deny as a module", line: "portcullis rego build policy.rego -e a/deny -o policy.mjs" },
    { what: "the same as small as can be", line: "portcullis rego build policy.rego -e a/deny --minify -o policy.mjs" },
    {
      what: "the generated code alone, to read",
      line: "portcullis rego build policy.rego -e a/deny --target source -o -",
    },
  ],
  flags: [
    {
      kind: "strings",
      name: "entrypoint",
      short: "e",
      value: "PATH",
      summary: "a document or rule that the module answers (`a/deny`); may be repeated",
    },
    {
      kind: "string",
      name: "output",
      short: "o",
      value: "FILE",
      default: "policy.mjs",
      summary: "where the module is written; `-` for standard output",
    },
    {
      kind: "string",
      name: "target",
      short: "t",
      value: "TARGET",
      default: "module",
      summary: "module: one file without imports; source: the generated code, which imports the runtime",
    },
    { kind: "boolean", name: "minify", default: false, summary: "make the module small instead of readable" },
    { kind: "boolean", name: "bundle", short: "b", default: false, summary: "the paths are roots of bundles" },
    ignoreFlag,
    capabilitiesFlag,
    strictFlag,
    v0Flag,
    v1Flag,
  ],
  async run(values, positional, terminal) {
    const { runBuild } = await import("../rego/run-build.ts");
    return runBuild(values, positional, terminal);
  },
};

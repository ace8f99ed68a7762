import type { Command } from "./command.ts";
import { capabilitiesFlag, ignoreFlag, notThere, strictFlag, v0Flag, v1Flag, withoutEffect } from "./rego-flags.ts";

const bundles = "what is built is a JavaScript module, not a bundle for OPA's servers; opa build makes and signs those";

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
      summary: "a document or rule that the module answers (`a/deny`), annotated ones where absent; may be repeated",
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
    ...notThere([
      ["optimize", "O", "strings", "rules are not evaluated in part; leave it out"],
      ["partial-namespace", undefined, "strings", "it goes with --optimize, which is not there"],
      ["format", undefined, "strings", "a module is JavaScript; there is no plan to print"],
      ["plan-addons", undefined, "strings", "a module is JavaScript; there is no plan to print"],
      ["wasm-include-print", undefined, "boolean", "there is no WebAssembly; print() goes where the caller says"],
      ["revision", "r", "strings", bundles],
      ["signing-alg", undefined, "strings", bundles],
      ["signing-key", undefined, "strings", bundles],
      ["signing-plugin", undefined, "strings", bundles],
      ["claims-file", undefined, "strings", bundles],
      ["scope", undefined, "strings", bundles],
      ["verification-key", undefined, "strings", bundles],
      ["verification-key-id", undefined, "strings", bundles],
      ["exclude-files-verify", undefined, "strings", bundles],
    ]),
    // What no entrypoint reaches is left out of a module anyway, and links are followed.
    ...withoutEffect(["prune-unused", "debug", "follow-symlinks"]),
  ],
  async run(values, positional, terminal) {
    const { runBuild } = await import("../rego/run-build.ts");
    return runBuild(values, positional, terminal);
  },
};

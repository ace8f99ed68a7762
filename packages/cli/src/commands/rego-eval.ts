import type { Flag } from "../arguments/flag.ts";
import type { Command } from "./command.ts";
import {
  capabilitiesFlag,
  coverageRunsFlag,
  ignoreFlag,
  notThere,
  schemaFlag,
  strictFlag,
  v0Flag,
  v1Flag,
  withoutEffect,
} from "./rego-flags.ts";

const partial = "partial evaluation is not there; give the input whole and ask for the answer";

const flags: readonly Flag[] = [
  {
    kind: "strings",
    name: "data",
    short: "d",
    value: "PATH",
    summary: "modules and data, from a file or a folder; `a.b:PATH` puts data below data.a.b; may be repeated",
  },
  {
    kind: "strings",
    name: "bundle",
    short: "b",
    value: "PATH",
    summary: "the root of a bundle: modules, and data in files named data.json or data.yaml; may be repeated",
  },
  { kind: "string", name: "input", short: "i", value: "PATH", default: "", summary: "the input, as JSON or YAML" },
  { kind: "boolean", name: "stdin-input", short: "I", default: false, summary: "read the input from standard input" },
  { kind: "boolean", name: "stdin", default: false, summary: "read the query from standard input" },
  {
    kind: "string",
    name: "format",
    short: "f",
    value: "FORMAT",
    default: "json",
    summary: "json, values, bindings, pretty, raw or discard",
  },
  { kind: "string", name: "package", value: "NAME", default: "", summary: "the package that the query stands in" },
  { kind: "strings", name: "import", value: "PATH", summary: "what the query imports; may be repeated" },
  { kind: "boolean", name: "fail", default: false, summary: "exit with 1 where the result is undefined" },
  { kind: "boolean", name: "fail-defined", default: false, summary: "exit with 1 where the result is defined" },
  {
    kind: "boolean",
    name: "strict-builtin-errors",
    default: false,
    summary: "let the first error of a built-in function end the evaluation",
  },
  {
    kind: "string",
    name: "explain",
    value: "LEVEL",
    default: "off",
    summary: "show how the answer came about: off, fails, full, notes (of trace), or debug, which is full here",
  },
  { kind: "boolean", name: "profile", default: false, summary: "show how often each line ran, and how long" },
  {
    kind: "integer",
    name: "profile-limit",
    value: "N",
    default: 10,
    summary: "show so many lines of the profile; 0 for all",
  },
  {
    kind: "strings",
    name: "profile-sort",
    value: "KEY",
    summary: "order the profile by total_time_ns, num_eval, num_redo, num_gen_expr, file or line; may be repeated",
  },
  { kind: "boolean", name: "coverage", default: false, summary: "show which lines ran" },
  coverageRunsFlag,
  { kind: "boolean", name: "metrics", default: false, summary: "show how long loading, compiling and evaluating took" },
  {
    kind: "string",
    name: "timeout",
    value: "DURATION",
    default: "0s",
    summary: "end the evaluation after this time (`500ms`)",
  },
  { kind: "integer", name: "pretty-limit", value: "N", default: 0, summary: "cut cells of tables at so many letters" },
  schemaFlag,
  capabilitiesFlag,
  ignoreFlag,
  strictFlag,
  v0Flag,
  v1Flag,
  ...notThere([
    ["partial", "p", "boolean", partial],
    ["unknowns", "u", "strings", partial],
    ["disable-inlining", undefined, "strings", partial],
    ["shallow-inlining", undefined, "boolean", partial],
    ["nondeterminstic-builtins", undefined, "boolean", partial],
    ["optimize", "O", "strings", "policies are compiled as they are; leave it out"],
    [
      "entrypoint",
      "e",
      "strings",
      "it goes with --optimize, which is not there; ask for the document as the query: data.a.b",
    ],
    ["target", "t", "strings", "policies are compiled to JavaScript; leave it out"],
    ["instrument", undefined, "boolean", "the metrics that there are come with --metrics"],
    ["count", undefined, "strings", "a query is evaluated once; `npm run bench -- engine` measures over many rounds"],
    [
      "show-builtin-errors",
      undefined,
      "boolean",
      "errors of built-in functions are not listed beside an answer; --strict-builtin-errors shows the first",
    ],
  ]),
  ...withoutEffect(["disable-indexing", "disable-early-exit", "optimize-store-for-read-speed", "var-values"]),
];

/** `portcullis rego eval`, with opa eval's flags, output and exit status. */
export const regoEvalCommand: Command = {
  name: "rego eval",
  summary: "answer a query",
  usage: "QUERY [flags]",
  positional: Infinity,
  examples: [
    { what: "a question to no policy at all", line: "portcullis rego eval 'x := 1; y := 2; x < y'" },
    { what: "what a policy says of an input", line: "portcullis rego eval -d policy.rego -i input.json data.a.deny" },
    {
      what: "in a script: fail where something is denied",
      line: "portcullis rego eval --fail-defined -d . 'data.a.deny[x]'",
    },
    {
      what: "which condition does not hold, and why",
      line: "portcullis rego eval -d . -i in.json --explain fails data.a.p",
    },
  ],
  flags,
  async run(values, positional, terminal) {
    const { runEval } = await import("../rego/run-eval.ts");
    return runEval(values, positional, terminal);
  },
};

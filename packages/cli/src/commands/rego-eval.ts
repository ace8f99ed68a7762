import type { Flag } from "../arguments/flag.ts";
import type { Command } from "./command.ts";
import { ignoreFlag, strictFlag, v0Flag, v1Flag } from "./rego-flags.ts";

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
    summary: "show how the answer came about: off, fails or full",
  },
  { kind: "boolean", name: "profile", default: false, summary: "show how often each line ran, and how long" },
  { kind: "integer", name: "profile-limit", value: "N", default: 10, summary: "show so many lines of the profile" },
  { kind: "boolean", name: "coverage", default: false, summary: "show which lines ran" },
  { kind: "integer", name: "pretty-limit", value: "N", default: 80, summary: "cut cells of tables at so many letters" },
  {
    kind: "string",
    name: "schema",
    short: "s",
    value: "PATH",
    default: "",
    summary: "a JSON schema for input, or a folder of schemas that annotations name",
  },
  ignoreFlag,
  strictFlag,
  v0Flag,
  v1Flag,
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

import type { Flag } from "../arguments/flag.ts";
import type { Command } from "./command.ts";

const flags: readonly Flag[] = [
  {
    kind: "string",
    name: "run",
    short: "r",
    value: "REGEX",
    default: "",
    summary: "run only tests and cases whose name matches; `TEST//CASE` matches both",
  },
  {
    kind: "boolean",
    name: "verbose",
    short: "v",
    default: false,
    summary: "print every test and case, and what policies print",
  },
  {
    kind: "boolean",
    name: "trace",
    short: "t",
    default: false,
    summary: "add a trace of the evaluation (not there yet)",
  },
  {
    kind: "boolean",
    name: "enable-k8s-native-validation",
    default: true,
    summary: "run CEL where a template has it (CEL comes later; templates that have Rego too run their Rego)",
  },
  {
    kind: "string",
    name: "default-k8s-native-validation-failure-policy",
    value: "POLICY",
    default: "Fail",
    summary: "Fail or Ignore, for CEL that does not say",
  },
];

/** `portcullis verify`, with gator verify's flags, output and exit status. */
export const verifyCommand: Command = {
  name: "verify",
  summary: "run suites of tests of templates and constraints",
  usage: "PATH [flags]",
  positional: 1,
  examples: [
    { what: "one suite", line: "portcullis verify suite.yaml" },
    { what: "all suites of a folder and those below it", line: "portcullis verify library/..." },
    { what: "the cases whose name contains latest", line: "portcullis verify library/... --run //latest" },
  ],
  flags,
  async run(values, positional, terminal) {
    const { runVerify } = await import("../gator/run-verify.ts");
    return runVerify(values, positional, terminal);
  },
};

import type { Command } from "./command.ts";
import {
  capabilitiesFlag,
  coverageRunsFlag,
  formatFlag,
  ignoreFlag,
  maxErrorsFlag,
  notThere,
  schemaFlag,
  v0Flag,
  v1Flag,
  withoutEffect,
} from "./rego-flags.ts";

/** `portcullis rego test`, with opa test's flags, output and exit status. */
export const regoTestCommand: Command = {
  name: "rego test",
  summary: "run the tests of policies: rules whose name begins with test_",
  usage: "PATH [PATH ...] [flags]",
  positional: Infinity,
  examples: [
    { what: "all tests of a folder", line: "portcullis rego test policies/" },
    { what: "each by name, and why those that fail do", line: "portcullis rego test -v policies/" },
    { what: "in CI: fail below 90 % of the lines", line: "portcullis rego test --coverage --threshold 90 policies/" },
    {
      what: "coverage for an editor",
      line: "portcullis rego test --coverage --coverage-format lcov policies/ > coverage.lcov",
    },
  ],
  flags: [
    {
      kind: "boolean",
      name: "verbose",
      short: "v",
      default: false,
      summary: "name every test, and show why some fail",
    },
    {
      kind: "string",
      name: "run",
      short: "r",
      value: "REGEX",
      default: "",
      summary: "run only tests whose name matches",
    },
    { kind: "boolean", name: "coverage", short: "c", default: false, summary: "show which lines the tests ran" },
    {
      kind: "string",
      name: "coverage-format",
      value: "FORMAT",
      default: "json",
      summary: "json (as OPA's), text or lcov",
    },
    coverageRunsFlag,
    {
      kind: "string",
      name: "threshold",
      value: "PERCENT",
      default: "0",
      summary: "exit with 2 where less of the lines ran; implies --coverage",
    },
    {
      kind: "boolean",
      name: "exit-zero-on-skipped",
      short: "z",
      default: false,
      summary: "do not fail for tests that are skipped (todo_test_)",
    },
    { kind: "boolean", name: "fail-on-empty", default: false, summary: "fail where there is no test to run" },
    {
      kind: "string",
      name: "explain",
      value: "LEVEL",
      default: "fails",
      summary: "show why tests fail: fails, full, notes (of trace), or debug, which is full here; implies --verbose",
    },
    {
      kind: "string",
      name: "timeout",
      value: "DURATION",
      default: "5s",
      summary: "count a test that takes longer as an error",
    },
    { kind: "string", name: "sort", value: "ORDER", default: "none", summary: "order the JSON by none or duration" },
    { kind: "integer", name: "count", value: "N", default: 1, summary: "run the tests so often" },
    schemaFlag,
    capabilitiesFlag,
    { kind: "boolean", name: "bundle", short: "b", default: false, summary: "the paths are roots of bundles" },
    formatFlag,
    ignoreFlag,
    maxErrorsFlag,
    v0Flag,
    v1Flag,
    { kind: "integer", name: "parallel", short: "p", value: "N", default: 1, summary: "", hidden: true },
    ...notThere([
      ["bench", undefined, "boolean", "tests are not measured; `npm run bench -- engine` measures the engine"],
      ["watch", "w", "boolean", "tests run once; let a tool that watches files run this command again"],
      ["target", "t", "strings", "policies are compiled to JavaScript; leave it out"],
    ]),
    ...withoutEffect(["benchmem", "var-values"]),
  ],
  async run(values, positional, terminal) {
    const { runRegoTests } = await import("../rego/run-rego-tests.ts");
    return runRegoTests(values, positional, terminal);
  },
};

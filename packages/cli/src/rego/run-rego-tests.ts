import { NodeHost } from "@portcullis/host";
import { Store } from "@portcullis/rego";
import {
  CoverageCounter,
  failuresOf,
  Recorder,
  runTests,
  traceOf,
  type Coverage,
  type TestResult,
} from "@portcullis/rego/tools";
import type { FlagValues } from "../arguments/flag.ts";
import { CommandError } from "../command-error.ts";
import type { Terminal } from "../terminal.ts";
import { coverageText, rowSpans } from "./coverage-output.ts";
import { evaluationOf } from "./evaluation.ts";
import { formatNamed, versionOf } from "./flags.ts";
import { load } from "./load.ts";
import { diagnosticProblem, problemsText } from "./report.ts";
import { hasData } from "./run-check.ts";
import { headline, testsJson, testsText } from "./test-output.ts";

/** Runs tests of policies; resolves to the exit status. */
export async function runRegoTests(values: FlagValues, paths: readonly string[], terminal: Terminal): Promise<number> {
  const format = formatNamed(values, ["pretty", "json"]);
  const coverageFormat = formatNamed(values, ["json", "text", "lcov"], "coverage-format");
  const explain = formatNamed(values, ["fails", "full"], "explain");
  const threshold = thresholdOf(values);
  if (paths.length === 0) throw new CommandError("Error: specify at least one file");
  const verbose = values.boolean("verbose");
  const covers = values.boolean("coverage") || threshold > 0;
  const loaded = await load(paths, terminal.directory, {
    version: versionOf(values),
    ignore: values.strings("ignore"),
    bundle: values.boolean("bundle"),
  });
  if (loaded.problems.length > 0) {
    terminal.error(`${problemsText({ problems: loaded.problems, during: "loading" })}\n`);
    return 1;
  }
  const recorder = new Recorder();
  const data = new Store(loaded.data);
  const matches = matcherOf(values.string("run"));
  const ran = await runTests({
    modules: loaded.modules,
    ...(matches === undefined ? {} : { matches }),
    evaluation: { ...evaluationOf(terminal), data },
    hasData: (path) => hasData(loaded.data, path),
    errorLimit: values.integer("max-errors"),
    recorder,
    instrumented: covers || verbose,
    inOrder: verbose && !covers,
    clock: () => performance.now(),
    host: new NodeHost({ environment: terminal.environment }),
  });
  if (!ran.ok) {
    terminal.error(`${problemsText({ problems: ran.diagnostics.map((each) => diagnosticProblem(each)) })}\n`);
    return 1;
  }
  const results = ran.value;
  if (results.length === 0) {
    if (!values.boolean("fail-on-empty")) return 0;
    terminal.error("no tests were run\n");
    return 1;
  }
  if (!covers || results.some(({ outcome }) => outcome === "fail" || outcome === "error")) {
    const lines = (result: TestResult): ReturnType<typeof traceOf> => {
      const trace = traceOf(result.events, recorder.sites);
      return explain === "full" ? trace : failuresOf(trace);
    };
    if (covers) return refuseCoverage(results, verbose ? lines : undefined, terminal);
    terminal.out(format === "json" ? testsJson(results) : testsText(results, verbose ? lines : undefined));
    return statusOf(results, values);
  }
  const counter = new CoverageCounter();
  for (const { events } of results) counter.add(events);
  const coverage = counter.report(recorder.sites, loaded.modules);
  if (coverage.coverage < threshold) {
    terminal.error(`${belowThreshold(coverage, threshold, verbose)}\n`);
    return 2;
  }
  terminal.out(coverageText(coverage, coverageFormat));
  return statusOf(results, values);
}

function statusOf(results: readonly TestResult[], values: FlagValues): number {
  const mayStand = values.boolean("exit-zero-on-skipped") ? ["pass", "skip"] : ["pass"];
  return results.every(({ outcome }) => mayStand.includes(outcome)) ? 0 : 2;
}

/** Where tests fail there is no coverage to speak of: the failures are told instead. */
function refuseCoverage(
  results: readonly TestResult[],
  lines: Parameters<typeof testsText>[1],
  terminal: Terminal,
): number {
  const failures = results.filter(({ outcome }) => outcome === "fail" || outcome === "error");
  terminal.out(testsText(failures, lines));
  const [first] = failures;
  if (first !== undefined) terminal.error(`${headline(first)}\n\n`);
  return 1;
}

function thresholdOf(values: FlagValues): number {
  const text = values.string("threshold");
  const threshold = Number(text);
  if (text.trim() === "" || Number.isNaN(threshold)) {
    throw new CommandError(`--threshold ${text}: this is no number; a percentage from 0 to 100 is expected`);
  }
  return threshold;
}

function matcherOf(pattern: string): ((name: string) => boolean) | undefined {
  if (pattern === "") return undefined;
  try {
    const expression = new RegExp(pattern, "u");
    return (name) => expression.test(name);
  } catch {
    throw new CommandError(`--run ${pattern}: this is no regular expression`);
  }
}

function belowThreshold(coverage: Coverage, threshold: number, verbose: boolean): string {
  const lines = [
    `Code coverage threshold not met: got ${coverage.coverage.toFixed(2)} instead of ${threshold.toFixed(2)}`,
  ];
  if (verbose) {
    lines.push("Lines not covered:");
    for (const [name, { notCovered }] of coverage.files) {
      for (const span of rowSpans(notCovered)) lines.push(`\t${name}:${span}`);
    }
  }
  return lines.join("\n");
}

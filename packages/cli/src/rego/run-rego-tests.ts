import { NodeHost } from "@portcullis/host";
import { loadRegexCompiler, Store } from "@portcullis/rego";
import {
  CoverageCounter,
  Recorder,
  runTests,
  traceOf,
  type Coverage,
  type NotCoveredKind,
  type TestOptions,
  type TestResult,
} from "@portcullis/rego/tools";
import type { FlagValues } from "../arguments/flag.ts";
import { CommandError } from "../command-error.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";
import { capabilitiesWanted } from "./capabilities.ts";
import { coverageText, rowSpans, type CoverageFormat } from "./coverage-output.ts";
import { evaluationOf } from "./evaluation.ts";
import { coverageRunsOf, formatNamed, ignoredOf, timeoutOf, versionOf } from "./flags.ts";
import { limitsOf } from "./inquire.ts";
import { linesOf, withoutReason } from "./insight.ts";
import { load } from "./load.ts";
import { diagnosticProblem, evaluationProblem, problemsText, type Problem } from "./report.ts";
import { hasData } from "./has-data.ts";
import { readSchemas } from "./schemas.ts";
import { headline, testsJson, testsText } from "./test-output.ts";

type Wanted = ReturnType<typeof wantedOf>;

/** Everything that the flags say, checked before a file is read. */
function wantedOf(values: FlagValues) {
  const coverageFormat: CoverageFormat = formatNamed(values, ["json", "text", "lcov"], "coverage-format");
  const threshold = thresholdOf(values);
  return {
    format: formatNamed(values, ["pretty", "json"]),
    coverageFormat,
    explain: formatNamed(values, ["fails", "full", "notes", "debug"], "explain"),
    sort: formatNamed(values, ["none", "duration"], "sort"),
    threshold,
    timeout: timeoutOf(values),
    runs: coverageRunsOf(values),
    verbose: values.boolean("verbose") || values.given("explain"),
    covers: values.boolean("coverage") || values.given("coverage-runs") || threshold > 0,
  };
}

/** Runs tests of policies; resolves to the exit status. */
export async function runRegoTests(values: FlagValues, paths: readonly string[], terminal: Terminal): Promise<number> {
  const wanted = wantedOf(values);
  if (paths.length === 0) throw new UsageError("specify at least one file");
  const failed = (problems: readonly Problem[], during?: "loading"): number => {
    terminal.error(`${problemsText({ problems, ...(during === undefined ? {} : { during }) })}\n`);
    return 1;
  };
  const capabilities = await capabilitiesWanted(values, terminal.directory);
  const loaded = await load(paths, terminal.directory, {
    version: versionOf(values),
    ignore: ignoredOf(values),
    bundle: values.boolean("bundle"),
    capabilities,
  });
  if (loaded.problems.length > 0) return failed(loaded.problems, "loading");
  const schemas = await readSchemas(values.string("schema"), terminal.directory);
  if ("problems" in schemas) return failed(schemas.problems, "loading");
  const { timeout, verbose, covers } = wanted;
  const matches = await matcherOf(values.string("run"));
  const tests: Omit<TestOptions, "recorder" | "instrumented"> = {
    modules: loaded.modules,
    ...(matches === undefined ? {} : { matches }),
    evaluation: { ...evaluationOf(terminal), data: new Store(loaded.data) },
    hasData: (path) => hasData(loaded.data, path),
    errorLimit: values.integer("max-errors"),
    limits: () => limitsOf(timeout),
    clock: () => performance.now(),
    host: new NodeHost({ environment: terminal.environment }),
    ...(capabilities === undefined ? {} : { capabilities }),
    ...(schemas.schemas === undefined ? {} : { schemas: schemas.schemas }),
  };
  let status = 0;
  for (let round = 0; round < values.integer("count"); round += 1) {
    const recorder = new Recorder();
    const instrumented = covers || verbose;
    const inOrder = verbose && !covers && wanted.explain !== "notes";
    const ran = await runTests({ ...tests, recorder, instrumented, inOrder });
    if (!ran.ok) return failed(ran.diagnostics.map((each) => diagnosticProblem(each)));
    const reported = covers
      ? await reportCoverage({ results: ran.value, recorder, tests }, wanted, terminal)
      : reportResults(ran.value, recorder, wanted, terminal);
    status ||= reported === 0 ? statusOf(ran.value, values, terminal) : reported;
  }
  return status;
}

function reportResults(results: readonly TestResult[], recorder: Recorder, wanted: Wanted, terminal: Terminal): number {
  const ordered = wanted.sort === "none" ? results : results.toSorted((left, right) => right.duration - left.duration);
  const lines = wanted.verbose ? explained(recorder, wanted) : undefined;
  terminal.out(wanted.format === "json" ? testsJson(ordered) : testsText(results, lines));
  return 0;
}

function explained(recorder: Recorder, { explain }: Wanted): (result: TestResult) => ReturnType<typeof traceOf> {
  return ({ events }) => linesOf(traceOf(events, recorder.sites), explain);
}

/** What ran, and what the tests came to. */
interface Run {
  readonly results: readonly TestResult[];
  readonly recorder: Recorder;
  readonly tests: Omit<TestOptions, "recorder" | "instrumented">;
}

async function reportCoverage({ results, recorder, tests }: Run, wanted: Wanted, terminal: Terminal): Promise<number> {
  // Where tests fail there is no coverage to speak of: the failures are told instead.
  const broken = results.find(({ error }) => error !== undefined);
  if (broken?.error !== undefined) {
    terminal.error(`${evaluationProblem(broken.error).text}\n`);
    return 1;
  }
  const failures = results.filter(({ outcome }) => outcome === "fail");
  const [first] = failures;
  if (first !== undefined) {
    terminal.out(testsText(failures, wanted.verbose ? explained(recorder, wanted) : undefined));
    terminal.error(`${headline(first)}\n\n`);
    return 1;
  }
  const counter = new CoverageCounter();
  for (const { events } of results) counter.add(events);
  for (const kind of wanted.runs) await addRun(counter, kind, tests);
  const coverage = counter.report(recorder.sites, tests.modules);
  if (coverage.coverage < wanted.threshold) {
    terminal.error(`${belowThreshold(coverage, wanted.threshold, wanted.verbose)}\n`);
    return 2;
  }
  terminal.out(coverageText(coverage, wanted.coverageFormat));
  return 0;
}

async function addRun(counter: CoverageCounter, kind: NotCoveredKind, tests: Run["tests"]): Promise<void> {
  const recorder = new Recorder();
  const ran = await runTests({ ...tests, ...withoutReason(kind), recorder, instrumented: true });
  if (ran.ok) for (const { events } of ran.value) counter.add(events, kind);
}

function statusOf(results: readonly TestResult[], values: FlagValues, terminal: Terminal): number {
  if (results.length === 0 && values.boolean("fail-on-empty")) {
    terminal.error("no tests were run\n");
    return 1;
  }
  const mayStand = values.boolean("exit-zero-on-skipped") ? ["pass", "skip"] : ["pass"];
  return results.every(({ outcome }) => mayStand.includes(outcome)) ? 0 : 2;
}

function thresholdOf(values: FlagValues): number {
  const text = values.string("threshold");
  const threshold = Number(text);
  if (text.trim() === "" || Number.isNaN(threshold)) {
    throw new CommandError(`--threshold ${text}: this is no number; a percentage from 0 to 100 is expected`);
  }
  if (threshold < 0 || threshold > 100) throw new CommandError("Code coverage threshold must be between 0 and 100");
  return threshold;
}

/** Names that match, as OPA's expressions do. */
async function matcherOf(pattern: string): Promise<((name: string) => boolean) | undefined> {
  if (pattern === "") return undefined;
  const compiled = (await loadRegexCompiler())(pattern);
  if (compiled.ok) return compiled.test;
  throw new CommandError(compiled.message);
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

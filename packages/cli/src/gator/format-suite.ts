import type { CaseResult, TestResult } from "@portcullis/policy";

/** A suite's result with the time that its parts took, in seconds. */
export interface TimedSuite {
  readonly name: string;
  readonly seconds: number;
  readonly failed: boolean;
  readonly tests: readonly TestResult[];
}

/** Suites' results as gator verify prints them, with the verdict at the end. */
export function formatSuites(suites: readonly TimedSuite[], verbose: boolean): string {
  const verdict = suites.some((suite) => suite.failed) ? "FAIL" : "PASS";
  return `${suites.map((suite) => suiteText(suite, verbose)).join("")}${verdict}\n`;
}

function suiteText({ name, seconds, failed, tests }: TimedSuite, verbose: boolean): string {
  const body = tests.map((test) => testText(test, verbose)).join("");
  return `${body}${failed ? "FAIL" : "ok"}\t${name}\t${duration(seconds)}\n`;
}

function testText(test: TestResult, verbose: boolean): string {
  if (verbose && test.skipped) return `=== SKIP  ${test.name}\n`;
  const lines = verbose ? [`=== RUN   ${test.name}\n`] : [];
  lines.push(...test.cases.map((item) => caseText(item, verbose)));
  const seconds = secondsOf(test);
  const failed = test.error !== undefined || test.cases.some((item) => item.error !== undefined);
  if (failed) {
    lines.push(`--- FAIL: ${test.name}\t(${duration(seconds)})\n`);
    if (test.error !== undefined) lines.push(`  ${test.error}\n`);
  } else if (verbose) lines.push(`--- PASS: ${test.name}\t(${duration(seconds)})\n`);
  return lines.join("");
}

function caseText(item: CaseResult, verbose: boolean): string {
  if (verbose && item.skipped) return `    === SKIP  ${item.name}\n`;
  const lines: string[] = [];
  if (verbose) {
    lines.push(`    === RUN   ${item.name}\n`);
    if (item.print.length > 0) {
      lines.push("        === PRINT ===\n", ...item.print.map((line) => `        ${line}\n`));
    }
  }
  const took = `(${duration(secondsOf(item))})`;
  if (item.error !== undefined) lines.push(`    --- FAIL: ${item.name}\t${took}\n        ${item.error}\n`);
  else if (verbose) lines.push(`    --- PASS: ${item.name}\t${took}\n`);
  return lines.join("");
}

function duration(seconds: number): string {
  return `${seconds.toFixed(3)}s`;
}

function secondsOf({ milliseconds }: TestResult | CaseResult): number {
  return milliseconds / 1000;
}

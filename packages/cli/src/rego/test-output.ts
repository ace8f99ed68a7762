/** The results of tests, as opa test prints them. */
import { positionAt } from "@portcullis/rego";
import type { CaseResult, TestResult, TraceLine } from "@portcullis/rego/tools";
import { documentJson, List, Struct } from "./document.ts";
import { goDuration } from "./go-duration.ts";
import { evaluationProblem } from "./report.ts";
import { traceText } from "./trace-text.ts";

const rule = "-".repeat(80);

/** Text for people. With `traceOf` every test is named, and failures are explained. */
export function testsText(
  results: readonly TestResult[],
  traceOf: ((result: TestResult) => readonly TraceLine[]) | undefined,
): string {
  const lines: string[] = [];
  let lastFile: string | undefined;
  for (const result of results) {
    if (traceOf === undefined && result.outcome === "pass") continue;
    const { name: file } = result.span.source;
    if (lastFile !== undefined && lastFile !== file) lines.push("");
    lastFile = file;
    lines.push(...describe(result, traceOf !== undefined));
  }
  const dirty = lines.length > 0;
  if (traceOf !== undefined) lines.push(...failureLines(results, traceOf));
  if (dirty) lines.push(rule);
  lines.push(...summary(results));
  return lines.map((line) => `${line}\n`).join("");
}

/** The results for programs. */
export function testsJson(results: readonly TestResult[]): string {
  return `${documentJson(new List(results.map(resultDocument)))}\n`;
}

/** A test's name, outcome and time. */
export function headline(result: TestResult): string {
  const outcome = { pass: "PASS", fail: "FAIL", skip: "SKIPPED", error: "ERROR" }[result.outcome];
  const time = result.outcome === "skip" ? "" : ` (${goDuration(result.duration)})`;
  return `${result.package}.${result.name}: ${outcome}${time}`;
}

function describe(result: TestResult, verbose: boolean): readonly string[] {
  const { span, cases, output, error } = result;
  const lines = [`${span.source.name}:${positionAt(span.source, span.start).row}:`, headline(result)];
  lines.push(...caseLines(cases, verbose, "  "));
  if (output.length > 0) {
    const printed = output.join("\n").trim().split("\n");
    lines.push("", ...printed.map((line) => (line === "" ? "" : `  ${line}`)), "");
  }
  if (error !== undefined) lines.push(`  ${evaluationProblem(error).text}`);
  return lines;
}

function caseLines(cases: readonly CaseResult[], verbose: boolean, margin: string): readonly string[] {
  return cases.flatMap((result) => {
    const own = result.failed || verbose ? [`${margin}${result.name}: ${result.failed ? "FAIL" : "PASS"}`] : [];
    return [...own, ...caseLines(result.cases, verbose, `${margin}  `)];
  });
}

function failureLines(
  results: readonly TestResult[],
  traceOf: (result: TestResult) => readonly TraceLine[],
): readonly string[] {
  const failures = results.filter(({ outcome }) => outcome === "fail");
  if (failures.length === 0) return [];
  const lines = [rule, "FAILURES", rule];
  for (const result of failures) {
    const trace = traceText(traceOf(result)).trimEnd();
    lines.push(headline(result), "", ...(trace === "" ? [] : trace.split("\n").map((line) => `  ${line}`)), "");
    const failed = failedLeaves(result.cases, "  ");
    if (failed.length > 0) lines.push(...failed, "");
  }
  return lines;
}

/** The cases that failed, each with those around it. */
function failedLeaves(cases: readonly CaseResult[], margin: string, around: readonly string[] = []): readonly string[] {
  return cases.flatMap(({ name, failed, cases: inner }) => {
    const path = [...around, `${margin}${name}: ${failed ? "FAIL" : "PASS"}`];
    if (inner.length > 0) return failedLeaves(inner, `${margin}  `, path);
    return failed ? path : [];
  });
}

function summary(results: readonly TestResult[]): readonly string[] {
  const counts = { pass: 0, fail: 0, skip: 0, error: 0 };
  for (const { outcome, cases } of results) {
    const leaves = outcome === "pass" || outcome === "fail" ? leavesOf(cases) : [];
    if (leaves.length === 0) counts[outcome] += 1;
    for (const { failed } of leaves) counts[failed ? "fail" : "pass"] += 1;
  }
  const total = counts.pass + counts.fail + counts.skip + counts.error;
  const named = [
    ["PASS", counts.pass],
    ["FAIL", counts.fail],
    ["SKIPPED", counts.skip],
    ["ERROR", counts.error],
  ] as const;
  return named.flatMap(([name, count]) => (count === 0 ? [] : [`${name}: ${count}/${total}`]));
}

function leavesOf(cases: readonly CaseResult[]): readonly CaseResult[] {
  return cases.flatMap((result) => (result.cases.length === 0 ? [result] : leavesOf(result.cases)));
}

function resultDocument(result: TestResult): Struct {
  const { span, outcome, cases, output, error } = result;
  const { row, column } = positionAt(span.source, span.start);
  const text = output.map((line) => `${line}\n`).join("");
  return new Struct([
    [
      "location",
      new Struct([
        ["file", span.source.name],
        ["row", row],
        ["col", column],
      ]),
    ],
    ["package", result.package],
    ["name", result.name],
    ["fail", outcome === "fail" ? true : undefined],
    ["error", error === undefined ? undefined : errorDocument(error)],
    ["skip", outcome === "skip" ? true : undefined],
    ["duration", Math.round(result.duration * 1e6)],
    ["output", text === "" ? undefined : Buffer.from(text).toString("base64")],
    ["sub_results", casesDocument(cases)],
  ]);
}

function errorDocument(error: TestResult["error"] & object): Struct {
  const { code, message, span } = error;
  const position = span === undefined ? undefined : positionAt(span.source, span.start);
  return new Struct([
    ["code", code],
    ["message", message],
    [
      "location",
      span === undefined || position === undefined
        ? undefined
        : new Struct([
            ["file", span.source.name],
            ["row", position.row],
            ["col", position.column],
          ]),
    ],
  ]);
}

function casesDocument(cases: readonly CaseResult[]): Struct | undefined {
  if (cases.length === 0) return undefined;
  return new Struct(
    cases.map((result) => [
      result.name,
      new Struct([
        ["name", result.name],
        ["fail", result.failed ? true : undefined],
        ["sub_results", casesDocument(result.cases)],
      ]),
    ]),
  );
}

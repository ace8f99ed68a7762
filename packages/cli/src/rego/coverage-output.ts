/** Coverage in the formats that there are: OPA's JSON, text for people, lcov for tools. */
import { rowsOf, type Coverage, type FileCoverage, type NotCovered, type Range } from "@portcullis/rego/tools";
import { documentJson, List, Struct } from "./document.ts";
import { table } from "./table.ts";

/** The formats that coverage is printed in. */
export type CoverageFormat = "json" | "text" | "lcov";

/** The report as text. */
export function coverageText(coverage: Coverage, format: CoverageFormat): string {
  switch (format) {
    case "json":
      return `${documentJson(coverageDocument(coverage))}\n`;
    case "lcov":
      return [...coverage.files].map(([name, file]) => lcovOf(name, file)).join("");
    case "text": {
      const rows = [...coverage.files].map(([name, file]) => [
        name,
        percent(file.coverage),
        rowSpans(file.notCovered).join(", "),
      ]);
      return table(["File", "Coverage", "Lines not covered"], [...rows, ["all", percent(coverage.coverage), ""]]);
    }
  }
}

/** The report as OPA's JSON. */
export function coverageDocument(coverage: Coverage): Struct {
  const files = [...coverage.files].map(([name, file]) => [name, fileDocument(file)] as const);
  return new Struct([
    ["files", new Struct(files)],
    ["covered_lines", coverage.coveredLines],
    ["not_covered_lines", coverage.notCoveredLines],
    ["coverage", coverage.coverage],
  ]);
}

/** The lines of ranges, neighbours together: `3`, `5-7`. */
export function rowSpans(ranges: readonly Range[]): readonly string[] {
  const spans: [number, number][] = [];
  for (const row of rowsOf(ranges)) {
    const last = spans.at(-1);
    if (last !== undefined && last[1] === row - 1) last[1] = row;
    else spans.push([row, row]);
  }
  return spans.map(([start, end]) => (start === end ? String(start) : `${start}-${end}`));
}

function fileDocument({ covered, notCovered, coveredLines, notCoveredLines, coverage }: FileCoverage): Struct {
  return new Struct([
    ["covered", listOf(covered.map((range) => ({ ...range, kinds: [] })))],
    ["not_covered", listOf(notCovered)],
    ["covered_lines", coveredLines === 0 ? undefined : coveredLines],
    ["not_covered_lines", notCoveredLines === 0 ? undefined : notCoveredLines],
    ["coverage", coverage === 0 ? undefined : coverage],
  ]);
}

function listOf(ranges: readonly NotCovered[]): List | undefined {
  if (ranges.length === 0) return undefined;
  return new List(
    ranges.map(
      ({ start, end, kinds }) =>
        new Struct([
          ["start", place(start)],
          ["end", place(end)],
          ["kinds", kinds.length === 0 ? undefined : new List(kinds)],
        ]),
    ),
  );
}

function place({ row, column }: Range["start"]): Struct {
  return new Struct([
    ["row", row],
    ["col", column],
  ]);
}

function lcovOf(name: string, { covered, notCovered }: FileCoverage): string {
  const rows = new Map<number, number>();
  for (const row of rowsOf(notCovered)) rows.set(row, 0);
  for (const row of rowsOf(covered)) rows.set(row, 1);
  const lines = [...rows].toSorted(([left], [right]) => left - right).map(([row, hits]) => `DA:${row},${hits}`);
  const hit = [...rows.values()].filter((hits) => hits > 0).length;
  return ["TN:", `SF:${name}`, ...lines, `LF:${rows.size}`, `LH:${hit}`, "end_of_record", ""].join("\n");
}

function percent(value: number): string {
  return value.toFixed(2);
}

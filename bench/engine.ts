import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile, formatDiagnostics } from "@portcullis/rego";
import type { PlainObject, Policy } from "@portcullis/rego";
import { findOracle } from "../test/oracle/oracle.ts";
import { figures, formatTime, table, timeCall } from "./measure.ts";
import { podReview } from "./review.ts";

const rounds = 5;

/** One evaluation of the walkthrough's rule, its input already parsed: ours beside `opa bench`, round by round. */
export async function engine(): Promise<void> {
  const rego = seedRule();
  const policy = await compileSeed(rego);
  const opa = findOracle("opa");
  const cases = [
    { name: "allow", input: inputFor("private.example.com") },
    { name: "deny", input: inputFor("docker.io") },
  ];
  const rows: string[][] = [["seed's rule", "engine", "min", "median", "max"]];
  for (const { name, input } of cases) {
    const answer = policy.value("violation", { input });
    if (answer.kind !== "value") throw new Error(`the rule did not evaluate: ${JSON.stringify(answer)}`);
    const ours: number[] = [];
    const theirs: number[] = [];
    timeCall(() => policy.value("violation", { input }), 500);
    for (let round = 0; round < rounds; round += 1) {
      ours.push(timeCall(() => policy.value("violation", { input })));
      if (opa !== undefined) theirs.push(opaBench(opa, rego, input));
    }
    rows.push([name, "portcullis", ...Object.values(figures(ours)).map(formatTime)]);
    if (opa === undefined) continue;
    rows.push([name, "opa bench", ...Object.values(figures(theirs)).map(formatTime)]);
    rows.push([name, "ratio", "", `${(figures(theirs).median / figures(ours).median).toFixed(0)} ×`, ""]);
  }
  process.stdout.write(`${table(rows)}\n`);
  if (opa === undefined)
    process.stdout.write("opa bench: skipped, opa is not built (node test/oracle/oracle.ts opa)\n");
}

function seedRule(): string {
  const template = readFileSync(
    join(import.meta.dirname, "../examples/private-registry/constraint_template.yaml"),
    "utf8",
  );
  const lines = template.split("\n");
  const start = lines.findIndex((line) => /^\s+rego: \|/.test(line));
  const indent = /^ */.exec(lines[start + 1] ?? "")?.[0].length ?? 0;
  return lines
    .slice(start + 1)
    .map((line) => line.slice(indent))
    .join("\n");
}

async function compileSeed(rego: string): Promise<Policy> {
  const compiled = await compile({
    modules: [{ name: "template.rego", text: rego, version: "v0" }],
    entrypoints: { violation: "data.k8sallowedrepos.violation" },
  });
  if (!compiled.ok) throw new Error(formatDiagnostics(compiled.diagnostics));
  return compiled.value;
}

function inputFor(registry: string): PlainObject {
  // as: JSON.parse of what we wrote ourselves
  return JSON.parse(
    JSON.stringify({ review: podReview(registry), parameters: { repos: ["private.example.com"] } }),
  ) as PlainObject;
}

/** Nanoseconds of one evaluation by `opa bench`. */
function opaBench(opa: string, rego: string, input: PlainObject): number {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-bench-"));
  try {
    writeFileSync(join(folder, "seed.rego"), rego);
    writeFileSync(join(folder, "input.json"), JSON.stringify(input));
    const output = execFileSync(
      opa,
      [
        "bench",
        "--v0-compatible",
        "--format",
        "json",
        "--count",
        "1",
        "-d",
        join(folder, "seed.rego"),
        "-i",
        join(folder, "input.json"),
        "data.k8sallowedrepos.violation",
      ],
      { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
    );
    const parsed: unknown = JSON.parse(output);
    const { T, N } = parsed as { T: number; N: number }; // as: Go's testing.BenchmarkResult as JSON
    return T / N;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The seed's rule alone, ours alone: for work on the emitter. `node --conditions=source bench/engine-seed.ts [--code]`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compile, formatDiagnostics, type PlainObject } from "@portcullis/rego";
import { timeCall } from "./measure.ts";
import { podReview } from "./review.ts";

const template = readFileSync(
  join(import.meta.dirname, "../examples/private-registry/constraint_template.yaml"),
  "utf8",
);
const lines = template.split("\n");
const start = lines.findIndex((line) => /^\s+rego: \|/.test(line));
const indent = /^ */.exec(lines[start + 1] ?? "")?.[0].length ?? 0;
const text = lines
  .slice(start + 1)
  .map((line) => line.slice(indent))
  .join("\n");

const before = performance.now();
const compiled = await compile({
  modules: [{ name: "template.rego", text, version: "v0" }],
  entrypoints: { violation: "data.k8sallowedrepos.violation" },
});
const cold = performance.now() - before;
if (!compiled.ok) throw new Error(formatDiagnostics(compiled.diagnostics));
const policy = compiled.value;
if (process.argv.includes("--code")) process.stdout.write(policy.code);
process.stdout.write(`compile, cold: ${cold.toFixed(1)} ms\n`);
const times: number[] = [];
for (let round = 0; round < 60; round += 1) {
  const from = performance.now();
  await compile({
    modules: [{ name: "template.rego", text: `${text}\n# ${round}`, version: "v0" }],
    entrypoints: { violation: "data.k8sallowedrepos.violation" },
  });
  times.push(performance.now() - from);
}
process.stdout.write(`compile, warm: ${times.toSorted((a, b) => a - b)[10]?.toFixed(2)} ms\n`);

for (const registry of ["private.example.com", "docker.io"]) {
  // as: JSON.parse of what we wrote ourselves
  const input = JSON.parse(
    JSON.stringify({ review: podReview(registry), parameters: { repos: ["private.example.com"] } }),
  ) as PlainObject;
  timeCall(() => policy.value("violation", { input }), 500);
  const rounds = [1, 2, 3, 4, 5].map(() => timeCall(() => policy.value("violation", { input })));
  process.stdout.write(`${registry}: ${rounds.map((round) => round.toFixed(0)).join(" ")} ns\n`);
  const session = policy.session("violation", { input: { review: input["review"] ?? null } }, ["parameters"]);
  const keys = { parameters: input["parameters"] ?? null };
  timeCall(() => session.value(keys), 300);
  const sessions = [1, 2, 3, 4, 5].map(() => timeCall(() => session.value(keys)));
  process.stdout.write(`${registry}, session: ${sessions.map((round) => round.toFixed(0)).join(" ")} ns\n`);
}

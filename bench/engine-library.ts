/**
 * Every library template of the corpus on an allowed and a disallowed sample: ours, and with `--opa` beside `opa bench`.
 * `--code NAME` prints the code of one.
 */
import { execFileSync } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isJsonObject, readYaml, type JsonObject, type JsonValue } from "@portcullis/objects";
import { compile, formatDiagnostics, toDocument, type PlainObject, type Policy } from "@portcullis/rego";
import { findOracle } from "../test/oracle/oracle.ts";
import { formatTime, table, timeCall } from "./measure.ts";

const corpus = join(import.meta.dirname, "../../shared/corpus/gatekeeper-library");
const opa = process.argv.includes("--opa") ? findOracle("opa") : undefined;
const shown = process.argv[process.argv.indexOf("--code") + 1];

interface Sample {
  readonly name: string;
  readonly modules: readonly string[];
  readonly query: string;
  readonly input: PlainObject;
}

function yamlOf(path: string): JsonObject {
  const [document] = readYaml(readFileSync(path, "utf8"), path).documents;
  if (document === undefined || !isJsonObject(document.value)) throw new Error(`${path} is no object`);
  return document.value;
}

function at(value: JsonValue | undefined, ...path: readonly (string | number)[]): JsonValue | undefined {
  let node: JsonValue | undefined = value;
  for (const key of path) {
    if (typeof key === "number") node = Array.isArray(node) ? node[key] : undefined;
    else node = node !== undefined && isJsonObject(node) ? node[key] : undefined;
  }
  return node;
}

function listAt(value: JsonValue | undefined, ...path: readonly (string | number)[]): readonly JsonValue[] {
  const list = at(value, ...path);
  return Array.isArray(list) ? list : [];
}

function samplesOf(path: string): Sample[] {
  const folder = dirname(path);
  const samples: Sample[] = [];
  for (const test of listAt(yamlOf(path), "tests").slice(0, 1)) {
    const template = yamlOf(join(folder, String(at(test, "template"))));
    const constraint = yamlOf(join(folder, String(at(test, "constraint"))));
    const target = at(template, "spec", "targets", 0);
    const code = listAt(target, "code").find((one) => at(one, "engine") === "Rego");
    const rego = String(at(target, "rego") ?? at(code, "source", "rego"));
    const libs = [...listAt(target, "libs"), ...listAt(code, "source", "libs")].map(String);
    const name = /^package\s+(\S+)/m.exec(rego)?.[1] ?? "";
    const cases = listAt(test, "cases");
    const isAllowed = (one: JsonValue): boolean =>
      ["no", "false"].includes(String(at(one, "assertions", 0, "violations")));
    for (const one of [cases.find(isAllowed), cases.find((other) => !isAllowed(other))]) {
      const objectPath = join(folder, String(at(one, "object")));
      if (one === undefined || !existsSync(objectPath)) continue;
      const object = yamlOf(objectPath);
      const [group, version] = String(at(object, "apiVersion")).includes("/")
        ? String(at(object, "apiVersion")).split("/")
        : ["", at(object, "apiVersion")];
      const review = {
        uid: "u",
        operation: "CREATE",
        kind: { group: group ?? "", version: String(version), kind: String(at(object, "kind")) },
        name: String(at(object, "metadata", "name")),
        namespace: String(at(object, "metadata", "namespace") ?? ""),
        userInfo: { username: "system:admin" },
        object,
      };
      samples.push({
        name: `${folder.slice(corpus.length + 1)} ${isAllowed(one) ? "allowed" : "refused"}`,
        modules: [rego, ...libs],
        query: `data.${name}.violation`,
        // as: JSON is a value
        input: { review, parameters: at(constraint, "spec", "parameters") ?? {} } as unknown as PlainObject,
      });
    }
  }
  return samples;
}

async function policyOf(sample: Sample): Promise<Policy> {
  const compiled = await compile({
    modules: sample.modules.map((text, index) => ({ name: `m${index}.rego`, text, version: "v0" })),
    entrypoints: { violation: sample.query },
  });
  if (!compiled.ok) throw new Error(formatDiagnostics(compiled.diagnostics));
  return compiled.value;
}

function opaTime(sample: Sample): number {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-bench-"));
  try {
    sample.modules.forEach((text, index) => writeFileSync(join(folder, `m${index}.rego`), text));
    writeFileSync(join(folder, "input.json"), JSON.stringify(sample.input));
    const files = sample.modules.flatMap((_, index) => ["-d", join(folder, `m${index}.rego`)]);
    const args = [
      "bench",
      "--v0-compatible",
      "--format",
      "json",
      "--count",
      "1",
      ...files,
      "-i",
      join(folder, "input.json"),
      sample.query,
    ];
    const parsed: unknown = JSON.parse(
      execFileSync(opa ?? "", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
    );
    const { T, N } = parsed as { T: number; N: number }; // as: Go's testing.BenchmarkResult as JSON
    return T / N;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const rows: string[][] = [["template", "results", "ours", "compile", "opa", "ratio"]];
const times: number[] = [];
const ratios: number[] = [];
for (const path of globSync("**/suite.yaml", { cwd: corpus }).toSorted()) {
  for (const sample of samplesOf(join(corpus, path))) {
    const before = performance.now();
    const policy = await policyOf(sample);
    const compiling = performance.now() - before;
    if (shown !== undefined && sample.name.includes(shown)) process.stdout.write(policy.code);
    const answer = policy.value("violation", { input: sample.input });
    const results = answer.kind === "value" && answer.value !== undefined ? toDocument(answer.value) : answer.kind;
    timeCall(() => policy.value("violation", { input: sample.input }), 60);
    const ours = timeCall(() => policy.value("violation", { input: sample.input }), 60);
    times.push(ours);
    const theirs = opa === undefined ? undefined : opaTime(sample);
    if (theirs !== undefined) ratios.push(theirs / ours);
    rows.push([
      sample.name,
      String(Array.isArray(results) ? results.length : results),
      formatTime(ours),
      `${compiling.toFixed(1)} ms`,
      theirs === undefined ? "" : formatTime(theirs),
      theirs === undefined ? "" : (theirs / ours).toFixed(0),
    ]);
  }
}
process.stdout.write(`${table(rows)}\n`);
const mean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
process.stdout.write(`geometric mean: ours ${formatTime(mean(times))}`);
process.stdout.write(ratios.length === 0 ? "\n" : `, opa takes ${mean(ratios).toFixed(0)} times as long\n`);

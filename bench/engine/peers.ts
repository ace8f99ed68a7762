/** The other programs, where they are installed. Nothing here builds or fetches one. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { findOracle, oracleCache } from "../../test/oracle/oracle.ts";
import { cpuClock, timeCall, warmUp } from "../measure.ts";
import type { Sample } from "./samples.ts";

const peers = join(oracleCache(), "../peers");

/** Runs with a folder that holds the sample's modules and its input, and takes the folder away again. */
function withFiles<T>(sample: Sample, run: (modules: readonly string[], input: string, folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-bench-"));
  try {
    const modules = sample.modules.map((text, index) => {
      const path = join(folder, `m${index}.rego`);
      writeFileSync(path, text);
      return path;
    });
    const input = join(folder, "input.json");
    writeFileSync(input, JSON.stringify(sample.input));
    return run(modules, input, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Whether a peer comes to the answer that is ours: only then does it do the same work. Says so where it does not. */
function agrees(name: string, sample: Sample, expected: unknown, found: () => unknown): boolean {
  let other: unknown;
  try {
    other = found();
  } catch {
    process.stderr.write(`  ${name} does not run ${sample.name}\n`);
    return false;
  }
  if (isDeepStrictEqual(other, expected)) return true;
  process.stderr.write(`  ${name} has another answer for ${sample.name}\n`);
  return false;
}

/** Nanoseconds that `opa bench` says; undefined where opa is not built. */
export function opaBench(sample: Sample, expected: unknown): (() => number) | undefined {
  const opa = findOracle("opa");
  if (opa === undefined) return undefined;
  const answer = (): unknown =>
    withFiles(sample, (modules, input) => {
      const files = modules.flatMap((path) => ["-d", path]);
      const args = ["eval", "--v0-compatible", "--format", "json", ...files, "-i", input, sample.query];
      const printed = execFileSync(opa, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
      const { result } = JSON.parse(printed) as OpaAnswer; // as: opa's own form
      return result?.[0]?.expressions[0]?.value;
    });
  if (!agrees("opa", sample, expected, answer)) return undefined;
  return () =>
    withFiles(sample, (modules, input) => {
      const files = modules.flatMap((path) => ["-d", path]);
      const args = [
        "bench",
        "--v0-compatible",
        "--format",
        "json",
        "--count",
        "1",
        ...files,
        "-i",
        input,
        sample.query,
      ];
      const printed = execFileSync(opa, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
      const { T, N } = JSON.parse(printed) as { T: number; N: number }; // as: Go's testing.BenchmarkResult as JSON
      return T / N;
    });
}

interface OpaAnswer {
  readonly result?: readonly { readonly expressions: readonly { readonly value: unknown }[] }[];
}

/** Nanoseconds of one review by `gator bench --engine=rego` over files; undefined where gator is not built. */
export function gatorBench(file: string, iterations: number): (() => number) | undefined {
  const gator = findOracle("gator");
  if (gator === undefined) return undefined;
  return () => {
    const args = ["bench", "--engine=rego", "-f", file, "-n", String(iterations), "--output=json"];
    const printed = execFileSync(gator, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    const results = JSON.parse(printed) as readonly { reviewsPerSecond: number }[]; // as: gator's own form
    return 1e9 / (results[0]?.reviewsPerSecond ?? Number.NaN);
  };
}

/** regorus, by the small program of `peers/regorus`, built by hand into the cache. */
export function regorus(sample: Sample, expected: unknown): (() => number) | undefined {
  const program = join(peers, "regorus/release/portcullis-bench-regorus");
  if (!existsSync(program)) return undefined;
  // regorus has no `any`; the rule that says the same is what its figures stand for.
  const modules = sample.modules.map((text) =>
    /\bany\(/.test(text) ? `${text.replaceAll(/\bany\(/g, "any_true(")}\nany_true(xs) { xs[_] == true }\n` : text,
  );
  const rewritten = { ...sample, modules };
  const run = (): string =>
    withFiles(rewritten, (paths, input) =>
      execFileSync(program, [sample.query, input, ...paths], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }),
    );
  const answer = (): unknown => {
    const printed = run();
    return JSON.parse(printed.slice(printed.indexOf("\n")));
  };
  return agrees("regorus", sample, expected, answer) ? () => Number.parseFloat(run()) : undefined;
}

interface WasmPolicy {
  evaluate(input: unknown): readonly { readonly result: unknown }[];
}

/**
 * opa-wasm in this process, from the cache; the module is built by opa. What is timed is what its users call: an object
 * goes in and an object comes out, so its input is written as JSON and read again in the module for every evaluation.
 */
export async function opaWasm(sample: Sample, expected: unknown): Promise<(() => number) | undefined> {
  const opa = findOracle("opa");
  const home = join(peers, "opa-wasm");
  if (opa === undefined || !existsSync(join(home, "node_modules"))) return undefined;
  const path = createRequire(join(home, "index.js")).resolve("@open-policy-agent/opa-wasm");
  const loaded: unknown = await import(pathToFileURL(path).href);
  // as: the package's own door
  const { loadPolicy } = (loaded as { default: { loadPolicy(bytes: Uint8Array): Promise<WasmPolicy> } }).default;
  let policy: WasmPolicy;
  try {
    policy = await loadPolicy(withFiles(sample, (modules, _input, folder) => wasmOf(opa, sample, modules, folder)));
  } catch {
    process.stderr.write(`  opa-wasm does not run ${sample.name}\n`);
    return undefined;
  }
  if (!agrees("opa-wasm", sample, expected, () => policy.evaluate(sample.input)[0]?.result)) return undefined;
  const call = (): unknown => policy.evaluate(sample.input);
  warmUp(call, 1000);
  return () => timeCall(call, 60, cpuClock);
}

function wasmOf(opa: string, sample: Sample, modules: readonly string[], folder: string): Uint8Array {
  const bundle = join(folder, "bundle.tar.gz");
  const entry = sample.query.replace(/^data\./, "").replaceAll(".", "/");
  execFileSync(opa, ["build", "--v0-compatible", "-t", "wasm", "-e", entry, "-o", bundle, ...modules], {
    stdio: "ignore",
  });
  execFileSync("tar", ["-xzf", bundle, "-C", folder, "/policy.wasm"], { stdio: "ignore" });
  return readFileSync(join(folder, "policy.wasm"));
}

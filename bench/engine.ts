import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findOracle } from "../test/oracle/oracle.ts";
import { bundle } from "./engine/bundle.ts";
import { fifty } from "./engine/fifty.ts";
import { gatorBench, opaBench, opaWasm, regorus } from "./engine/peers.ts";
import { race, rounds, type Runner } from "./engine/race.ts";
import { callOf, halfOfSamples, librarySamples, policyOf, seedSamples, type Sample } from "./engine/samples.ts";
import { inventory, manyRules, pattern } from "./engine/scaling.ts";
import { clock, cpuClock, cpuTimeOfCall, figures, formatTime, table, timeCall, warmUp } from "./measure.ts";

type Rows = readonly (readonly string[])[];

const head: readonly string[] = ["work", "engine", "min", "median", "max", "ratio", "goal"];

/**
 * The engine beside its peers, five rounds, all of them at the same work in each. One evaluation is timed by what its
 * thread gets of a processor, ours and opa-wasm's, which runs in the same thread: on an idle machine that is the clock's
 * time, and on a busy one a process that has been running long waits far longer than the peers' fresh ones.
 */
export async function engine(): Promise<void> {
  const parts: Readonly<Record<string, () => Promise<Rows>>> = { seed, fifty: underFifty, compile, scaling, library };
  const wanted = process.argv.slice(3).filter((argument) => !argument.startsWith("--"));
  const rows: (readonly string[])[] = [head];
  for (const [name, part] of Object.entries(parts)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    // It takes minutes: who waits sees how far it is.
    process.stderr.write(`${name} …\n`);
    rows.push(...(await part()));
  }
  process.stdout.write(`${table(rows)}\n`);
  if (findOracle("opa") === undefined)
    process.stdout.write("opa, opa-wasm: skipped, opa is not built (node test/oracle/oracle.ts opa)\n");
  if (findOracle("gator") === undefined)
    process.stdout.write("gator: skipped, it is not built (node test/oracle/oracle.ts gator)\n");
}

/** Beside the clock, which on a busy machine shows who else is at work. */
function cpuTime(call: () => unknown, calls: number): Runner {
  return { name: "  its CPU time", run: () => cpuTimeOfCall(call, calls) };
}

/** Those that come to our answer. */
async function peersOf(sample: Sample, call: () => unknown): Promise<readonly Runner[]> {
  const expected: unknown = JSON.parse(JSON.stringify(call()));
  const found = {
    "opa bench": opaBench(sample, expected),
    regorus: regorus(sample, expected),
    "opa-wasm": await opaWasm(sample, expected),
  };
  return Object.entries(found).flatMap(([name, run]) => (run === undefined ? [] : [{ name, run }]));
}

async function seed(): Promise<Rows> {
  const rows: (readonly string[])[] = [];
  for (const sample of seedSamples()) {
    const policy = await policyOf(sample);
    const call = callOf(policy, sample);
    warmUp(call, 1_000_000);
    const own: Runner = { name: "portcullis", run: () => timeCall(call, 200, cpuClock) };
    const goal = sample.name === "allow" ? "≤ 0.25 µs" : "≤ 1.2 µs";
    const runners = [own, ...(await peersOf(sample, call))];
    rows.push(...(await race(`seed's rule, ${sample.name}`, runners, goal)));
  }
  return rows;
}

/**
 * Geometric means over the samples; each peer's ratio is over those that it runs. `opa bench` takes its time, so each
 * template has one sample unless `--all` asks for both.
 */
async function library(): Promise<Rows> {
  const times = new Map<string, number[][]>();
  const ratios = new Map<string, number[]>();
  const keep = (name: string, round: number, time: number): void => {
    const kept = times.get(name) ?? Array.from({ length: rounds }, (): number[] => []);
    kept[round]?.push(time);
    times.set(name, kept);
  };
  const samples = process.argv.includes("--all") ? librarySamples() : halfOfSamples();
  if (samples.length === 0) return [["library", "skipped, the corpus is not there", "", "", "", "", ""]];
  const races: { readonly runners: readonly Runner[]; readonly times: Map<string, number[]> }[] = [];
  for (const sample of samples) {
    const call = callOf(await policyOf(sample), sample);
    warmUp(call, 100_000);
    const own: Runner = { name: "portcullis", run: () => timeCall(call, 60, cpuClock) };
    races.push({ runners: [own, ...(await peersOf(sample, call))], times: new Map() });
  }
  for (let round = 0; round < rounds; round += 1) {
    process.stderr.write(`  round ${round + 1} of ${rounds}\n`);
    for (const { runners, times: own } of races) {
      for (const { name, run } of runners) {
        const time = await run();
        keep(name, round, time);
        own.set(name, [...(own.get(name) ?? []), time]);
      }
    }
  }
  for (const { times: own } of races) {
    const median = (name: string): number => figures(own.get(name) ?? []).median;
    for (const name of own.keys()) {
      ratios.set(name, [...(ratios.get(name) ?? []), median(name) / median("portcullis")]);
    }
  }
  return [...times].map(([name, byRound], at) => {
    const { min, median, max } = figures(byRound.map(geometricMean));
    const among = ratios.get(name) ?? [];
    const what = at === 0 ? `library, geometric mean of ${samples.length}` : `  on ${among.length} of them`;
    const ratio = at === 0 ? "" : `${geometricMean(among).toFixed(0)} ×`;
    const goals: Readonly<Record<string, string>> = {
      "opa bench": "≥ 100 ×",
      regorus: "≥ 15 ×",
      "opa-wasm": "≥ 100 ×",
    };
    return [what, name, formatTime(min), formatTime(median), formatTime(max), ratio, goals[name] ?? ""];
  });
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

async function underFifty(): Promise<Rows> {
  if (librarySamples().length === 0) return [];
  const folder = mkdtempSync(join(tmpdir(), "portcullis-bench-"));
  try {
    const { review, write, results } = await fifty("private.example.com");
    const file = join(folder, "all.yaml");
    write(file);
    warmUp(review, 20_000);
    const gator = gatorBench(file, 100);
    const runners: Runner[] = [{ name: "portcullis", run: () => timeCall(review, 400) }, cpuTime(review, 5000)];
    if (gator !== undefined) runners.push({ name: "gator bench", run: gator });
    return await race(`review under 50 constraints (${results} results)`, runners, "≤ 60 µs");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function compile(): Promise<Rows> {
  const [deny] = seedSamples();
  const samples = librarySamples().filter(
    ({ name }, at, all) => at === 0 || name.split(" ")[0] !== all[at - 1]?.name.split(" ")[0],
  );
  const measured = samples.length === 0 && deny !== undefined ? [deny] : samples;
  let turn = 0;
  const once = async (now: () => number): Promise<number> => {
    const times: number[] = [];
    for (const sample of measured) {
      turn += 1;
      const modules = sample.modules.map((text) => `${text}\n# ${turn}\n`);
      const begin = now();
      await policyOf({ ...sample, modules });
      times.push(now() - begin);
    }
    return figures(times).median;
  };
  for (let warm = 0; warm < 20; warm += 1) await once(clock);
  const runners: Runner[] = [
    { name: "portcullis", run: () => once(clock) },
    { name: "  its CPU time", run: () => once(cpuClock) },
  ];
  const rows = [...(await race("compile, median template, warm", runners, "≤ 2 ms"))];
  const memory: number[] = [];
  const templates = Array.from({ length: 500 }, (_, at) => {
    const { modules, query } = measured[at % measured.length] ?? { modules: [], query: "" };
    return { modules: modules.map((text) => `${text}\n# ${at}\n`), query };
  });
  const { folder, main } = await bundle(join(import.meta.dirname, "engine/cold-compile.ts"), {
    minify: false,
    platform: "node",
  });
  const file = join(folder, "templates.json");
  writeFileSync(file, JSON.stringify(templates));
  let cpuTime = 0;
  const cold = (): number => {
    const printed = execFileSync(process.execPath, [main, file], { encoding: "utf8" });
    const taken = JSON.parse(printed) as { milliseconds: number; cpu: number; mebibytes: number }; // as: what it prints
    memory.push(taken.mebibytes);
    cpuTime = taken.cpu * 1e6;
    return taken.milliseconds * 1e6;
  };
  const fresh: Runner[] = [
    { name: "portcullis", run: cold },
    { name: "  its CPU time", run: () => cpuTime },
  ];
  rows.push(...(await race("500 templates, fresh process", fresh, "≤ 3 s")));
  rmSync(folder, { recursive: true });
  const { min, median, max } = figures(memory);
  const mib = (value: number): string => `${value.toFixed(0)} MiB`;
  rows.push(["  its memory", "portcullis", mib(min), mib(median), mib(max), "", "≤ 150 MiB"]);
  return rows;
}

async function scaling(): Promise<Rows> {
  const rows: (readonly string[])[] = [];
  for (const rule of ["allow", "deny contains input.user", "level := 1"]) {
    rows.push(...(await race(`rules: ${rule}`, [await manyRules(rule, 10), await manyRules(rule, 1000)], "≤ 1.5 ×")));
  }
  rows.push(...(await race("referential, objects", [await inventory(10), await inventory(10_000)], "≤ 20 ×")));
  rows.push(...(await race("(a+)+$, characters", [await pattern(1000), await pattern(10_000)], "linear: 10 ×")));
  return rows;
}

import { createAuthority, issueCertificate } from "@portcullis/certs";
import { join } from "node:path";
import { figures, table } from "./measure.ts";
import { podReview } from "./review.ts";
import { startGatekeeperContender } from "./webhook/gatekeeper-contender.ts";
import type { LoadReport } from "./webhook/load.ts";
import { fiftyPolicies, manyPolicies, matchPods, seedPolicies, type PolicySet } from "./webhook/policies.ts";
import { prepareCluster } from "./webhook/prepared-cluster.ts";
import { bundleServer, sendLoad, startServer, type ServerProcess } from "./webhook/processes.ts";

const rounds = 5;
const seconds = 2;
/** So many requests, and everything is compiled for speed; a machine that is slow to that is not waited for. */
const warmUp = { requests: 30_000, seconds: 30 };

interface Contender {
  readonly name: "bare node:https" | "portcullis" | "gatekeeper";
  readonly server: ServerProcess;
  readonly ca: string;
}

/** What a set of policies is held to. */
interface Promised {
  readonly make: () => PolicySet;
  /** Of the bare server's reviews a second. */
  readonly ofBare?: number;
  /** Times Gatekeeper's; it is not asked where absent. */
  readonly ofGatekeeper?: number;
  /** Reviews a second, whoever else is there. */
  readonly perSecond?: number;
  /** Of resident memory above the bare server's, MiB. */
  readonly memory?: number;
}

const sets: Readonly<Record<string, Promised>> = {
  seed: { make: seedPolicies, ofBare: 0.8, ofGatekeeper: 15 },
  fifty: { make: fiftyPolicies, ofBare: 0.5, ofGatekeeper: 100, memory: 40 },
  many: { make: manyPolicies, perSecond: 1000 },
};
/** Milliseconds that the slowest of a hundred may take more than the bare server's, at 200 a second. */
const promisedP99 = 2;

/**
 * Reviews over HTTPS: the server on one core, the load on the other, 16 connections kept alive, 4.7 kB a review. Beside
 * it a bare server that only parses and answers, and the real Gatekeeper where it is built; all in turns, so that a noisy
 * machine disturbs them alike. The processor's time is what neighbours disturb least.
 */
export async function webhook(): Promise<void> {
  const wanted = process.argv.slice(3);
  const bundle = await bundleServer();
  const names = Object.keys(sets).filter((name) => wanted.length === 0 || wanted.includes(name));
  const gatekeeper = names.some((name) => sets[name]?.ofGatekeeper !== undefined)
    ? await startGatekeeperContender()
    : undefined;
  const bare = await startBare();
  const [rows, verdicts]: [string[][], string[]] = [[head], []];
  try {
    for (const name of names) {
      const promised = sets[name];
      if (promised === undefined) continue;
      const policies = promised.make();
      const cluster = await prepareCluster(policies);
      const server = await startServer(bundle.path, cluster.order);
      const contenders: Contender[] = [bare, { name: "portcullis", server, ca: await cluster.trust() }];
      if (gatekeeper !== undefined && promised.ofGatekeeper !== undefined) {
        await gatekeeper.enforce(policies);
        contenders.push({ name: "gatekeeper", ...gatekeeper });
      }
      const runs = await race(contenders);
      const title = `${name}: ${policies.constraints.length} constraints, ${matchPods(policies)} match`;
      rows.push(...runs.map((run) => rowOf(title, run, runs)));
      verdicts.push(...verdictsOf(name, promised, runs));
      await server.stop();
      await cluster.close();
    }
  } finally {
    await gatekeeper?.server.stop();
    await bare.server.stop();
    await bundle.remove();
  }
  process.stdout.write(`${table(rows)}\n\n${verdicts.join("\n")}\n`);
}

const head = "policies|server|a second: min|median|max|of bare|CPU µs|of bare|200/s p50|p99|MiB|answer".split("|");

/** What one contender came to, round by round. */
interface Run {
  readonly name: Contender["name"];
  readonly rates: readonly number[];
  /** Microseconds of the processor for one review. */
  readonly costs: readonly number[];
  readonly p50: number;
  readonly p99: number;
  readonly memory: number;
  readonly answer: string;
}

async function race(contenders: readonly Contender[]): Promise<readonly Run[]> {
  for (const contender of contenders) await warm(contender);
  const runs = contenders.map((contender) => ({
    contender,
    rates: [] as number[],
    costs: [] as number[],
    steady: [] as LoadReport[],
    answer: "",
  }));
  for (let round = 0; round < rounds; round += 1) {
    for (const run of runs) {
      const { server, name } = run.contender;
      const before = server.processorMilliseconds();
      const report = await load(run.contender, {});
      if (report.failures > 0) throw new Error(`${name} failed ${report.failures} times`);
      run.costs.push(((server.processorMilliseconds() - before) / report.requests) * 1000);
      run.rates.push(report.perSecond);
      run.answer = report.answer;
    }
  }
  for (let round = 0; round < 3; round += 1) {
    for (const run of runs) {
      // Gatekeeper with fifty constraints would still be at it tomorrow.
      if (run.contender.name === "gatekeeper") continue;
      run.steady.push(await load(run.contender, { rate: 200, seconds: 4 }));
    }
  }
  return runs.map(({ contender, rates, costs, steady, answer }) => ({
    name: contender.name,
    rates,
    costs,
    p50: figures(steady.map((report) => report.p50)).median,
    p99: figures(steady.map((report) => report.p99)).median,
    memory: contender.server.memory().now,
    answer,
  }));
}

async function warm(contender: Contender): Promise<void> {
  const until = performance.now() + warmUp.seconds * 1000;
  for (let sent = 0; sent < warmUp.requests && performance.now() < until;) {
    sent += (await load(contender, { seconds: contender.name === "gatekeeper" ? 5 : 2 })).requests;
    if (contender.name === "gatekeeper") return;
  }
}

function rowOf(title: string, run: Run, runs: readonly Run[]): string[] {
  const { min, median, max } = figures(run.rates);
  const denials = run.answer.split("[").length - 1;
  const milliseconds = (value: number): string => (Number.isNaN(value) ? "-" : `${value.toFixed(2)} ms`);
  return [
    title,
    run.name,
    ...[min, median, max].map((rate) => rate.toFixed(0)),
    percent(share(run, runs, "rates")),
    figures(run.costs).median.toFixed(0),
    percent(share(run, runs, "costs")),
    milliseconds(run.p50),
    milliseconds(run.p99),
    run.memory.toFixed(0),
    denials > 0 ? `${denials} lines` : "allowed",
  ];
}

/** How a run stands to the bare server's, by rounds: of what it answers, or the inverse of what an answer costs. */
function share(run: Run, runs: readonly Run[], of: "rates" | "costs", beside: Run["name"] = "bare node:https"): number {
  const other = runs.find(({ name }) => name === beside);
  const ratios = run[of].map((figure, round) => {
    const ratio = figure / (other?.[of][round] ?? Number.NaN);
    return of === "rates" ? ratio : 1 / ratio;
  });
  return figures(ratios).median;
}

function verdictsOf(set: string, promised: Promised, runs: readonly Run[]): readonly string[] {
  const own = runs.find(({ name }) => name === "portcullis");
  const bare = runs.find(({ name }) => name === "bare node:https");
  if (own === undefined || bare === undefined) return [];
  const lines: string[] = [];
  const say = (what: string, is: string, asked: string): void =>
    void lines.push(`${set}: ${what} ${is}, asked ${asked}`);
  const { ofBare, ofGatekeeper, perSecond, memory } = promised;
  if (ofBare !== undefined) {
    const [rate, cost] = [percent(share(own, runs, "rates")), percent(share(own, runs, "costs"))];
    say(
      "of the bare server",
      `${rate} by what it answers, ${cost} by what an answer costs`,
      `at least ${percent(ofBare)}`,
    );
  }
  if (ofGatekeeper !== undefined && runs.some(({ name }) => name === "gatekeeper")) {
    const [rate, cost] = [share(own, runs, "rates", "gatekeeper"), share(own, runs, "costs", "gatekeeper")];
    say(
      "times Gatekeeper",
      `${rate.toFixed(0)} by what it answers, ${cost.toFixed(0)} by cost`,
      `at least ${ofGatekeeper}`,
    );
  }
  if (perSecond !== undefined) {
    const { min, median } = figures(own.rates);
    say("reviews a second", `${median.toFixed(0)} (least ${min.toFixed(0)})`, `at least ${perSecond}`);
  }
  say(
    "p99 at 200 a second above the bare server's",
    `${(own.p99 - bare.p99).toFixed(2)} ms`,
    `at most ${promisedP99} ms`,
  );
  if (memory !== undefined) {
    say("memory above the bare server's", `${(own.memory - bare.memory).toFixed(0)} MiB`, `at most ${memory} MiB`);
  }
  return lines;
}

function percent(value: number): string {
  return `${(value * 100).toFixed(0)} %`;
}

async function load(
  { server, ca }: Contender,
  more: { readonly rate?: number; readonly seconds?: number },
): Promise<LoadReport> {
  const request = podReview("private.example.com");
  // The server looks the namespace up itself.
  delete request["namespaceObject"];
  const body = JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", request });
  return sendLoad({
    host: "127.0.0.1",
    port: server.port,
    path: "/v1/admit?timeout=3s",
    ca,
    body,
    seconds,
    connections: 16,
    ...more,
  });
}

async function startBare(): Promise<Contender> {
  const validity = { notBefore: new Date(Date.now() - 3_600_000), notAfter: new Date(Date.now() + 86_400_000) };
  const authority = await createAuthority({ commonName: "bench", ...validity });
  const leaf = await issueCertificate(authority, { commonName: "bench", names: ["127.0.0.1"], ...validity });
  const order = { cert: leaf.certificate, key: leaf.privateKey };
  const server = await startServer(join(import.meta.dirname, "webhook/bare-server.ts"), order);
  return { name: "bare node:https", server, ca: authority.certificate };
}

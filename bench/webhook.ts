import { createAuthority, issueCertificate } from "@portcullis/certs";
import { join } from "node:path";
import { figures, table } from "./measure.ts";
import { podReview } from "./review.ts";
import type { LoadReport } from "./webhook/load.ts";
import { fiftyPolicies, manyPolicies, matchPods, seedPolicies, type PolicySet } from "./webhook/policies.ts";
import { prepareCluster } from "./webhook/prepared-cluster.ts";
import { bundleServer, sendLoad, startServer, type ServerProcess } from "./webhook/processes.ts";

const rounds = 5;
const seconds = 2;

interface Contender {
  readonly name: string;
  readonly server: ServerProcess;
  readonly ca: string;
}

/**
 * Reviews over HTTPS: the server on one core, the load on the other, 16 connections kept alive, 4.7 kB a review. Beside
 * it a bare server that only parses and answers; both in turns, so that a noisy machine disturbs them alike.
 */
export async function webhook(): Promise<void> {
  const sets: Readonly<Record<string, () => PolicySet>> = {
    seed: seedPolicies,
    fifty: fiftyPolicies,
    many: manyPolicies,
  };
  const bundle = await bundleServer();
  const wanted = process.argv.slice(3);
  const rows: string[][] = [
    [
      "policies",
      "server",
      "a second: min",
      "median",
      "max",
      "of bare",
      "CPU µs",
      "of bare",
      "200/s p50",
      "p99",
      "MiB",
      "answer",
    ],
  ];
  try {
    const bare = await startBare();
    for (const [name, make] of Object.entries(sets)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      const policies = make();
      const cluster = await prepareCluster(policies);
      const server = await startServer(bundle.path, cluster.order);
      const own: Contender = { name: "portcullis", server, ca: await cluster.trust() };
      rows.push(
        ...(await race(`${name}: ${policies.constraints.length} constraints, ${matchPods(policies)} match`, [
          bare,
          own,
        ])),
      );
      await server.stop();
      await cluster.close();
    }
    await bare.server.stop();
  } finally {
    await bundle.remove();
  }
  process.stdout.write(`${table(rows)}\n`);
}

async function race(what: string, contenders: readonly Contender[]): Promise<string[][]> {
  const rates = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  const answers = new Map<string, string>();
  const costs = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (const contender of contenders) await load(contender, {});
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of contenders) {
      const before = contender.server.processorMilliseconds();
      const report = await load(contender, {});
      const cost = (contender.server.processorMilliseconds() - before) / report.requests;
      costs.get(contender.name)?.push(cost * 1000);
      if (report.failures > 0) throw new Error(`${contender.name} failed ${report.failures} times`);
      rates.get(contender.name)?.push(report.perSecond);
      answers.set(contender.name, report.answer);
    }
  }
  const steady = new Map<string, LoadReport[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < 3; round += 1) {
    for (const contender of contenders)
      steady.get(contender.name)?.push(await load(contender, { rate: 200, seconds: 4 }));
  }
  const bare = rates.get(contenders[0]?.name ?? "") ?? [];
  const bareCosts = costs.get(contenders[0]?.name ?? "") ?? [];
  return contenders.map(({ name, server }) => {
    const own = rates.get(name) ?? [];
    const shares = own.map((rate, round) => rate / (bare[round] ?? Number.NaN));
    const cheapness = (costs.get(name) ?? []).map((cost, round) => (bareCosts[round] ?? Number.NaN) / cost);
    const { min, median, max } = figures(own);
    const p50 = figures((steady.get(name) ?? []).map((report) => report.p50)).median;
    const p99 = figures((steady.get(name) ?? []).map((report) => report.p99)).median;
    const denials = (answers.get(name) ?? "").split("[").length - 1;
    return [
      what,
      name,
      ...[min, median, max].map((rate) => rate.toFixed(0)),
      `${(figures(shares).median * 100).toFixed(0)} %`,
      figures(costs.get(name) ?? []).median.toFixed(0),
      `${(figures(cheapness).median * 100).toFixed(0)} %`,
      `${p50.toFixed(2)} ms`,
      `${p99.toFixed(2)} ms`,
      server.memory().now.toFixed(0),
      denials > 0 ? `${denials} lines` : "allowed",
    ];
  });
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

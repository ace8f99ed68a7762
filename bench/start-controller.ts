import { figures, table } from "./measure.ts";
import { manyPolicies, matchPods, seedPolicies, type PolicySet } from "./webhook/policies.ts";
import { prepareCluster } from "./webhook/prepared-cluster.ts";
import { bundleServer, startServer } from "./webhook/processes.ts";

const rounds = 5;
/** What the server is held to with fifty templates and five hundred constraints, without and with the objects. */
const promised = { seconds: 2, secondsWithObjects: 6, memory: 200 };

/**
 * From the start of the process to enforcing, on one core, with policies and objects already stored: everything
 * compiled, the inventory in sync, registered, and called by itself over TLS.
 */
export async function startController(): Promise<void> {
  const bundle = await bundleServer();
  const rows: string[][] = [["stored", "start: min", "median", "max", "CPU ms", "MiB after", "peak"]];
  try {
    rows.push(await measure(bundle.path, "the seed's policy", seedPolicies(), 0));
    const many = manyPolicies();
    const what = `50 templates, 500 constraints (${matchPods(many)} match Pods)`;
    rows.push(await measure(bundle.path, what, many, 0));
    rows.push(await measure(bundle.path, `${what}, 10,000 objects of 1 kB`, many, 10_000));
  } finally {
    await bundle.remove();
  }
  const { seconds, secondsWithObjects, memory } = promised;
  const asked = `asked: ${seconds} s with the policies, ${secondsWithObjects} s with the objects, ${memory} MiB with all`;
  process.stdout.write(`${table(rows)}\n\n${asked}; what the processor was at work is what neighbours disturb least\n`);
}

async function measure(program: string, what: string, policies: PolicySet, objects: number): Promise<string[]> {
  const cluster = await prepareCluster(policies, objects);
  const starts: number[] = [];
  const costs: number[] = [];
  const after: number[] = [];
  const peaks: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const server = await startServer(program, cluster.order);
    starts.push(server.startMilliseconds);
    costs.push(server.processorMilliseconds());
    // The statuses are being written meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const memory = server.memory();
    after.push(memory.now);
    peaks.push(memory.peak);
    await server.stop();
  }
  await cluster.close();
  const { min, median, max } = figures(starts);
  return [
    what,
    ...[min, median, max].map((time) => `${(time / 1000).toFixed(2)} s`),
    figures(costs).median.toFixed(0),
    figures(after).median.toFixed(0),
    figures(peaks).median.toFixed(0),
  ];
}

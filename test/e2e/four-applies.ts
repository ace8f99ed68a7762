/**
 * The walkthrough's four `kubectl apply` with nothing between them, on fresh sandboxes, as often as is asked for
 * (`node --conditions=source test/e2e/four-applies.ts 50`): never a missing kind, never a Pod that slips through.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
const main = join(root, "packages/cli/src/main.ts");
const seed = join(root, "../shared/seed");
const files = existsSync(seed) ? seed : join(root, "examples/private-registry");
const rounds = Number(process.argv[2] ?? "50");
const wanted: readonly (readonly [file: string, status: number, says: string])[] = [
  ["constraint_template.yaml", 0, "constrainttemplate.templates.gatekeeper.sh/k8sallowedrepos created"],
  ["constraint.yaml", 0, "k8sallowedrepos.constraints.gatekeeper.sh/allow-only-private-registry created"],
  ["disallowed.yaml", 1, "[denied by allow-only-private-registry]"],
  ["allowed.yaml", 0, "pod/swiss-army-knife-allowed created"],
];

let failures = 0;
const starts: number[] = [];
for (let round = 1; round <= rounds; round += 1) {
  const folder = mkdtempSync(join(tmpdir(), "four-applies-"));
  const kubeconfig = join(folder, "kubeconfig");
  const from = performance.now();
  const server = spawn(process.execPath, ["--conditions=source", main, "sandbox", "--kubeconfig", kubeconfig], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise<void>((resolve) => {
    server.stdout.on("data", (chunk) => {
      if (String(chunk).includes("ready after")) resolve();
    });
  });
  // The kubeconfig is written early; the table comes when everything serves.
  const environment = { ...process.env, KUBECONFIG: kubeconfig, KUBECACHEDIR: join(folder, "cache") };
  for (const [file, status, says] of wanted) {
    const done = spawnSync("kubectl", ["apply", "-f", join(files, file)], { env: environment, encoding: "utf8" });
    if (done.status === status && (done.stdout + done.stderr).includes(says)) continue;
    failures += 1;
    console.log(`round ${round}: ${file}: status ${done.status}\n${done.stdout}${done.stderr}`);
  }
  starts.push(performance.now() - from);
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGTERM");
  await ended;
  rmSync(folder, { recursive: true, force: true });
}
const median = starts.toSorted((left, right) => left - right)[Math.floor(starts.length / 2)] ?? 0;
console.log(
  `${rounds} rounds, ${failures} failures; from start to the fourth answer ${(median / 1000).toFixed(2)} s (median)`,
);
process.exitCode = failures === 0 ? 0 : 1;

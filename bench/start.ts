import { join } from "node:path";
import { startSandboxProcess } from "../test/e2e/sandbox-process.ts";
import { figures, formatTime, table } from "./measure.ts";

const rounds = 5;
const folder = join(import.meta.dirname, "../examples/private-registry");

/**
 * From the start of `portcullis sandbox` to the moments that a newcomer waits for: it serves; the policy is in force and
 * a Pod was admitted through the webhook. Everything after the start is kubectl's, and its own start is in the figures.
 */
export async function start(): Promise<void> {
  const serves: number[] = [];
  const admitted: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const begin = performance.now();
    const sandbox = await startSandboxProcess();
    serves.push((performance.now() - begin) * 1e6);
    try {
      for (const file of ["constraint_template.yaml", "constraint.yaml", "allowed.yaml"]) {
        const ran = sandbox.kubectl(["apply", "-f", file], folder);
        if (ran.status !== 0) throw new Error(`${file}: ${ran.stderr}`);
      }
      admitted.push((performance.now() - begin) * 1e6);
    } finally {
      await sandbox.stop();
    }
  }
  const row = (name: string, samples: readonly number[]): string[] => [
    name,
    ...Object.values(figures(samples)).map(formatTime),
  ];
  process.stdout.write(
    `${table([["portcullis sandbox", "min", "median", "max"], row("serves", serves), row("first Pod admitted under the policy", admitted)])}\n`,
  );
}

/**
 * The walkthrough's four `kubectl apply` with nothing between them, again and again on fresh sandboxes: the constraint's
 * kind must always be there, and the Pod that misses the registry must never slip through. Then what changes a policy
 * must take effect within a second of kubectl's return.
 *
 *   node --conditions=source test/e2e/four-applies.ts [TIMES] [FOLDER]
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSandboxProcess, type SandboxProcess } from "./sandbox-process.ts";

const times = Number(process.argv[2] ?? "50");
const folder = process.argv[3] ?? join(import.meta.dirname, "../../examples/private-registry");
const files = ["constraint_template.yaml", "constraint.yaml", "allowed.yaml", "disallowed.yaml"];

let wrong = 0;
const effects: Record<string, number[]> = {};

for (let round = 0; round < times; round += 1) {
  const sandbox = await startSandboxProcess();
  try {
    const statuses = files.map((file) => sandbox.kubectl(["apply", "-f", file], folder));
    const expected = [0, 0, 0, 1];
    const complaints = statuses.flatMap((ran, index) =>
      ran.status === expected[index] ? [] : [`${files[index]}: exit ${ran.status}: ${ran.stdout}${ran.stderr}`],
    );
    if (sandbox.kubectl(["get", "pod", "swiss-army-knife-disallowed"]).status === 0)
      complaints.push("a Pod slipped through");
    if (complaints.length > 0) {
      wrong += 1;
      process.stdout.write(`round ${round + 1}: ${complaints.join("; ")}\n`);
    }
    if (round < 5) for (const [name, milliseconds] of await changes(sandbox)) (effects[name] ??= []).push(milliseconds);
  } finally {
    await sandbox.stop();
  }
}
process.stdout.write(`${times - wrong} of ${times} rounds came out right\n`);
for (const [name, samples] of Object.entries(effects)) {
  process.stdout.write(
    `${name}: in force after ${samples.map((sample) => `${sample.toFixed(0)} ms`).join(", ")} of kubectl's return\n`,
  );
  if (samples.some((sample) => sample > 1000)) wrong += 1;
}
process.exitCode = wrong === 0 ? 0 : 1;

/** Milliseconds from kubectl's return to the first answer by the changed policy, for each way to change it. */
async function changes(sandbox: SandboxProcess): Promise<[name: string, milliseconds: number][]> {
  const changed = mkdtempSync(join(tmpdir(), "portcullis-e2e-"));
  const rewrite = (file: string, from: string, to: string): string => {
    const path = join(changed, file);
    writeFileSync(path, readFileSync(join(folder, file), "utf8").replaceAll(from, to));
    return path;
  };
  const dryRun = (): { allowed: boolean; text: string } => {
    const ran = sandbox.kubectl(["create", "--dry-run=server", "-f", join(folder, "disallowed.yaml")]);
    return { allowed: ran.status === 0, text: ran.stderr };
  };
  const measure = async (
    name: string,
    change: readonly string[],
    isInForce: () => boolean,
  ): Promise<[name: string, milliseconds: number]> => {
    const ran = sandbox.kubectl(change);
    if (ran.status !== 0) throw new Error(`${name}: ${ran.stderr}`);
    const start = performance.now();
    // The first look is taken at once; what it costs is kubectl's own start.
    for (;;) {
      const before = performance.now() - start;
      if (isInForce()) return [name, before];
      if (performance.now() - start > 10_000) return [name, Number.POSITIVE_INFINITY];
    }
  };
  try {
    return [
      await measure(
        "a changed constraint",
        ["apply", "-f", rewrite("constraint.yaml", "private.example.com", "rancherlabs")],
        () => dryRun().allowed,
      ),
      await measure(
        "the constraint as it was",
        ["apply", "-f", join(folder, "constraint.yaml")],
        () => !dryRun().allowed,
      ),
      await measure(
        "a changed template",
        ["apply", "-f", rewrite("constraint_template.yaml", "invalid image repo", "image from elsewhere")],
        () => dryRun().text.includes("image from elsewhere"),
      ),
      await measure("a deleted constraint", ["delete", "-f", join(folder, "constraint.yaml")], () => dryRun().allowed),
      await measure("the constraint, again", ["apply", "-f", join(folder, "constraint.yaml")], () => !dryRun().allowed),
      await measure(
        "a deleted template",
        ["delete", "-f", join(folder, "constraint_template.yaml")],
        () => dryRun().allowed,
      ),
    ];
  } finally {
    rmSync(changed, { recursive: true });
  }
}

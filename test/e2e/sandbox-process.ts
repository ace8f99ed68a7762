import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const main = join(import.meta.dirname, "../../packages/cli/src/main.ts");

/** What a command came to. */
export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `portcullis sandbox` as a process of its own, and a kubectl that talks to it. */
export interface SandboxProcess {
  readonly kubeconfig: string;
  kubectl(args: readonly string[], folder?: string): Ran;
  stop(): Promise<void>;
}

/** Whether a kubectl is on PATH. */
export function hasKubectl(): boolean {
  return spawnSync("kubectl", ["version", "--client"], { stdio: "ignore" }).status === 0;
}

/** Starts `portcullis sandbox` with these flags; resolves when its kubeconfig is there, which is when it serves. */
export async function startSandboxProcess(flags: readonly string[] = []): Promise<SandboxProcess> {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-e2e-"));
  const kubeconfig = join(folder, "kubeconfig");
  const child = spawn(
    process.execPath,
    ["--conditions=source", main, "sandbox", "--kubeconfig", kubeconfig, ...flags],
    {
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let output = "";
  child.stdout.on("data", (part: Buffer) => (output += part.toString()));
  child.stderr.on("data", (part: Buffer) => (output += part.toString()));
  const deadline = Date.now() + 30_000;
  while (!existsSync(kubeconfig) || !output.includes("ready after")) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill();
      throw new Error(`portcullis sandbox did not serve:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    kubeconfig,
    kubectl: (args, cwd) => {
      const done = spawnSync("kubectl", [...args], {
        encoding: "utf8",
        cwd,
        env: { ...process.env, KUBECONFIG: kubeconfig, HOME: folder },
      });
      return { status: done.status, stdout: done.stdout, stderr: done.stderr };
    },
    stop: async () => {
      await ended(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await exit;
}

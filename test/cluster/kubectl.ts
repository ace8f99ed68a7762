import { spawn, spawnSync } from "node:child_process";

/** What a command came to. */
export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is to be run. */
export interface KubectlOptions {
  readonly folder?: string;
  /** What it reads from standard input. */
  readonly input?: string;
}

/** kubectl against one cluster. Not synchronous: the API server may be in this very process. */
export type Kubectl = (args: readonly string[], options?: KubectlOptions) => Promise<Ran>;

/** Whether a kubectl is on PATH. */
export function hasKubectl(): boolean {
  return spawnSync("kubectl", ["version", "--client"], { stdio: "ignore" }).status === 0;
}

/** A kubectl that uses this kubeconfig and keeps what it discovers in this folder. */
export function kubectlFor(kubeconfig: string, home: string): Kubectl {
  const env = { PATH: process.env["PATH"], KUBECONFIG: kubeconfig, HOME: home };
  return (args, { folder, input = "" } = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn("kubectl", args, { cwd: folder, env, stdio: "pipe" });
      const out: Buffer[] = [];
      const err: Buffer[] = [];
      child.stdout.on("data", (part: Buffer) => out.push(part));
      child.stderr.on("data", (part: Buffer) => err.push(part));
      // A command may end without reading what it was given.
      child.stdin.on("error", () => {});
      child.on("error", reject);
      child.on("close", (status) => {
        resolve({ status, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
      });
      child.stdin.end(input);
    });
}

import { spawn, type ChildProcess } from "node:child_process";

/** A program that runs beside the test, and what it has said lately. */
export interface Program {
  readonly child: ChildProcess;
  /** The end of its output, for the error that says that it did not start. */
  lastWords(): string;
  hasEnded(): boolean;
  /** Ends it and waits until it has. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Letters of its output that are kept. */
const kept = 4000;

/** Starts a program that ends with this process at the latest. */
export function startProgram(path: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Program {
  const child = spawn(path, args, { stdio: ["ignore", "pipe", "pipe"], env });
  let words = "";
  const listen = (part: Buffer): void => {
    words = (words + part.toString()).slice(-kept);
  };
  child.stdout.on("data", listen);
  child.stderr.on("data", listen);
  child.on("error", (error) => listen(Buffer.from(error.message)));
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
  const endWithUs = (): void => void child.kill("SIGKILL");
  process.once("exit", endWithUs);
  child.once("exit", () => process.off("exit", endWithUs));
  return {
    child,
    lastWords: () => words,
    hasEnded,
    async stop(signal = "SIGTERM") {
      if (hasEnded()) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill(signal);
      await ended;
    },
  };
}

/** Waits until it is so, which who cannot be asked is not; fails when the program ended or time is up. */
export async function untilServing(name: string, program: Program, isSo: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + 60_000;
  while (!(await isSo().catch(() => false))) {
    if (program.hasEnded() || performance.now() > until) {
      throw new Error(`${name} did not come to serve:\n${program.lastWords()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

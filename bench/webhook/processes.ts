/** Processes on cores of their own: the server on one, everything else on the other. */
import { fork, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { withThread } from "../../scripts/bundle.ts";
import type { LoadOrder, LoadReport } from "./load.ts";

/** A server that listens. */
export interface ServerProcess extends ProcessFigures {
  readonly port: number;
  /** Milliseconds from the start of the process to its word that it serves. */
  readonly startMilliseconds: number;
  stop(): Promise<void>;
}

/** What the system tells of a process. */
export interface ProcessFigures {
  /** Resident memory now, and the most it ever was, in MiB. */
  memory(): { readonly now: number; readonly peak: number };
  /** Milliseconds of the processor that it has used, its own and the system's for it: what neighbours cannot disturb. */
  processorMilliseconds(): number;
}

/** Starts a program of this folder on the first core, tells it what to do, and waits until it serves. */
export async function startServer(program: string, order: unknown): Promise<ServerProcess> {
  const from = performance.now();
  const child = forkOn(0, program, program.endsWith(".mjs") ? imageFlags() : []);
  child.send(order as object);
  const started: unknown[] = await Promise.race([
    once(child, "message"),
    once(child, "exit").then(() => {
      throw new Error(`${program} ended before it served`);
    }),
  ]);
  const startMilliseconds = performance.now() - from;
  // as: what both programs say when they serve
  const { port } = started[0] as { port: number };
  return {
    port,
    startMilliseconds,
    ...figuresOf(child.pid ?? 0),
    async stop() {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Reads the figures of a process. */
export function figuresOf(pid: number): ProcessFigures {
  return {
    memory() {
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      const read = (field: string): number => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
      return { now: read("VmRSS"), peak: read("VmHWM") };
    },
    processorMilliseconds() {
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
      // Ticks of a hundredth of a second.
      return (Number(fields[11]) + Number(fields[12])) * 10;
    },
  };
}

/** Sends the load from the second core. */
export async function sendLoad(order: LoadOrder): Promise<LoadReport> {
  const child = forkOn(1, join(import.meta.dirname, "load.ts"));
  child.send(order);
  const [report] = await once(child, "message");
  // as: what load.ts sends
  return report as LoadReport;
}

/** The server as one file, as it is shipped: without the bundler's work no start could be measured. */
export async function bundleServer(): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(import.meta.dirname, "../../node_modules/.bench-"));
  const path = join(folder, "server.mjs");
  const build = await rolldown({
    input: join(import.meta.dirname, "controller-server.ts"),
    platform: "node",
    // Only who reads kubeconfigs needs it; it is thirty times the rest.
    external: ["@kubernetes/client-node"],
    resolve: { conditionNames: ["source", "import", "node", "default"] },
    plugins: [withThread],
    logLevel: "silent",
  });
  await build.write({ file: path, format: "esm", codeSplitting: false });
  await build.close();
  return { path, remove: () => rm(folder, { recursive: true }) };
}

const canPin = spawnSync("taskset", ["-V"]).status === 0;

/** What the image gives Node. */
function imageFlags(): readonly string[] {
  const text = readFileSync(join(import.meta.dirname, "../../Containerfile"), "utf8");
  const entry: unknown = JSON.parse(/^ENTRYPOINT (\[.*\])$/m.exec(text)?.[1] ?? "[]");
  return Array.isArray(entry) ? entry.map(String).filter((word) => word.startsWith("--")) : [];
}

function forkOn(core: number, program: string, flags: readonly string[] = []): ChildProcess {
  const child = fork(program, [], { execArgv: ["--conditions=source", ...flags] });
  if (canPin) spawnSync("taskset", ["-a", "-c", "-p", String(core), String(child.pid)]);
  return child;
}

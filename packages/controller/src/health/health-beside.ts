import { Worker } from "node:worker_threads";
import type { Clock } from "@portcullis/kube";
import type { Log } from "../log/log.ts";
import type { PlainServer } from "../plain-server.ts";
import type { HealthCheck } from "./health-server.ts";
import { beatMilliseconds, Heartbeat } from "./heartbeat.ts";
import { threadProgram } from "./thread-program.ts";
import type { CheckAnswer, ThreadOrder, ThreadWord } from "./thread-talk.ts";

/** What the thread beside asks, and who hears of it. */
export interface HealthBesideOptions {
  /** The checks of each endpoint. That this thread comes round at all is looked at beside it, as `default`. */
  readonly live: readonly HealthCheck[];
  readonly ready: readonly HealthCheck[];
  readonly log: Log;
  readonly clock: Clock;
}

/** How long to wait before a thread that ended is replaced. */
const pauseMilliseconds = 1000;

/**
 * Serves `/healthz` and `/readyz` from a thread of their own, so that they answer whatever this one is at. `/healthz` fails
 * where this thread hangs for good.
 */
export async function serveHealthBeside(
  options: HealthBesideOptions,
  address: { readonly host: string; readonly port: number },
): Promise<PlainServer> {
  const { live, ready, log, clock } = options;
  const beats = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const heartbeat = new Heartbeat(beats);
  const checks = new Map([...live, ...ready].map((check) => [check.name, check]));
  const namesOf = (list: readonly HealthCheck[]): readonly string[] => list.map(({ name }) => name);
  const ended = new AbortController();
  let current: Worker | undefined;

  const start = (port: number): Promise<number> => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const order: ThreadOrder = { host: address.host, port, live: namesOf(live), ready: namesOf(ready), beats };
    // It has no business with what this process was told, and a handful of short texts to keep.
    const worker = new Worker(threadProgram, {
      workerData: order,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 32 },
    });
    current = worker;
    let served: number | undefined;
    worker.on("message", (word: ThreadWord) => {
      if (word.kind === "check") return void answer(worker, checks.get(word.name));
      served = word.port;
      resolve(word.port);
    });
    let why: unknown;
    worker.on("error", (error: unknown) => void (why = error));
    worker.on("exit", () => {
      if (ended.signal.aborted) return;
      if (served === undefined) return reject(why instanceof Error ? why : new Error(String(why)));
      log.error("the thread that answers for the health ended; another is started", { error: why });
      void replace(served);
    });
    // Nothing waits for it.
    worker.unref();
    return promise;
  };
  const replace = async (port: number): Promise<void> => {
    while (!ended.signal.aborted) {
      await clock.sleep(pauseMilliseconds, ended.signal);
      if (ended.signal.aborted) return;
      try {
        return void (await start(port));
      } catch (error) {
        log.error("the thread that answers for the health could not be started; it is tried again", { error });
      }
    }
  };

  const beating = setInterval(() => heartbeat.beat(), beatMilliseconds);
  beating.unref();
  try {
    const port = await start(address.port);
    return {
      port,
      async close() {
        ended.abort();
        clearInterval(beating);
        await current?.terminate();
      },
    };
  } catch (error) {
    clearInterval(beating);
    throw error;
  }
}

async function answer(worker: Worker, check: HealthCheck | undefined): Promise<void> {
  if (check === undefined) return;
  const { name } = check;
  let said: CheckAnswer;
  try {
    said = { name, problems: await check.failing() };
  } catch (error) {
    said = { name, problems: [error instanceof Error ? error.message : String(error)] };
  }
  worker.postMessage(said);
}

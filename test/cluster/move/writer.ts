/** A client that writes all the time, and what became of what it wrote. */
import { Agent, request } from "node:https";
import { readJson, ownString, type JsonObject } from "@portcullis/objects";
import type { TestCluster } from "../cluster.ts";

/** One sort of write. */
export interface Write {
  readonly what: string;
  readonly path: string;
  readonly body: (name: string) => JsonObject;
  /** What the refusal says; absent where it must be admitted. */
  readonly denial?: RegExp;
}

/** A write that did not come to what it must. */
export interface Stray {
  readonly what: string;
  /** When it was sent: milliseconds, as `performance.now()` has them. */
  readonly at: number;
  /** Milliseconds until the answer: what took as long as the webhook may was not reviewed at all. */
  readonly took: number;
  readonly status: number;
  readonly message: string;
}

/** What became of the writes. */
export interface Written {
  readonly count: number;
  /** Let through though a policy is against it. */
  readonly holes: readonly Stray[];
  /** Refused though nothing is against it, or refused with other words, or not answered. */
  readonly failures: readonly Stray[];
}

/** A writer at work. */
export interface Writer {
  /** What became of the writes since the last time. */
  take(): Written;
  /** Resolves when so many more writes have been answered. */
  more(count: number): Promise<void>;
  /** The longest time that a write took since the last time, in milliseconds. */
  slowest(): number;
  stop(): Promise<Written>;
}

/** Begins to write each sort in turn, by this many workers. */
export async function startWriter(cluster: TestCluster, writes: readonly Write[], workers = 3): Promise<Writer> {
  const authorization = (await cluster.config.authorization?.()) ?? "";
  const agent = new Agent({ keepAlive: true, ca: cluster.config.certificateAuthority });
  let isStopped = false;
  let sent = 0;
  let count = 0;
  let answered = 0;
  let slowest = 0;
  let holes: Stray[] = [];
  let failures: Stray[] = [];
  const one = async (): Promise<void> => {
    sent += 1;
    const write = writes[sent % writes.length];
    if (write === undefined) throw new Error("a writer needs something to write");
    const from = performance.now();
    const { status, message } = await send(
      agent,
      new URL(write.path, cluster.url),
      authorization,
      write.body(`w-${sent}`),
    );
    const took = Math.round(performance.now() - from);
    slowest = Math.max(slowest, took);
    count += 1;
    answered += 1;
    const stray = { what: write.what, at: Math.round(from), took, status, message };
    if (write.denial === undefined) {
      if (status !== 201) failures.push(stray);
    } else if (status === 201) holes.push(stray);
    else if (status !== 403 || !write.denial.test(message)) failures.push(stray);
  };
  const turning = Array.from({ length: workers }, async () => {
    while (!isStopped) {
      await one();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
  const take = (): Written => {
    const taken = { count, holes, failures };
    [count, holes, failures] = [0, [], []];
    return taken;
  };
  return {
    take,
    async more(wanted) {
      const until = performance.now() + 60_000;
      for (const from = answered; answered < from + wanted;) {
        if (performance.now() > until) throw new Error(`only ${answered - from} of ${wanted} writes were answered`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    slowest() {
      const most = slowest;
      slowest = 0;
      return most;
    },
    async stop() {
      isStopped = true;
      await Promise.all(turning);
      agent.destroy();
      return take();
    },
  };
}

function send(
  agent: Agent,
  url: URL,
  authorization: string,
  body: JsonObject,
): Promise<{ readonly status: number; readonly message: string }> {
  const text = JSON.stringify(body);
  return new Promise((resolve) => {
    const call = request(
      url,
      {
        agent,
        method: "POST",
        headers: { authorization, "content-type": "application/json", "content-length": Buffer.byteLength(text) },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("end", () => {
          const answer = Buffer.concat(parts).toString();
          const parsed = readJson(answer);
          const message = (parsed.ok ? ownString(parsed.value, "message") : undefined) ?? answer.slice(0, 200);
          resolve({ status: response.statusCode ?? 0, message: response.statusCode === 201 ? "" : message });
        });
      },
    );
    call.on("error", (error) => resolve({ status: 0, message: error.message }));
    call.end(text);
  });
}

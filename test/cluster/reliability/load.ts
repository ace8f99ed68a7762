/** Load on the Service: reviews over kept-alive connections, each held against what must be answered. */
import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { own, ownPath, ownString, readJson } from "@portcullis/objects";
import { bodyOf, type ReviewCase } from "./reviews.ts";

/** Whom to load, and how. */
export interface LoadOptions {
  readonly port: number;
  /** The name that the server is called by. */
  readonly name: string;
  /** PEM of whom is trusted now; a connection that is made later trusts whom it says then. */
  readonly authority: () => string;
  readonly cases: readonly ReviewCase[];
  readonly connections: number;
  /** Requests in a second, over all connections. */
  readonly rate: number;
  /** A connection is given up after this many requests; never where absent. */
  readonly requestsOfConnection?: number;
}

/** A request that was not answered. */
export interface LostRequest {
  readonly code: string;
  readonly message: string;
  /** The port that it was sent from. */
  readonly clientPort: number;
  /** When it was lost: milliseconds, as `performance.now()` has them. */
  readonly at: number;
}

/** What came of a load so far. */
export interface LoadResult {
  readonly answered: number;
  /** Answers that were wrong: denied and to be admitted, or the reverse, or another's. */
  readonly wrong: readonly string[];
  readonly lost: readonly LostRequest[];
}

/** A load that runs. */
export interface Load {
  result(): LoadResult;
  /** Milliseconds of every answer since the mark before, shortest first. */
  mark(): readonly number[];
  /** Resolves when this many requests in all were sent and answered or lost. */
  until(count: number): Promise<void>;
  /** Ends it when what is on its way has been answered. */
  stop(): Promise<LoadResult>;
}

/** Begins to load. */
export function startLoad(options: LoadOptions): Load {
  const wrong: string[] = [];
  const lost: LostRequest[] = [];
  let latencies: number[] = [];
  let answered = 0;
  let sent = 0;
  let isStopping = false;
  const began = performance.now();
  const awaited = new Set<{ readonly count: number; readonly resolve: () => void }>();

  const tell = (): void => {
    for (const each of awaited) if (answered + lost.length >= each.count) each.resolve();
  };
  const one = async (agent: Agent): Promise<void> => {
    const at = sent;
    sent += 1;
    const review = options.cases[at % options.cases.length];
    if (review === undefined) throw new Error("a load needs cases");
    const from = performance.now();
    const { uid, body } = bodyOf(review.body);
    const connection: Connection = { clientPort: 0 };
    try {
      const text = await post(agent, options, body, connection);
      latencies.push(performance.now() - from);
      answered += 1;
      const complaint = complaintAbout(review, uid, text);
      if (complaint !== undefined) wrong.push(complaint);
    } catch (error) {
      const { code = "", message } = error as NodeJS.ErrnoException;
      lost.push({ code, message, clientPort: connection.clientPort, at: performance.now() });
    }
    tell();
  };
  const work = async (): Promise<void> => {
    let agent = agentOf(options.authority());
    let used = 0;
    while (!isStopping) {
      const due = began + (sent / options.rate) * 1000;
      const early = due - performance.now();
      if (early > 1) {
        await new Promise((resolve) => setTimeout(resolve, early));
        continue;
      }
      await one(agent);
      used += 1;
      if (used !== options.requestsOfConnection) continue;
      agent.destroy();
      agent = agentOf(options.authority());
      used = 0;
    }
    agent.destroy();
  };
  const workers = Array.from({ length: options.connections }, work);
  const result = (): LoadResult => ({ answered, wrong, lost });
  return {
    result,
    mark() {
      const marked = latencies.toSorted((one, other) => one - other);
      latencies = [];
      return marked;
    },
    until: (count) =>
      new Promise((resolve) => {
        awaited.add({ count, resolve });
        tell();
      }),
    async stop() {
      isStopping = true;
      await Promise.all(workers);
      return result();
    },
  };
}

/** The time within which this share of the sorted times lies. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function agentOf(ca: string): Agent {
  return new Agent({ keepAlive: true, maxSockets: 1, ca });
}

interface Connection {
  clientPort: number;
}

function post(
  agent: Agent,
  { port, name }: Pick<LoadOptions, "port" | "name">,
  body: string,
  connection: Connection,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        agent,
        host: "127.0.0.1",
        port,
        path: "/v1/admit?timeout=3s",
        method: "POST",
        servername: name,
        timeout: 10_000,
        headers: { host: name, "content-type": "application/json", "content-length": Buffer.byteLength(body) },
      },
      (response: IncomingMessage) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => (text += part));
        response.on("error", reject);
        response.on("end", () => {
          if (response.statusCode === 200) resolve(text);
          else reject(Object.assign(new Error(text), { code: `HTTP ${response.statusCode}` }));
        });
      },
    );
    call.on("socket", (socket) => {
      const note = (): void => void (connection.clientPort = socket.localPort ?? 0);
      if (socket.connecting) socket.once("connect", note);
      else note();
    });
    call.on("timeout", () => call.destroy(Object.assign(new Error("no answer"), { code: "TIMEOUT" })));
    call.on("error", reject);
    call.end(body);
  });
}

/** Why an answer is not what it must be. */
function complaintAbout({ what, denial }: ReviewCase, uid: string, text: string): string | undefined {
  const parsed = readJson(text);
  const response = parsed.ok ? own(parsed.value, "response") : undefined;
  if (ownString(response, "uid") !== uid) return `${what}: the answer is not to this request: ${text}`;
  const message = ownString(ownPath(response, "status"), "message") ?? "";
  const isAllowed = own(response, "allowed");
  if (denial === undefined) return isAllowed === true ? undefined : `${what}: not admitted: ${text}`;
  return isAllowed === false && denial.test(message) ? undefined : `${what}: not denied: ${text}`;
}

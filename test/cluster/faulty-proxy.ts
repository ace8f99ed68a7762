/** A way to the API server on which anything may go wrong, and on which everything that is asked is counted. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Agent, request } from "node:https";
import type { Socket } from "node:net";
import type { ClusterConfig } from "@portcullis/kube";
import { listenOnLoopback } from "../loopback.ts";

/** What goes wrong on the way. All of it may at once. */
export interface Faults {
  /** The share of requests that are answered 429 or 500, in turn. */
  readonly failing?: number;
  /** Writes are answered 500, as by an API server whose etcd takes none. */
  readonly isReadOnly?: boolean;
  /** Every connection is broken as soon as something is asked on it. */
  readonly isUnreachable?: boolean;
  /** The share of watches that are answered 410 Gone, by status and by event in turn. */
  readonly forgetting?: number;
  /** Bookmarks do not come through. */
  readonly withoutBookmarks?: boolean;
  /** Watches of these paths stay open and bring nothing. */
  readonly silentWatches?: RegExp;
  /** How late every answer comes. */
  readonly delayMilliseconds?: number;
  /** Every watch is broken after at most this long. */
  readonly watchMilliseconds?: number;
}

/** The way. */
export interface FaultyProxy {
  /** Without TLS: the way is on loopback. */
  readonly url: string;
  /** From now on this goes wrong; nothing where nothing is given. Heals what waits. */
  set(faults?: Faults): void;
  /** Breaks every watch that is open. */
  breakWatches(): void;
  /** What was asked until now, as `GET /path`. */
  asked(): readonly string[];
  stop(): Promise<void>;
}

const busy = { kind: "Status", apiVersion: "v1", status: "Failure", reason: "TooManyRequests", code: 429 };
const broken = { kind: "Status", apiVersion: "v1", status: "Failure", reason: "InternalError", code: 500 };
const gone = { kind: "Status", apiVersion: "v1", status: "Failure", reason: "Expired", code: 410, message: "too old" };

/** Opens the way to the API server of the configuration; at first nothing goes wrong. */
export async function startFaultyProxy(config: ClusterConfig): Promise<FaultyProxy> {
  let faults: Faults = {};
  let turn = 0;
  const asked: string[] = [];
  const watches = new Set<ServerResponse>();
  const sockets = new Set<Socket>();
  const target = new URL(config.server);
  const agent = new Agent({ keepAlive: true, ca: config.certificateAuthority });

  const fail = (response: ServerResponse, status: object & { code: number }): void => {
    const headers = status.code === 429 ? { "retry-after": "1" } : {};
    response.writeHead(status.code, { "content-type": "application/json", ...headers }).end(JSON.stringify(status));
  };
  const pass = (incoming: IncomingMessage, response: ServerResponse): void => {
    const isWatch = (incoming.url ?? "").includes("watch=true");
    const { host: _host, ...headers } = incoming.headers;
    const sent = request(
      { agent, host: target.hostname, port: target.port, method: incoming.method, path: incoming.url, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        // A watch begins before anything happens.
        response.flushHeaders();
        answer.on("error", () => response.destroy());
        if (isWatch && faults.silentWatches?.test(incoming.url ?? "") === true) silence(answer, response);
        else if (isWatch) follow(answer, response, faults);
        else answer.pipe(response);
      },
    );
    sent.on("error", () => response.destroy());
    response.on("close", () => sent.destroy());
    incoming.pipe(sent);
  };
  const silence = (answer: IncomingMessage, response: ServerResponse): void => {
    watches.add(response);
    response.on("close", () => watches.delete(response));
    answer.resume();
    answer.on("end", () => response.end());
  };
  const follow = (answer: IncomingMessage, response: ServerResponse, at: Faults): void => {
    watches.add(response);
    response.on("close", () => watches.delete(response));
    if (at.watchMilliseconds !== undefined) {
      setTimeout(() => response.destroy(), at.watchMilliseconds * Math.random()).unref();
    }
    if (at.withoutBookmarks !== true) return void answer.pipe(response);
    let rest = "";
    answer.setEncoding("utf8");
    answer.on("data", (part: string) => {
      const lines = (rest + part).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (!line.includes('"type":"BOOKMARK"')) response.write(`${line}\n`);
    });
    answer.on("end", () => response.end(rest));
  };
  const answer = (incoming: IncomingMessage, response: ServerResponse): void => {
    const { failing = 0, isReadOnly = false, isUnreachable = false, forgetting = 0 } = faults;
    const isWatch = (incoming.url ?? "").includes("watch=true");
    turn += 1;
    if (isUnreachable) return void incoming.socket.destroy();
    if (Math.random() < failing) return fail(response, turn % 2 === 0 ? busy : broken);
    if (isReadOnly && incoming.method !== "GET") return fail(response, broken);
    if (!isWatch || Math.random() >= forgetting) return pass(incoming, response);
    if (turn % 2 === 0) return fail(response, gone);
    response.writeHead(200, { "content-type": "application/json" });
    response.end(`${JSON.stringify({ type: "ERROR", object: gone })}\n`);
  };
  const server = createServer((incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    // Who asked has gone, most likely since we broke the connection.
    response.on("error", () => {});
    const { delayMilliseconds = 0 } = faults;
    if (delayMilliseconds === 0) answer(incoming, response);
    else setTimeout(() => answer(incoming, response), delayMilliseconds);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  const port = await listenOnLoopback(server);
  const breakWatches = (): void => {
    for (const each of watches) each.destroy();
  };
  return {
    url: `http://127.0.0.1:${port}`,
    set(next = {}) {
      // A connection that was open before is as bad as a new one.
      if (next.isUnreachable === true) for (const each of sockets) each.destroy();
      faults = next;
    },
    breakWatches,
    asked: () => asked,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const each of sockets) each.destroy();
        agent.destroy();
      }),
  };
}

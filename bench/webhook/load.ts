/**
 * Sends reviews to a server and says how it answered: a process of its own, so that it can have a core of its own.
 * It speaks HTTP over bare TLS connections, since a whole client would be slower than the servers it measures.
 */
import { connect, type TLSSocket } from "node:tls";

/** What to send, and how fast. */
export interface LoadOrder {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly ca: string;
  readonly body: string;
  readonly seconds: number;
  readonly connections: number;
  /** Requests a second, each measured from when it was due; as many as the server answers where absent. */
  readonly rate?: number;
}

/** How it went. */
export interface LoadReport {
  readonly requests: number;
  readonly perSecond: number;
  readonly failures: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** The body of the last answer. */
  readonly answer: string;
}

/** One connection, on which one request is asked at a time. */
class Connection {
  readonly #socket: TLSSocket;
  #rest: Buffer = Buffer.alloc(0);
  #done: ((answer: string | undefined) => void) | undefined;

  constructor(socket: TLSSocket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.#take(chunk);
    });
    socket.on("error", () => this.#end(undefined));
    socket.on("close", () => this.#end(undefined));
  }

  get isFree(): boolean {
    return this.#done === undefined;
  }

  ask(request: Buffer, done: (answer: string | undefined) => void): void {
    this.#done = done;
    this.#socket.write(request);
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const head = this.#rest.indexOf("\r\n\r\n");
    if (head === -1) return;
    const text = this.#rest.toString("latin1", 0, head);
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? Number.NaN);
    const end = head + 4 + length;
    if (this.#rest.length < end) return;
    const body = this.#rest.toString("latin1", head + 4, end);
    this.#rest = Buffer.alloc(0);
    this.#end(text.startsWith("HTTP/1.1 200") ? body : undefined);
  }

  #end(answer: string | undefined): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(answer);
  }
}

async function open({ host, port, ca }: LoadOrder): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, ca, checkServerIdentity: () => undefined }, () => {
      socket.setNoDelay(true);
      resolve(new Connection(socket));
    });
    socket.once("error", reject);
  });
}

async function run(order: LoadOrder): Promise<LoadReport> {
  const { host, path, body, seconds, rate } = order;
  const head = `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  const request = Buffer.from(head + body);
  const connections = await Promise.all(Array.from({ length: order.connections }, () => open(order)));
  const times: number[] = [];
  let failures = 0;
  let answer = "";
  const until = performance.now() + seconds * 1000;
  const from = performance.now();
  const ask = (connection: Connection, due: number, then: () => void): void => {
    connection.ask(request, (text) => {
      if (text === undefined) failures += 1;
      else {
        times.push(performance.now() - due);
        answer = text;
      }
      then();
    });
  };
  if (rate === undefined) {
    await Promise.all(
      connections.map(
        (connection) =>
          new Promise<void>((resolve) => {
            const next = (): void => {
              const now = performance.now();
              if (now >= until || failures > 100) resolve();
              else ask(connection, now, next);
            };
            next();
          }),
      ),
    );
  } else await openLoop(connections, rate, until, ask);
  const took = (performance.now() - from) / 1000;
  for (const connection of connections) connection.close();
  times.sort((a, b) => a - b);
  const at = (share: number): number =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return { requests: times.length, perSecond: times.length / took, failures, p50: at(0.5), p99: at(0.99), answer };
}

/** Asks at fixed moments, however slow the answers are. */
function openLoop(
  connections: readonly Connection[],
  rate: number,
  until: number,
  ask: (connection: Connection, due: number, then: () => void) => void,
): Promise<void> {
  const due: number[] = [];
  let next = performance.now();
  let isOver = false;
  let inWork = 0;
  return new Promise((resolve) => {
    const send = (): void => {
      for (const connection of connections) {
        if (due.length === 0) break;
        if (!connection.isFree) continue;
        inWork += 1;
        ask(connection, due.shift() ?? 0, () => {
          inWork -= 1;
          send();
        });
      }
      if (isOver && inWork === 0 && due.length === 0) resolve();
    };
    const tick = (): void => {
      const now = performance.now();
      while (next <= now && next < until) {
        due.push(next);
        next += 1000 / rate;
      }
      isOver = next >= until;
      send();
      if (!isOver) setTimeout(tick, Math.max(0, next - performance.now()));
    };
    tick();
  });
}

process.once("message", (order: LoadOrder) => {
  void run(order).then((report) => {
    process.send?.(report);
    process.disconnect?.();
  });
});

import { connect, createServer, type Socket } from "node:net";
import { listenOnLoopback } from "../loopback.ts";

/** A TCP balancer on loopback, which stands for a Service: each connection goes to the next of the ready replicas. */
export interface Balancer {
  readonly port: number;
  /** From now on, the ports of the replicas that are ready. Connections that are open stay where they are. */
  setBackends(ports: readonly number[]): void;
  /** Connections it could give to nobody. */
  refused(): number;
  /** The replica's port that the connection from this port was given to, open or not. */
  backendOf(clientPort: number): number | undefined;
  stop(): Promise<void>;
}

/** Starts a balancer over nobody yet. */
export async function startBalancer(): Promise<Balancer> {
  let backends: readonly number[] = [];
  let turn = 0;
  let refused = 0;
  const open = new Set<Socket>();
  const given = new Map<number, number>();
  const keep = (socket: Socket): void => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  };
  const server = createServer({ noDelay: true }, (incoming) => {
    keep(incoming);
    const port = backends[turn % Math.max(backends.length, 1)];
    turn += 1;
    if (port === undefined) {
      refused += 1;
      incoming.destroy();
      return;
    }
    if (incoming.remotePort !== undefined) given.set(incoming.remotePort, port);
    const outgoing = connect({ host: "127.0.0.1", port, noDelay: true });
    keep(outgoing);
    join(incoming, outgoing);
  });
  const port = await listenOnLoopback(server);
  return {
    port,
    setBackends: (ports) => void (backends = ports),
    refused: () => refused,
    backendOf: (clientPort) => given.get(clientPort),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

/** Makes two connections one: what ends or breaks on one side does on the other. */
export function join(one: Socket, other: Socket): void {
  one.pipe(other);
  other.pipe(one);
  const breakBoth = (): void => {
    one.destroy();
    other.destroy();
  };
  one.on("error", breakBoth);
  other.on("error", breakBoth);
  one.on("close", breakBoth);
  other.on("close", breakBoth);
}

/** The cluster's network as the API server sees it: the addresses of Services, each of which leads to a loopback port. */
import { createServer } from "node:http";
import { connect, Socket } from "node:net";
import { join as joinPath } from "node:path";
import { writeFileSync } from "node:fs";
import { join } from "./balancer.ts";

/** Where Services are reached. */
export interface ServiceNetwork {
  /** What the API server is to read, so that it reaches Services through here. */
  readonly egressFile: string;
  /** From now on this cluster address leads to that loopback port. */
  route(address: string, port: number): void;
  stop(): Promise<void>;
}

/** Starts a network in which no Service is yet. The API server comes by CONNECT over a socket in the folder. */
export async function startServiceNetwork(folder: string): Promise<ServiceNetwork> {
  const routes = new Map<string, number>();
  const open = new Set<Socket>();
  const server = createServer((_request, response) => void response.writeHead(405).end());
  server.on("connect", (request, duplex) => {
    // A server that listens on a socket is given sockets.
    const incoming = duplex as Socket;
    open.add(incoming);
    incoming.once("close", () => open.delete(incoming));
    incoming.on("error", () => incoming.destroy());
    const port = routes.get(request.url ?? "");
    if (port === undefined) {
      incoming.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      return;
    }
    const outgoing = connect({ host: "127.0.0.1", port, noDelay: true }, () => {
      incoming.write("HTTP/1.1 200 OK\r\n\r\n");
      join(incoming, outgoing);
    });
    outgoing.on("error", () => incoming.destroy());
  });
  const socket = joinPath(folder, "services.sock");
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  const egressFile = joinPath(folder, "egress.json");
  writeFileSync(
    egressFile,
    JSON.stringify({
      apiVersion: "apiserver.k8s.io/v1beta1",
      kind: "EgressSelectorConfiguration",
      egressSelections: [
        {
          name: "cluster",
          connection: { proxyProtocol: "HTTPConnect", transport: { uds: { udsName: socket } } },
        },
      ],
    }),
  );
  return {
    egressFile,
    route: (address, port) => void routes.set(address, port),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const each of open) each.destroy();
      }),
  };
}

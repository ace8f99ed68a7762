import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { createHttpServer } from "@portcullis/host/http";
import { Connections } from "./connections.ts";

/** An answer in plain text. */
export interface PlainAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** A server without TLS, for what Kubernetes and Prometheus ask. */
export interface PlainServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Answers a GET; undefined where there is nothing of the path. */
export type PlainRoute = (url: URL) => Promise<PlainAnswer | undefined>;

/** Probes and scrapes come one after another, from a handful of places. */
const usualConnections = 128;

/** Serves on the address; an empty host is all of the machine's. */
export async function servePlain(
  { host, port }: { readonly host: string; readonly port: number },
  route: PlainRoute,
  most: number = usualConnections,
): Promise<PlainServer> {
  // Nobody who asks here has reason to be slow.
  const timeouts = { headersTimeout: 10_000, requestTimeout: 10_000, connectionsCheckingInterval: 1000 };
  const server = createHttpServer(timeouts, (request, response) => {
    answer(request, route).then(
      ({ status, contentType, text }) => {
        response.writeHead(status, { "content-type": contentType, "x-content-type-options": "nosniff" }).end(text);
      },
      (error: unknown) => {
        const text = error instanceof Error ? error.message : String(error);
        response.writeHead(500, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
      },
    );
  });
  const connections = new Connections(
    most,
    () => performance.now(),
    () => {},
  );
  server.on("connection", (socket) => connections.opened(socket));
  const looking = setInterval(() => connections.look(), 10_000);
  looking.unref();
  if (host === "") server.listen(port);
  else server.listen(port, host);
  await once(server, "listening");
  return {
    // The documented shape of a listening TCP server's address.
    port: (server.address() as AddressInfo).port,
    async close() {
      clearInterval(looking);
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(request: IncomingMessage, route: PlainRoute): Promise<PlainAnswer> {
  const plain = (status: number, text: string): PlainAnswer => ({
    status,
    contentType: "text/plain; charset=utf-8",
    text,
  });
  if (request.method !== "GET" && request.method !== "HEAD") return plain(405, "Method Not Allowed\n");
  if (!URL.canParse(request.url ?? "", "http://server")) return plain(400, "Bad Request\n");
  const found = await route(new URL(request.url ?? "", "http://server"));
  return found ?? plain(404, "404 page not found\n");
}

import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { createHttpServer } from "@portcullis/host/http";

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

/** Serves on the address; an empty host is all of the machine's. */
export async function servePlain(
  { host, port }: { readonly host: string; readonly port: number },
  route: PlainRoute,
): Promise<PlainServer> {
  const server = createHttpServer((request, response) => {
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
  // Nobody who asks here has reason to be slow.
  server.headersTimeout = 10_000;
  server.requestTimeout = 10_000;
  if (host === "") server.listen(port);
  else server.listen(port, host);
  await once(server, "listening");
  return {
    // The documented shape of a listening TCP server's address.
    port: (server.address() as AddressInfo).port,
    async close() {
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

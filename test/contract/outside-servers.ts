/** Servers on this machine that do what servers do, and what they should not: what http.send is held against. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import {
  createServer as createTcpServer,
  connect,
  type AddressInfo,
  type Server as TcpServer,
  type Socket,
} from "node:net";
import { gzipSync } from "node:zlib";
import { createAuthority, issueCertificate, type KeyedCertificate } from "@portcullis/certs";

/** The servers' addresses and the certificates that belong to them. */
export interface OutsideServers {
  /** What stands for them in a row: `$http` is `127.0.0.1:port`, and so on. */
  readonly names: ReadonlyMap<string, string>;
  readonly authority: KeyedCertificate;
  readonly client: KeyedCertificate;
  /** How many requests a server has seen. */
  seen(name: string): number;
  close(): void;
}

const pages: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>> = {
  "/json": (_, response) =>
    reply(response, 200, { "content-type": "application/json; charset=utf-8" }, '{"a": [1.50, 2]}'),
  "/problem": (_, response) => reply(response, 404, { "content-type": "application/problem+json" }, '{"x": 1}'),
  "/yaml": (_, response) => reply(response, 200, { "content-type": "application/yaml" }, "a: 1\nb: [x]\n"),
  "/broken": (_, response) => reply(response, 200, { "content-type": "application/json" }, "{"),
  "/text": (_, response) => reply(response, 200, { "x-two": ["a", "b"], "x-utf": latin("ü") }, "\ufeffgrüß"),
  "/bytes": (_, response) => reply(response, 200, {}, Buffer.from([0x61, 0xff, 0x62])),
  "/none": (_, response) => reply(response, 204, {}, ""),
  "/teapot": (_, response) => {
    response.writeHead(418, "Short and stout", { "content-length": 0 });
    response.end();
  },
  "/gzip": (_, response) =>
    reply(response, 200, { "content-encoding": "gzip", "content-type": "text/plain" }, gzipSync("packed")),
  "/not-gzip": (_, response) => reply(response, 200, { "content-encoding": "gzip" }, "not packed"),
  "/cut-gzip": (_, response) =>
    reply(response, 200, { "content-encoding": "gzip" }, gzipSync("packed").subarray(0, 20)),
  "/empty-gzip": (_, response) => reply(response, 200, { "content-encoding": "gzip" }, ""),
  "/chunks": (_, response) => {
    response.writeHead(200, { "content-type": "text/plain" });
    response.write("one ");
    response.end("two");
  },
  "/301": (_, response) => reply(response, 301, { location: "/echo?from=301#part" }, "moved"),
  "/302": (_, response) => reply(response, 302, { location: "echo" }, ""),
  "/307": (_, response) => reply(response, 307, { location: "/echo" }, ""),
  "/308": (_, response) => reply(response, 308, { location: "/echo" }, ""),
  "/nowhere": (_, response) => reply(response, 302, {}, "no location"),
  "/elsewhere": (_, response) => reply(response, 302, { location: "http://127.0.0.1:1/gone" }, ""),
  "/unknown-scheme": (_, response) => reply(response, 302, { location: "ftp://127.0.0.1/x" }, ""),
  "/hang": () => undefined,
  "/slow-body": (_, response) => {
    response.writeHead(200, { "content-length": 10 });
    response.write("half");
  },
  "/cut-body": (_, response) => {
    response.writeHead(200, { "content-length": 10 });
    response.write("half");
    setTimeout(() => response.destroy(), 20);
  },
  "/drop": (request) => request.socket.destroy(),
};

function reply(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string | string[]>>,
  body: string | Buffer,
): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, "content-length": bytes.length });
  response.end(bytes);
}

function latin(text: string): string {
  return Buffer.from(text).toString("latin1");
}

/** Headers that each client has its own way with. */
const own = ["user-agent", "connection", "accept-encoding"];

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = (request.url ?? "").split("?")[0] ?? "";
  const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
  if (page !== undefined) {
    page(request, response);
    return;
  }
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const headers = Object.entries(request.headers).filter(([name]) => !own.includes(name));
    headers.sort(([a], [b]) => (a < b ? -1 : 1));
    const { method, url } = request;
    const body = Buffer.concat(chunks).toString("base64");
    reply(response, 200, { "content-type": "application/json" }, JSON.stringify({ method, url, headers, body }));
  });
}

/** Starts all of them on free ports, and on a socket in the folder. */
export async function openOutside(folder: string): Promise<OutsideServers> {
  const now = Date.now();
  const day = 86_400_000;
  const span = { notBefore: new Date(now - day), notAfter: new Date(now + day) };
  const authority = await createAuthority({ commonName: "the outside", ...span });
  const stranger = await createAuthority({ commonName: "a stranger", ...span });
  const certificates: [name: string, KeyedCertificate][] = [
    [
      "https",
      await issueCertificate(authority, {
        commonName: "here",
        names: ["127.0.0.1", "localhost", "inside.test"],
        ...span,
      }),
    ],
    ["named", await issueCertificate(authority, { commonName: "named", names: ["a.test", "*.b.test"], ...span })],
    ["strange", await issueCertificate(stranger, { commonName: "strange", names: ["127.0.0.1"], ...span })],
    [
      "expired",
      await issueCertificate(authority, {
        commonName: "old",
        names: ["127.0.0.1"],
        notBefore: new Date(now - 3 * day),
        notAfter: new Date(now - 2 * day),
      }),
    ],
  ];
  const client = await issueCertificate(authority, {
    commonName: "client",
    names: ["client.test"],
    usages: ["client"],
    ...span,
  });
  const servers: (Server | TcpServer)[] = [];
  const names = new Map<string, string>();
  const sockets = new Set<Socket>();
  const seen = new Map<string, number>();
  const listen = async (name: string, server: Server | TcpServer, path?: string): Promise<void> => {
    servers.push(server);
    server.on("request", () => seen.set(name, (seen.get(name) ?? 0) + 1));
    server.on("connection", (socket: Socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined);
    });
    await new Promise<void>((resolve) => {
      if (path === undefined) server.listen(0, "127.0.0.1", resolve);
      else server.listen(path, resolve);
    });
    // as: a server that listens on a port has one
    names.set(name, path ?? `127.0.0.1:${(server.address() as AddressInfo).port}`);
  };
  await listen("http", createServer(answer));
  for (const [name, { certificate, privateKey }] of certificates) {
    await listen(name, createTlsServer({ cert: certificate, key: privateKey }, answer));
  }
  const [, keyed = client] = certificates[0] ?? [];
  const mutual = { cert: keyed.certificate, key: keyed.privateKey, ca: authority.certificate, requestCert: true };
  await listen("mutual", createTlsServer({ ...mutual, rejectUnauthorized: true }, answer));
  await listen(
    "garbage",
    createTcpServer((socket) => socket.once("data", () => socket.end("nonsense\r\n\r\n"))),
  );
  await listen("socket", createServer(answer), `${folder}/http.sock`);
  const inside = names.get("https") ?? "";
  await listen("proxy", proxyServer(names.get("http") ?? "", inside));
  return {
    names,
    authority,
    client,
    seen: (name) => seen.get(name) ?? 0,
    close() {
      for (const server of servers) server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** A proxy that knows one name, `inside.test`, and refuses all others. */
function proxyServer(plain: string, secure: string): Server {
  const server = createServer((request, response) => {
    const isKnown = request.url?.startsWith("http://inside.test/") === true;
    const said = `${request.method} ${request.url} ${request.headers["proxy-authorization"] ?? "nobody"} ${plain === "" ? "" : "to it"}`;
    reply(response, isKnown ? 200 : 502, { "content-type": "text/plain" }, said);
  });
  server.on("connect", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    if (request.url !== "inside.test:443") {
      socket.end("HTTP/1.1 403 Not That One\r\ncontent-length: 0\r\n\r\n");
      return;
    }
    const through = connect(Number(secure.split(":")[1]), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connected\r\n\r\n");
      if (head.length > 0) through.write(head);
      through.pipe(socket).pipe(through);
    });
    through.on("error", () => socket.destroy());
    socket.on("error", () => through.destroy());
  });
  return server;
}

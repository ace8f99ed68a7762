import type { ClientRequest, IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { createGunzip } from "node:zlib";
import { type Dial, proxyAuthorization, TransportError } from "./dial.ts";
import { systemErrorOf } from "./go-error.ts";
import { httpRequest } from "./plain-http.ts";
import { targetOf } from "./target.ts";
import { brokenText, endText, tlsText } from "./tls-error.ts";

/** What is written on a connection. */
export interface Message {
  readonly method: string;
  /** By canonical name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

/** What came back, its body still to be read. */
export interface Reply {
  /** `200 OK`. */
  readonly status: string;
  readonly statusCode: number;
  readonly headers: Map<string, string[]>;
  /** Reads the body to its end; rejects with a `BodyError` where it is too large or breaks off. */
  read(limit: number): Promise<Uint8Array>;
  /** Closes the connection. */
  close(): void;
}

/** What was wrong with the body of an answer. */
export class BodyError extends Error {}

/** Headers that say how the message is framed: they are the client's. */
const framing: ReadonlySet<string> = new Set(["Host", "Content-Length", "Transfer-Encoding", "Trailer"]);

/** Headers of one hop, which are not shown. */
const hidden: ReadonlySet<string> = new Set(["transfer-encoding", "trailer"]);

/** Writes a message on an open connection, and waits for the head of the answer. */
export function exchange(socket: Socket, message: Message, options: Dial, signal: AbortSignal): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const [local, remote] = [
      endText(socket.localAddress, socket.localPort),
      endText(socket.remoteAddress, socket.remotePort),
    ];
    const asksGzip = wantsGzip(message);
    const asked = write(socket, message, options, asksGzip);
    const aborted = (): void => {
      socket.destroy();
      reject(new TransportError("the request was given up"));
    };
    signal.addEventListener("abort", aborted, { once: true });
    asked.on("error", (error) => {
      signal.removeEventListener("abort", aborted);
      socket.destroy();
      reject(new TransportError(failureText(error, local, remote)));
    });
    asked.once("response", (response) => {
      signal.removeEventListener("abort", aborted);
      resolve(replyOf(response, socket, asksGzip, signal));
    });
    if (signal.aborted) aborted();
    else asked.end(message.body.length === 0 ? undefined : message.body);
  });
}

/** Go's client asks for gzip by itself, and unpacks it unseen. */
function wantsGzip({ method, headers }: Message): boolean {
  return method !== "HEAD" && !headers.has("Accept-Encoding") && !headers.has("Range");
}

function write(socket: Socket, message: Message, { target, proxy }: Dial, asksGzip: boolean): ClientRequest {
  const { method, headers, body } = message;
  const own = [...headers].filter(([name]) => !framing.has(name));
  const sent: Record<string, string> = {
    "User-Agent": "Portcullis",
    ...Object.fromEntries(own.map(([name, value]) => [name, asLatin1(value)])),
    Host: asLatin1(headers.get("Host") ?? target.authority),
    // What it is without the header; each connection is closed after its answer all the same.
    Connection: headers.get("Connection") ?? "keep-alive",
    ...(asksGzip ? { "Accept-Encoding": "gzip" } : {}),
  };
  if (target.credentials !== "" && !headers.has("Authorization")) {
    sent["Authorization"] = `Basic ${Buffer.from(target.credentials).toString("base64")}`;
  }
  if (body.length > 0) sent["Content-Length"] = String(body.length);
  else if (["POST", "PUT", "PATCH"].includes(method)) sent["Content-Length"] = "0";
  const hop = proxy === undefined || target.scheme === "https" ? undefined : targetOf(proxy);
  if (hop !== undefined && !("error" in hop)) Object.assign(sent, proxyAuthorization(hop));
  const asked = httpRequest({
    createConnection: () => socket,
    method,
    path: hop === undefined ? target.path : `http://${target.authority}${target.path}`,
    setHost: false,
    headers: sent,
    maxHeaderSize: 1 << 20,
  });
  // Of methods that it does not know, Node believes that they have a body.
  for (const name of ["Content-Length", "Transfer-Encoding"]) if (sent[name] === undefined) asked.removeHeader(name);
  return asked;
}

function replyOf(response: IncomingMessage, socket: Socket, askedGzip: boolean, signal: AbortSignal): Reply {
  const headers = new Map<string, string[]>();
  for (let at = 0; at + 1 < response.rawHeaders.length; at += 2) {
    const name = (response.rawHeaders[at] ?? "").toLowerCase();
    const value = Buffer.from(response.rawHeaders[at + 1] ?? "", "latin1").toString("utf8");
    if (hidden.has(name)) continue;
    const values = headers.get(name);
    if (values === undefined) headers.set(name, [value]);
    else values.push(value);
  }
  const statusCode = response.statusCode ?? 0;
  const isEmpty = headers.get("content-length")?.[0] === "0" || statusCode === 204 || statusCode === 304;
  const isPacked = askedGzip && !isEmpty && headers.get("content-encoding")?.[0]?.toLowerCase() === "gzip";
  if (isPacked) {
    headers.delete("content-encoding");
    headers.delete("content-length");
  }
  return {
    status: `${statusCode} ${response.statusMessage ?? ""}`,
    statusCode,
    headers,
    read: (limit) => readBody(response, socket, isPacked, limit, signal),
    close: () => {
      socket.destroy();
    },
  };
}

async function readBody(
  response: IncomingMessage,
  socket: Socket,
  isPacked: boolean,
  limit: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const aborted = (): void => {
    socket.destroy();
  };
  signal.addEventListener("abort", aborted, { once: true });
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    const stream = isPacked ? response.pipe(createGunzip()) : response;
    if (stream !== response) response.once("error", (error) => stream.destroy(error));
    for await (const chunk of stream) {
      // as: a stream without an encoding gives buffers
      const bytes = chunk as Buffer;
      size += bytes.length;
      if (size > limit) throw new BodyError(`the answer is larger than ${limit} bytes`);
      chunks.push(bytes);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    if (error instanceof BodyError) throw error;
    const { code, message } = systemErrorOf(error);
    if (code === "Z_DATA_ERROR") throw new BodyError(size === 0 ? "gzip: invalid header" : "gzip: invalid checksum");
    const breaksOff = ["ECONNRESET", "Z_BUF_ERROR"].includes(code) || message === "aborted";
    throw new BodyError(breaksOff ? "unexpected EOF" : message);
  } finally {
    signal.removeEventListener("abort", aborted);
    socket.destroy();
  }
}

function failureText(error: Error, local: string, remote: string): string {
  const system = systemErrorOf(error);
  if (system.code.startsWith("HPE_")) {
    const packet = "rawPacket" in error && Buffer.isBuffer(error.rawPacket) ? error.rawPacket.toString("utf8") : "";
    const [line = ""] = packet.split(/\r?\n/);
    return `net/http: HTTP/1.x transport connection broken: malformed HTTP response ${JSON.stringify(line)}`;
  }
  if (system.code === "ECONNRESET" && system.syscall === "") return "EOF";
  // Under TLS 1.3 the other side judges our certificate after the handshake.
  if (system.code.startsWith("ERR_SSL_")) return tlsText(error);
  return system.syscall === "" ? system.message : brokenText(error, local, remote);
}

/** Node writes headers as Latin-1; the octets are to be those of UTF-8. */
function asLatin1(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

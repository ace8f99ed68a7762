import type { IncomingMessage } from "node:http";
import { connect, isIP, type Socket } from "node:net";
import {
  checkServerIdentity,
  connect as connectTls,
  type PeerCertificate,
  type SecureContext,
  type TLSSocket,
} from "node:tls";
import { dialText, systemErrorOf } from "./go-error.ts";
import { lookupName } from "./lookup.ts";
import { httpRequest } from "./plain-http.ts";
import { targetOf, type Target } from "./target.ts";
import { tlsText, untrustedText } from "./tls-error.ts";

/** Whom to connect to, and how to know them. */
export interface Dial {
  readonly target: Target;
  readonly proxy: string | undefined;
  /** Whom to trust, and what to show. */
  readonly context: () => SecureContext;
  /** The name that the other side must prove. */
  readonly serverName: string;
  readonly insecure: boolean;
}

/** What went wrong between here and the answer, in the words of Go's client. */
export class TransportError extends Error {}

/** An open connection on which the request can be written; for `https` the other side has proved its name. */
export async function dial(options: Dial, signal: AbortSignal): Promise<Socket> {
  const { target, proxy } = options;
  if (proxy === undefined) {
    const plain = await open(target, signal);
    return target.scheme === "https" ? secure(plain, options, signal) : plain;
  }
  const hop = targetOf(proxy);
  if ("error" in hop)
    throw new TransportError(`proxyconnect tcp: the proxy ${JSON.stringify(proxy)} is not one for HTTP`);
  let socket: Socket;
  try {
    socket = await open(hop, signal);
    if (hop.scheme === "https") {
      socket = await secure(socket, { ...options, target: hop, serverName: hop.host, insecure: false }, signal);
    }
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    throw new TransportError(`proxyconnect tcp: ${error.message}`);
  }
  return target.scheme === "https" ? secure(await tunnel(socket, hop, target), options, signal) : socket;
}

/** A connection, by the addresses of the name in their order. */
async function open({ host, port, socket }: Target, signal: AbortSignal): Promise<Socket> {
  if (socket !== undefined) return opened(connect({ path: socket }), signal);
  if (isIP(host) !== 0) return opened(connect({ host, port }), signal);
  const found = await lookupName(host, signal);
  if (found.kind === "failed") throw new TransportError(`dial tcp: ${found.error}`);
  let first: unknown;
  for (const address of found.addresses) {
    signal.throwIfAborted();
    try {
      return await opened(connect({ host: address, port }), signal);
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}

function opened(socket: Socket, signal: AbortSignal): Promise<Socket> {
  return settled(socket, signal, "connect", dialText);
}

/** Resolves when the event comes, rejects with a text at an error; a fired signal destroys the connection. */
function settled<S extends Socket>(
  socket: S,
  signal: AbortSignal,
  event: "connect" | "secureConnect",
  text: (error: unknown) => string,
): Promise<S> {
  return new Promise((resolve, reject) => {
    const aborted = (): void => {
      socket.destroy();
      reject(new TransportError("the request was given up"));
    };
    const failed = (error: unknown): void => {
      signal.removeEventListener("abort", aborted);
      reject(new TransportError(text(error)));
    };
    signal.addEventListener("abort", aborted, { once: true });
    socket.once("error", failed);
    // Whoever uses it next may not listen yet when it breaks.
    socket.on("error", () => undefined);
    socket.once(event, () => {
      socket.off("error", failed);
      signal.removeEventListener("abort", aborted);
      resolve(socket);
    });
    if (signal.aborted) aborted();
  });
}

/** TLS on a connection. Whether the other side is who it should be is decided here, before anything is sent. */
async function secure(plain: Socket, options: Dial, signal: AbortSignal): Promise<TLSSocket> {
  const { context, serverName, insecure } = options;
  const socket = await settled(
    connectTls({
      socket: plain,
      host: serverName,
      ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
      secureContext: context(),
      ALPNProtocols: ["http/1.1"],
      // Judged below, where the reason can be told as Go tells it.
      rejectUnauthorized: false,
      checkServerIdentity: (_, certificate) => identityError(serverName, certificate),
    }),
    signal,
    "secureConnect",
    tlsText,
  );
  if (insecure || socket.authorized) return socket;
  const why = untrustedText(socket, serverName);
  socket.destroy();
  throw new TransportError(why);
}

/** Go knows no names but those of the extension; Node would take the subject's common name. */
function identityError(name: string, certificate: PeerCertificate): Error | undefined {
  if (certificate.subjectaltname === undefined) return new Error("no subject alternative names");
  return checkServerIdentity(name, certificate);
}

/** A tunnel to the target through a proxy. */
function tunnel(socket: Socket, proxy: Target, target: Target): Promise<Socket> {
  const authority = `${target.host.includes(":") ? `[${target.host}]` : target.host}:${target.port}`;
  return new Promise((resolve, reject) => {
    const asked = httpRequest({
      createConnection: () => socket,
      method: "CONNECT",
      path: authority,
      setHost: false,
      headers: { host: authority, ...proxyAuthorization(proxy) },
    });
    asked.once("error", (error) => {
      reject(new TransportError(systemErrorOf(error).message));
    });
    const refused = (response: IncomingMessage): void => {
      socket.destroy();
      reject(new TransportError(response.statusMessage ?? ""));
    };
    asked.once("connect", (response) => {
      if (response.statusCode === 200) resolve(socket);
      else refused(response);
    });
    asked.once("response", refused);
    asked.end();
  });
}

/** The header by which a proxy knows us. */
export function proxyAuthorization({ credentials }: Target): Readonly<Record<string, string>> {
  return credentials === "" ? {} : { "proxy-authorization": `Basic ${Buffer.from(credentials).toString("base64")}` };
}

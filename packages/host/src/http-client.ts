import { setTimeout as sleep } from "node:timers/promises";
import type { SecureContext } from "node:tls";
import type { HttpFact, HttpRequest } from "@portcullis/rego/host";
import { dial, type Dial, TransportError } from "./dial.ts";
import { BodyError, exchange, type Message, type Reply } from "./exchange.ts";
import { proxyFor } from "./proxy.ts";
import { redirected, targetOf, type Target } from "./target.ts";
import { contextOf, type Environment, tlsMaterial } from "./tls-material.ts";

/** How requests are made. */
export interface HttpClientOptions {
  readonly environment: Environment;
  /** Octets that an answer's body may have, unpacked. */
  readonly bodyLimit: number;
  /** What TLS begins with where a request says nothing of it. */
  readonly systemContext: () => SecureContext;
}

const maxTimeout = 2_147_483_647;
const maxRedirects = 100;

/** Sends a request as OPA does: redirections, retries and time limit included. Does not reject. */
export async function sendHttp(
  request: HttpRequest,
  options: HttpClientOptions,
  signal: AbortSignal | undefined,
): Promise<HttpFact> {
  if (request.method === "CONNECT")
    return { kind: "refused", why: "the method CONNECT opens a tunnel, which is no request" };
  const material = await tlsMaterial(request.tls, options.environment);
  if ("error" in material) return { kind: "refused", why: material.error };
  const saysNothing = material.authorities === undefined && material.identities.length === 0;
  let made: SecureContext | undefined;
  const context = (): SecureContext => (made ??= saysNothing ? options.systemContext() : contextOf(material));
  for (let attempt = 0; ; attempt++) {
    const fact = await attemptHttp(request, context, options, signal);
    const isLast = attempt >= request.maxRetryAttempts || signal?.aborted === true;
    if (fact.kind !== "unreachable" || isLast) return fact;
    try {
      await sleep(backoff(attempt), undefined, { signal });
    } catch {
      // Given up while waiting.
      return fact;
    }
  }
}

/** Milliseconds before the next attempt: none, then 160 and 1.6 times as long each time, a fifth more or less. */
function backoff(attempt: number): number {
  if (attempt === 0) return 0;
  return Math.min(100 * 1.6 ** attempt, 60_000) * (0.8 + Math.random() * 0.4);
}

async function attemptHttp(
  request: HttpRequest,
  context: () => SecureContext,
  options: HttpClientOptions,
  signal: AbortSignal | undefined,
): Promise<HttpFact> {
  const limit = request.timeout > 0n ? AbortSignal.timeout(milliseconds(request.timeout)) : undefined;
  const either = [limit, signal].filter((each) => each !== undefined);
  const over = either.length === 0 ? new AbortController().signal : AbortSignal.any(either);
  const trail: Trail = { message: request, url: request.url, from: undefined };
  try {
    const reply = await follow(request, trail, context, options, over);
    try {
      const body = await reply.read(options.bodyLimit);
      return { kind: "response", status: reply.status, statusCode: reply.statusCode, headers: reply.headers, body };
    } catch (error) {
      if (!(error instanceof BodyError)) throw error;
      const late = "context deadline exceeded (Client.Timeout or context cancellation while reading body)";
      return { kind: "refused", why: limit?.aborted === true ? late : error.message };
    }
  } catch (error) {
    const late = limit?.aborted === true;
    const isKnown = error instanceof TransportError || over.aborted;
    if (!isKnown) throw error;
    const reason = late
      ? "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
      : signal?.aborted === true
        ? "context canceled"
        : (error as TransportError).message; // as: what else is known
    return {
      kind: "unreachable",
      error: `${operation(trail.message.method)} ${quoted(shown(trail.url))}: ${reason}`,
      timedOut: late,
    };
  }
}

function milliseconds(nanoseconds: bigint): number {
  return Math.min(Math.max(Number(nanoseconds / 1_000_000n), 1), maxTimeout);
}

/** Where the request has come to. */
interface Trail {
  message: Message;
  url: string;
  from: Target | undefined;
}

/** Sends, and goes where the answer points to if the request says so. */
async function follow(
  request: HttpRequest,
  trail: Trail,
  context: () => SecureContext,
  options: HttpClientOptions,
  signal: AbortSignal,
): Promise<Reply> {
  for (let hops = 0; ; hops++) {
    const target = targetOf(trail.url);
    if ("error" in target) throw new TransportError(target.error);
    // A request over a socket stays on it.
    const via = trail.from?.socket === undefined ? target : { ...target, socket: trail.from.socket };
    const way: Dial = {
      target: via,
      proxy: proxyFor(via, options.environment),
      context,
      serverName: request.tls.serverName || request.headers.get("Host") || via.host,
      insecure: request.tls.insecureSkipVerify,
    };
    const socket = await dial(way, signal);
    const reply = await exchange(socket, trail.message, way, signal);
    const location = reply.headers.get("location")?.[0];
    if (!request.followsRedirects || !isRedirection(reply.statusCode) || location === undefined || location === "") {
      return reply;
    }
    reply.close();
    if (hops === maxRedirects) throw new TransportError(`stopped after ${maxRedirects} redirects`);
    const next = redirected(via, location);
    if ("error" in next) throw new TransportError(next.error);
    trail.message = redirectedMessage(trail.message, reply.statusCode, via, next.url);
    trail.url = next.url;
    trail.from = via;
  }
}

function isRedirection(statusCode: number): boolean {
  return [301, 302, 303, 307, 308].includes(statusCode);
}

/** What only the host may know that it was meant for. */
const secret: ReadonlySet<string> = new Set([
  "Authorization",
  "Www-Authenticate",
  "Cookie",
  "Cookie2",
  "Proxy-Authorization",
  "Proxy-Authenticate",
]);

function redirectedMessage({ method, headers, body }: Message, statusCode: number, from: Target, url: string): Message {
  const keeps = statusCode === 307 || statusCode === 308;
  const target = targetOf(url);
  const host = "error" in target ? "" : target.host;
  const isTrusted = host === from.host || host.endsWith(`.${from.host}`);
  const kept = new Map([...headers].filter(([name]) => name !== "Host" && (isTrusted || !secret.has(name))));
  const isDowngrade = from.scheme === "https" && url.startsWith("http:");
  if (!kept.has("Referer") && !isDowngrade) kept.set("Referer", from.shown.replace(/\/\/[^/@]*@/, "//"));
  if (keeps) return { method, headers: kept, body };
  for (const name of ["Content-Type", "Content-Encoding", "Content-Language", "Content-Location"]) kept.delete(name);
  return { method: method === "HEAD" ? "HEAD" : "GET", headers: kept, body: new Uint8Array() };
}

/** `Get`, as Go names what was attempted. */
function operation(method: string): string {
  return method === "" ? "Get" : method.slice(0, 1) + method.slice(1).toLowerCase();
}

function shown(url: string): string {
  const target = targetOf(url);
  return "error" in target ? url.replace(/^([^:/?#]+:\/\/[^:/?#@]*):[^/?#@]*@/, "$1:***@") : target.shown;
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}

import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { Clock } from "@portcullis/kube";
import { errored, type AdmissionRequest, type Verdict } from "@portcullis/policy";
import { byDeadline } from "../by-deadline.ts";
import type { Log } from "../log/log.ts";
import { bodyLimit, Call, headerOf } from "./call.ts";
import { readReview, writeReview, type Asked } from "./admission-review.ts";
import { timeAllowed } from "./deadline.ts";
import { OneATurn } from "./one-a-turn.ts";
import { connectionOf, Connections } from "../connections.ts";
import { silentServerObserver, type ServerObserver } from "./server-observer.ts";
import { Tally } from "./tally.ts";
import { Turn } from "./turn.ts";

/** Answers one admission request by the deadline (milliseconds on the clock); at once where nothing is waited for. */
export type AdmissionHandler = (request: AdmissionRequest, deadline: number) => Verdict | Promise<Verdict>;

/** What the webhook's server serves, and where. */
export interface WebhookServerOptions {
  /** Empty for every address. */
  readonly host: string;
  /** 0 for any. */
  readonly port: number;
  /** PEM. */
  readonly certificate: string;
  readonly privateKey: string;
  /** Handlers by path. */
  readonly handlers: ReadonlyMap<string, AdmissionHandler>;
  readonly log: Log;
  readonly clock: Clock;
  readonly observer?: ServerObserver;
  /** How long a call may take that does not say so itself. */
  readonly timeoutMilliseconds: number;
  /** Requests that may be in work at once; `usualServing` where absent. */
  readonly maxServing?: number;
  /** Bytes that all large bodies may have together while they are read; `usualBytes` where absent. */
  readonly maxBytes?: number;
  /** Connections that may be open at once before idle ones are closed; `usualConnections` where absent. */
  readonly maxConnections?: number;
  /** How often is looked for answers that are not taken, three times before the connection is closed; ten seconds where absent. */
  readonly lookMilliseconds?: number;
  /** How long a request may take to arrive; ten seconds where absent. */
  readonly requestMilliseconds?: number;
  /** Who may call; anybody where absent. */
  readonly callers?: { readonly authority: string; readonly commonName: string };
  readonly minTlsVersion?: "TLSv1.2" | "TLSv1.3";
}

/** What a path and its query mean. */
interface Route {
  readonly handler: AdmissionHandler;
  readonly milliseconds: number;
}

/** More than an API server has in flight; beyond it somebody floods us, and each call holds a body. */
const usualServing = 1024;
/** Each API server keeps 25 idle ones. One takes some 75 KiB, whoever keeps it. */
const usualConnections = 1024;
/** All bodies that are being read, together, but for the small ones. */
const usualBytes = 12 * bodyLimit;
/** Most reviews are smaller. They are read whatever large ones are on their way, or these could shut out all others. */
const smallBody = 64 * 1024;
/** The API server calls with a handful of different queries. */
const mostRoutes = 64;

/** The HTTPS server that the API server calls. */
export class WebhookServer {
  readonly #options: WebhookServerOptions;
  readonly #server: Server;
  readonly #routes = new Map<string, Route>();
  readonly #known = new WeakSet<Socket>();
  #listening: Promise<number> | undefined;
  readonly #large = new OneATurn();
  readonly #connections: Connections;
  #serving = 0;
  #bytes = 0;
  #isDraining = false;
  readonly #turn: Turn;
  readonly #observer: ServerObserver;
  readonly #strangers: Tally;
  readonly #shed: Tally;

  constructor(options: WebhookServerOptions) {
    this.#options = options;
    this.#turn = new Turn(() => options.clock.now());
    this.#observer = options.observer ?? silentServerObserver;
    const { requestMilliseconds = 10_000, clock, log } = options;
    this.#strangers = new Tally(clock, (calls, from) => {
      log.warn("calls were refused: they did not show the certificate of an API server", { calls, from });
    });
    this.#shed = new Tally(clock, (calls) => {
      log.warn(
        "calls were answered with 429, since too much is in work; what becomes of them the failure policy says",
        {
          calls,
        },
      );
    });
    this.#server = createServer(
      {
        ...this.#context(options.certificate, options.privateKey),
        ...(options.callers === undefined ? {} : { requestCert: true, rejectUnauthorized: false }),
        // Longer than API servers keep idle connections: were we to end them, a call could be on its way.
        keepAliveTimeout: 300_000,
        // An API server sends what it has at once. Who does not would hold a place that others need.
        headersTimeout: Math.min(5000, requestMilliseconds),
        requestTimeout: requestMilliseconds,
        handshakeTimeout: requestMilliseconds,
        connectionsCheckingInterval: 500,
        noDelay: true,
      },
      (request, response) => {
        this.#serve(request, response);
      },
    );
    const crowd = new Tally(clock, (closed, from) => {
      log.warn("idle connections were closed: too many are open", { closed, from });
    });
    this.#connections = new Connections(
      options.maxConnections ?? usualConnections,
      () => clock.now(),
      (from) => {
        this.#observer.closedIdle();
        crowd.count(from);
      },
    );
    this.#server.on("connection", (socket) => this.#connections.opened(socket));
    const secured = new WeakSet<object>();
    this.#server.on("secureConnection", (socket) => {
      secured.add(socket);
      this.#connections.secured(socket);
    });
    // A connection that breaks is the caller's affair.
    this.#server.on("clientError", (_error, socket) => {
      // Before TLS is up nothing can be said: an answer would wait for ever, and the connection with it.
      if (socket.writable && secured.has(socket))
        socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", () => socket.destroy());
      else socket.destroy();
    });
  }

  /** Begins to listen; the port. Called once. */
  listen(): Promise<number> {
    this.#listening = this.#listen();
    return this.#listening;
  }

  /** Serves with a renewed certificate from the next connection on. */
  renew(certificate: string, privateKey: string): void {
    this.#server.setSecureContext(this.#context(certificate, privateKey));
  }

  /** Serves on, but asks each caller to take another connection the next time. */
  drain(): void {
    this.#isDraining = true;
  }

  /** Finishes what is being answered and ends the connections. */
  async close(): Promise<void> {
    this.drain();
    // A server that does not listen yet cannot be closed: it would listen all the same.
    const port = await this.#listening?.catch(() => undefined);
    // Whoever began to listen is told why that failed.
    if (port === undefined) return;
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeIdleConnections();
    await closed;
  }

  async #listen(): Promise<number> {
    const { port, host } = this.#options;
    this.#server.listen(port, host === "" ? undefined : host);
    await once(this.#server, "listening");
    // Also while it ends: who does not take an answer must not keep it from that.
    const looking = setInterval(() => this.#connections.look(), this.#options.lookMilliseconds ?? 10_000);
    looking.unref();
    this.#server.once("close", () => clearInterval(looking));
    // The documented shape of a listening TCP server's address.
    return (this.#server.address() as AddressInfo).port;
  }

  #context(cert: string, key: string): { cert: string; key: string; ca?: string; minVersion: "TLSv1.2" | "TLSv1.3" } {
    const { callers, minTlsVersion } = this.#options;
    return {
      cert,
      key,
      ...(callers === undefined ? {} : { ca: callers.authority }),
      minVersion: minTlsVersion ?? "TLSv1.3",
    };
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const route = this.#routeOf(request.url ?? "");
    if (route === undefined) return refuse(request, response, 404, "404 page not found\n");
    if (!this.#mayCall(request.socket)) {
      this.#observer.refused("caller");
      this.#strangers.count(request.socket.remoteAddress ?? "");
      return refuse(request, response, 401, "a client certificate of the API server is needed\n");
    }
    // Reading `headers` would make an object of all of them, for each call.
    const length = Number(headerOf(request, "content-length") ?? 0);
    if (this.#isFull() || this.#isTooMuch(length)) return this.#turnAway(request, response);
    const arrival = this.#turn.began();
    const connection = connectionOf(request.socket);
    if (connection !== undefined) connection.lastAsked = arrival;
    const call = new Call(request, response, arrival + route.milliseconds);
    request.on("data", (chunk: Buffer) => {
      if (call.isOver) return;
      call.take(chunk);
      this.#bytes += call.held - call.counted;
      call.counted = call.held;
      // Many may have begun at the same time, none of which was too much when it said how long it would be.
      if (!this.#isTooMuch(0, call.held)) return;
      this.#release(call);
      this.#turnAway(request, response);
    });
    request.on("end", () => {
      if (call.isOver) return;
      if (this.#isFull()) {
        this.#release(call);
        return this.#turnAway(request, response);
      }
      this.#serving += 1;
      call.isServed = true;
      if (connection !== undefined) connection.serving += 1;
      if (call.size > smallBody) return this.#large.add(() => this.#answerLarge(call, route.handler));
      this.#turn.answer(() => this.#answer(call, route.handler));
    });
    // Comes where the connection breaks before all was read; whatever is read to its end is answered.
    request.on("error", (error) => {
      this.#release(call);
      this.#options.log.debug("a call of the webhook broke off", { error });
    });
  }

  /** Whether as many are in work as may be. */
  #isFull(): boolean {
    return this.#serving >= (this.#options.maxServing ?? usualServing);
  }

  /** Whether large bodies have more bytes together, those that are to come included, than may be held at once. */
  #isTooMuch(coming: number, held: number = coming): boolean {
    return held > smallBody && this.#bytes + coming > (this.#options.maxBytes ?? usualBytes);
  }

  #turnAway(request: IncomingMessage, response: ServerResponse): void {
    this.#observer.refused("overload");
    this.#shed.count("");
    response.setHeader("retry-after", "1");
    refuse(request, response, 429, "too many requests are being answered; try again\n");
  }

  #release(call: Call): void {
    if (call.isOver) return;
    call.isOver = true;
    if (call.isServed) {
      this.#serving -= 1;
      const connection = connectionOf(call.request.socket);
      if (connection !== undefined) connection.serving -= 1;
    }
    this.#bytes -= call.counted;
    call.drop();
  }

  #answerLarge(call: Call, handler: AdmissionHandler): void {
    // Who has gone while it waited hears nothing.
    if (call.request.socket.destroyed) this.#release(call);
    else this.#answer(call, handler);
  }

  #answer(call: Call, handler: AdmissionHandler): void {
    const body = call.text();
    if (body === undefined) {
      return this.#send(call, undefined, errored(413, `request entity is too large; limit is ${bodyLimit} bytes`));
    }
    if (body === "") return this.#send(call, undefined, errored(400, "request body is empty"));
    const contentType = headerOf(call.request, "content-type") ?? "";
    if (contentType !== "application/json" && contentType.split(";")[0]?.trim() !== "application/json") {
      const message = `contentType=${contentType}, expected application/json`;
      return this.#send(call, undefined, errored(400, message));
    }
    const reading = readReview(body);
    if (!reading.ok) return this.#send(call, reading.asked, reading.verdict);
    try {
      const verdict = handler(reading.request, call.deadline);
      if (!(verdict instanceof Promise)) return this.#send(call, reading, verdict);
      void this.#sendInTime(call, reading, verdict);
    } catch (error) {
      this.#fail(call, reading, error);
    }
  }

  /**
   * Sends the answer when it is there, and a refusal when it does not come in time: whoever waits for the cluster keeps
   * to the deadline, and this is for what hangs nevertheless. Without an answer the API server would do as the failure
   * policy says.
   */
  async #sendInTime(call: Call, reading: Asked, verdict: Promise<Verdict>): Promise<void> {
    const { clock, log } = this.#options;
    // A little more than there is: those who keep to the deadline themselves say more.
    const graceMilliseconds = (call.deadline - clock.now()) / 16;
    try {
      const waited = await byDeadline(verdict, call.deadline + graceMilliseconds, clock);
      if (waited !== undefined) return this.#send(call, reading, waited);
      log.warn("a review was not answered in time", { uid: reading.request.uid });
      this.#send(call, reading, errored(500, "the cluster did not tell in time what the answer depends on"));
    } catch (error) {
      this.#fail(call, reading, error);
    }
  }

  /** A fault of ours must never let a request through. */
  #fail(call: Call, reading: Asked, error: unknown): void {
    this.#options.log.error("answering a review failed", { error, uid: reading.request.uid });
    const message = error instanceof Error ? error.message : String(error);
    this.#send(call, reading, errored(500, message));
  }

  /** Sends the answer; without a review it is the answer to something that is none, so it has no uid. */
  #send(call: Call, asked: Asked | undefined, verdict: Verdict): void {
    this.#release(call);
    const text = writeReview(asked?.apiVersion ?? "admission.k8s.io/v1", asked?.request.uid ?? "", verdict);
    const headers = ["content-type", "application/json", "content-length", String(Buffer.byteLength(text))];
    if (this.#isDraining) headers.push("connection", "close");
    this.#turn.send(() => call.response.writeHead(200, headers).end(text));
  }

  #routeOf(url: string): Route | undefined {
    const known = this.#routes.get(url);
    if (known !== undefined) return known;
    const at = url.indexOf("?");
    const handler = this.#options.handlers.get(at === -1 ? url : url.slice(0, at));
    if (handler === undefined) return undefined;
    const query = at === -1 ? "" : url.slice(at + 1);
    const route = { handler, milliseconds: timeAllowed(query, this.#options.timeoutMilliseconds) };
    if (this.#routes.size < mostRoutes) this.#routes.set(url, route);
    return route;
  }

  #mayCall(socket: Socket): boolean {
    const { callers } = this.#options;
    if (callers === undefined || this.#known.has(socket)) return true;
    if (!(socket instanceof TLSSocket) || !socket.authorized) return false;
    if (socket.getPeerCertificate().subject.CN !== callers.commonName) return false;
    this.#known.add(socket);
    return true;
  }
}

function refuse(request: IncomingMessage, response: ServerResponse, status: number, text: string): void {
  // Whoever still sends is listened to, or the answer would be lost.
  request.resume();
  response.writeHead(status, { "content-type": "text/plain", "content-length": Buffer.byteLength(text) }).end(text);
}

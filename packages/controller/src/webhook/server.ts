import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { writeJson, type JsonObject } from "@portcullis/objects";
import { errored, type Verdict } from "@portcullis/policy";
import type { Log } from "../log/log.ts";
import { readReview, writeReview, type AdmissionRequest } from "./admission-review.ts";

/** Answers one admission request. */
export type AdmissionHandler = (request: AdmissionRequest) => Promise<Verdict>;

/** What the webhook's server serves, and where. */
export interface WebhookServerOptions {
  readonly host: string;
  /** 0 for any. */
  readonly port: number;
  /** PEM. */
  readonly certificate: string;
  readonly privateKey: string;
  /** Handlers by path. */
  readonly handlers: ReadonlyMap<string, AdmissionHandler>;
  readonly log: Log;
}

const bodyLimit = 7 * 1024 * 1024;

/** The HTTPS server that the API server calls. */
export class WebhookServer {
  readonly #options: WebhookServerOptions;
  readonly #server: Server;

  constructor(options: WebhookServerOptions) {
    this.#options = options;
    this.#server = createServer(
      { cert: options.certificate, key: options.privateKey, minVersion: "TLSv1.3", keepAliveTimeout: 60_000 },
      (request, response) => {
        void this.#serve(request, response);
      },
    );
  }

  /** Begins to listen; the port. */
  async listen(): Promise<number> {
    this.#server.listen(this.#options.port, this.#options.host);
    await once(this.#server, "listening");
    // The documented shape of a listening TCP server's address.
    return (this.#server.address() as AddressInfo).port;
  }

  /** Serves with a renewed certificate from the next connection on. */
  renew(certificate: string, privateKey: string): void {
    this.#server.setSecureContext({ cert: certificate, key: privateKey, minVersion: "TLSv1.3" });
  }

  /** Finishes what is being answered and ends the connections. */
  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeIdleConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? "").split("?")[0] ?? "";
    const handler = this.#options.handlers.get(path);
    try {
      if (handler === undefined) {
        response.writeHead(404, { "content-type": "text/plain" }).end("404 page not found\n");
        return;
      }
      const body = await readBody(request);
      const text = writeJson(await this.#answer(handler, request, body));
      response.writeHead(200, { "content-type": "application/json" }).end(text);
    } catch (error) {
      // The connection broke: there is nobody left to answer.
      this.#options.log.warn("a call of the webhook broke off", { error });
      response.destroy();
    }
  }

  async #answer(handler: AdmissionHandler, request: IncomingMessage, body: Body): Promise<JsonObject> {
    if (body.kind === "too-large") {
      return asReview(errored(413, `request entity is too large; limit is ${bodyLimit} bytes`));
    }
    if (body.text === "") return asReview(errored(400, "request body is empty"));
    const contentType = request.headers["content-type"] ?? "";
    if (contentType.split(";")[0]?.trim() !== "application/json") {
      return asReview(errored(400, `contentType=${contentType}, expected application/json`));
    }
    const reading = readReview(body.text);
    if (!reading.ok) return asReview(reading.verdict);
    const { uid } = reading.request;
    try {
      return writeReview(reading.apiVersion, uid, await handler(reading.request));
    } catch (error) {
      // A fault of ours must never let a request through.
      this.#options.log.error("answering a review failed", { error, uid });
      const message = error instanceof Error ? error.message : String(error);
      return writeReview(reading.apiVersion, uid, errored(500, message));
    }
  }
}

/** The answer to something that is no review, so it has no uid. */
function asReview(verdict: Verdict): JsonObject {
  return writeReview("admission.k8s.io/v1", "", verdict);
}

type Body = { readonly kind: "text"; readonly text: string } | { readonly kind: "too-large" };

/** The body, read to its end also where it is too large, so that the answer reaches who is still sending. */
async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.byteLength;
    if (size <= bodyLimit) chunks.push(chunk);
  }
  if (size > bodyLimit) return { kind: "too-large" };
  return { kind: "text", text: Buffer.concat(chunks).toString("utf8") };
}

import { Agent, request } from "node:https";
import type { IncomingMessage } from "node:http";
import type { Webhook } from "./webhook.ts";

/** Where a service is in truth: the loopback port it is served at, or why there is none. */
export type ServiceResolver = (
  namespace: string,
  name: string,
  port: number,
) => { readonly ok: true; readonly port: number } | { readonly ok: false; readonly message: string };

/** What a webhook answered, or why no answer came, in the words of Go's HTTP client. */
export type CallOutcome =
  | { readonly ok: true; readonly status: number; readonly body: string }
  | { readonly ok: false; readonly message: string };

interface Destination {
  readonly shown: string;
  readonly host: string;
  readonly port: number;
  readonly serverName: string;
  readonly path: string;
}

// As large as an answer with a patch of the largest object may be.
const largestAnswer = 8 * 1024 * 1024;

/** How many authorities have connections that are kept; one that changes leaves those of the one before it. */
const mostAgents = 16;

/** Asks webhooks over HTTPS; connections are kept. */
export class WebhookCaller {
  private readonly resolve: ServiceResolver;
  private readonly agents = new Map<string, Agent>();

  constructor(resolve: ServiceResolver) {
    this.resolve = resolve;
  }

  /** Posts a body; resolves in every case, at the latest when the webhook's time is over. */
  async post(webhook: Webhook, body: string): Promise<CallOutcome> {
    const destination = this.destinationOf(webhook);
    if ("message" in destination) return { ok: false, message: destination.message };
    const signal = AbortSignal.timeout(webhook.timeoutSeconds * 1000);
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop
      const outcome = await this.send(webhook, destination, body, signal);
      // A kept connection that the webhook had closed says nothing about the webhook, and as many may be kept as were
      // needed at once; only what a connection of its own says counts. Each that was closed is gone by being tried.
      if (outcome !== "stale") return outcome;
    }
  }

  close(): void {
    for (const agent of this.agents.values()) agent.destroy();
    this.agents.clear();
  }

  private destinationOf(webhook: Webhook): Destination | { readonly message: string } {
    const { address, timeoutSeconds } = webhook;
    const query = `timeout=${timeoutSeconds}s`;
    if (address.kind === "url") {
      const url = URL.parse(address.url);
      if (url === null) return { message: `parse "${address.url}": invalid URI` };
      const host = url.hostname.replace(/^\[|\]$/g, "");
      const path = `${url.pathname}?${query}`;
      const shown = `https://${url.host}${path}`;
      return { shown, host, port: Number(url.port || "443"), serverName: host, path };
    }
    const { namespace, name, port, path } = address;
    const serverName = `${name}.${namespace}.svc`;
    const shown = `https://${serverName}:${port}${path}?${query}`;
    const found = this.resolve(namespace, name, port);
    if (!found.ok) return { message: `Post "${shown}": ${found.message}` };
    return { shown, host: "127.0.0.1", port: found.port, serverName, path: `${path}?${query}` };
  }

  private agent(webhook: Webhook): Agent {
    const key = webhook.ca ?? "";
    let agent = this.agents.get(key);
    if (agent === undefined) {
      agent = new Agent({ keepAlive: true, maxSockets: 64, ...(webhook.ca === undefined ? {} : { ca: webhook.ca }) });
      this.agents.set(key, agent);
      this.retireOldest();
    }
    return agent;
  }

  /** An authority that was replaced is not asked for again, but its calls that are on their way have to end well. */
  private retireOldest(): void {
    const [oldest] = this.agents;
    if (oldest === undefined || this.agents.size <= mostAgents) return;
    const [key, agent] = oldest;
    this.agents.delete(key);
    agent.maxFreeSockets = 0;
    for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy();
  }

  private send(webhook: Webhook, to: Destination, body: string, signal: AbortSignal): Promise<CallOutcome | "stale"> {
    return new Promise((resolve) => {
      const call = request({
        host: to.host,
        port: to.port,
        path: to.path,
        method: "POST",
        // An address is not a name that TLS could ask for.
        ...(/^[0-9.]+$|:/.test(to.serverName) ? {} : { servername: to.serverName }),
        agent: this.agent(webhook),
        signal,
        headers: {
          "Content-Type": "application/json",
          "Content-Length": Buffer.byteLength(body),
          Accept: "application/json, */*",
          "User-Agent": "kube-apiserver-admission",
        },
      });
      const fail = (error: unknown): void => {
        if (call.reusedSocket && !signal.aborted && isReset(error)) resolve("stale");
        else
          resolve({
            ok: false,
            message: `Post "${to.shown}": ${signal.aborted ? "context deadline exceeded" : goText(error, to)}`,
          });
      };
      call.on("error", fail);
      call.on("response", (response) => {
        readAnswer(response).then((text) => resolve({ ok: true, status: response.statusCode ?? 0, body: text }), fail);
      });
      call.end(body);
    });
  }
}

async function readAnswer(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    // A response without an encoding set gives buffers.
    const buffer = chunk as Buffer;
    size += buffer.length;
    if (size > largestAnswer) throw new Error("response body is too large");
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}

function isReset(error: unknown): boolean {
  return ["ECONNRESET", "EPIPE"].includes(codeOf(error));
}

/** A fault of the network in the words an API server has for it. */
function goText(error: unknown, { host, port, serverName }: Destination): string {
  const code = codeOf(error);
  switch (code) {
    case "ECONNREFUSED":
      return `dial tcp ${host}:${port}: connect: connection refused`;
    case "ENOTFOUND":
      return `dial tcp: lookup ${host}: no such host`;
    case "ECONNRESET":
      return "EOF";
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "CERT_SIGNATURE_FAILURE":
      return "tls: failed to verify certificate: x509: certificate signed by unknown authority";
    case "CERT_HAS_EXPIRED":
      return "tls: failed to verify certificate: x509: certificate has expired or is not yet valid";
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return `tls: failed to verify certificate: x509: certificate is not valid for ${serverName}`;
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

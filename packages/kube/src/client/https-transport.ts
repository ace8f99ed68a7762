import type { IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { HttpAgent, httpRequest } from "@portcullis/host/http";
import type { ClusterConfig } from "../config/cluster-config.ts";
import { readWarnings } from "./warnings.ts";
import type { ApiRequest, ApiStream, Transport } from "./transport.ts";

/** Requests over kept-alive connections to the server that the configuration names. */
export function httpsTransport(config: ClusterConfig, userAgent: string): Transport {
  const base = new URL(config.server);
  const isPlain = base.protocol === "http:";
  const prefix = base.pathname.replace(/\/$/, "");
  const keepAlive = { keepAlive: true, keepAliveMsecs: 30_000, noDelay: true };
  const agent = isPlain
    ? new HttpAgent(keepAlive)
    : new HttpsAgent({
        ...keepAlive,
        ...(config.clientCertificate === undefined ? {} : { cert: config.clientCertificate }),
        ...(config.clientKey === undefined ? {} : { key: config.clientKey }),
        ...(config.tlsServerName === undefined ? {} : { servername: config.tlsServerName }),
        rejectUnauthorized: config.insecureSkipTlsVerify !== true,
      });
  const send = isPlain ? httpRequest : httpsRequest;

  const open = async (request: ApiRequest, signal?: AbortSignal): Promise<ApiStream> => {
    const authorization = await config.authorization?.();
    // With the request: the agent keeps connections apart by whom they trust, so that none of before a change is used again.
    const ca = (await config.authorityNow?.()) ?? config.certificateAuthority;
    const headers: Record<string, string> = { accept: "application/json", "user-agent": userAgent };
    if (authorization !== undefined) headers["authorization"] = authorization;
    if (request.contentType !== undefined) headers["content-type"] = request.contentType;
    if (request.body !== undefined) headers["content-length"] = String(Buffer.byteLength(request.body));
    const message = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = send(
        {
          agent,
          ...(ca === undefined ? {} : { ca }),
          // Brackets are the URL's, not the address's.
          hostname: base.hostname.replace(/^\[|\]$/g, ""),
          ...(base.port === "" ? {} : { port: base.port }),
          method: request.method,
          path: prefix + request.path,
          headers,
          ...(signal === undefined ? {} : { signal }),
        },
        resolve,
      );
      sent.on("error", reject);
      sent.on("socket", (socket) => {
        socket.setKeepAlive(true, 30_000);
      });
      sent.end(request.body);
    });
    message.setEncoding("utf8");
    const retryAfter = Number(message.headers["retry-after"]);
    const warning = message.headersDistinct["warning"];
    return {
      status: message.statusCode ?? 0,
      ...(warning === undefined ? {} : { warnings: readWarnings(warning) }),
      ...(Number.isFinite(retryAfter) ? { retryAfterSeconds: retryAfter } : {}),
      body: message,
    };
  };
  return {
    open,
    close: () => {
      agent.destroy();
    },
  };
}

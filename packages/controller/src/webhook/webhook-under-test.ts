/** What the specs of the webhook's server share: a certificate, and servers under it. */
import type { IncomingMessage } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import { createAuthority, issueCertificate, type KeyedCertificate } from "@portcullis/certs";
import { systemClock } from "@portcullis/kube";
import { silentLog } from "../log/log.ts";
import { WebhookServer, type AdmissionHandler, type WebhookServerOptions } from "./server.ts";

/** Servers on loopback that all show one certificate. */
export interface WebhookUnderTest {
  /** PEM; who trusts it trusts the servers. */
  readonly ca: string;
  readonly leaf: KeyedCertificate;
  /** Makes a server; it does not listen yet. */
  make(options: Partial<WebhookServerOptions>): WebhookServer;
  /** Runs with a server of one handler, and ends it. */
  withServer(
    options: Partial<WebhookServerOptions> & { readonly handler: AdmissionHandler },
    run: (port: number, server: WebhookServer) => Promise<void>,
  ): Promise<void>;
  /** Posts a usual review. */
  post(port: number, path?: string, more?: RequestOptions): Promise<IncomingMessage>;
}

/** Makes the certificate. */
export async function webhookUnderTest(): Promise<WebhookUnderTest> {
  const validity = { notBefore: new Date(Date.now() - 1000), notAfter: new Date(Date.now() + 3_600_000) };
  const authority = await createAuthority({ commonName: "ca", ...validity });
  const leaf = await issueCertificate(authority, { commonName: "webhook", names: ["127.0.0.1"], ...validity });
  const ca = authority.certificate;
  const make = (options: Partial<WebhookServerOptions>): WebhookServer =>
    new WebhookServer({
      host: "127.0.0.1",
      port: 0,
      certificate: leaf.certificate,
      privateKey: leaf.privateKey,
      log: silentLog,
      clock: systemClock,
      timeoutMilliseconds: 3000,
      handlers: new Map(),
      ...options,
    });
  return {
    ca,
    leaf,
    make,
    async withServer({ handler, ...options }, run) {
      const own = make({ handlers: new Map([["/v1/admit", handler]]), ...options });
      const at = await own.listen();
      try {
        await run(at, own);
      } finally {
        await own.close();
      }
    },
    post(port, path = "/v1/admit", more = {}) {
      return new Promise((resolve, reject) => {
        const headers = { "content-type": "application/json" };
        const sent = httpsRequest({ host: "127.0.0.1", port, path, ca, method: "POST", headers, ...more }, resolve);
        sent.on("error", reject);
        sent.end(reviewOf("admission.k8s.io/v1", "a"));
      });
    },
  };
}

/** The text of a review of a Pod of that name. */
export function reviewOf(apiVersion: string, name: string): string {
  const kind = { group: "", version: "v1", kind: "Pod" };
  return JSON.stringify({
    apiVersion,
    kind: "AdmissionReview",
    request: { uid: "u1", operation: "CREATE", kind, name, object: {} },
  });
}

/** A whole call, to be written to a connection. */
export function callOf(body: string): string {
  return `POST /v1/admit HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

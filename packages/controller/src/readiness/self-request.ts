import { request as httpsRequest } from "node:https";
import { isIP } from "node:net";
import { checkServerIdentity } from "node:tls";
import { isJsonArray, own, ownString, type JsonObject } from "@portcullis/objects";
import { validationWebhook } from "../webhook/configuration.ts";

/** Where the server is, and under which name the API server calls it. */
export interface SelfRequest {
  readonly host: string;
  readonly port: number;
  /** What the webhook configuration says. */
  readonly configuration: JsonObject;
}

/**
 * Calls the server as the API server does: under the name that the webhook configuration has and trusting the
 * authorities in it. Why that fails, or nothing. Any answer will do, since what is asked is whether TLS holds.
 */
export async function failureOfSelfRequest({ host, port, configuration }: SelfRequest): Promise<string | undefined> {
  const webhooks = own(configuration, "webhooks");
  const webhook = (isJsonArray(webhooks) ? webhooks : []).find((each) => ownString(each, "name") === validationWebhook);
  const client = own(webhook, "clientConfig");
  const name = calledAs(client);
  if (name === undefined) return "the webhook configuration names no server";
  const ca = Buffer.from(ownString(client, "caBundle") ?? "", "base64").toString("utf8");
  if (ca === "") return "the webhook configuration trusts no authority yet";
  return new Promise((resolve) => {
    const sent = httpsRequest(
      {
        host: host === "" || host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host,
        port,
        path: "/v1/admitlabel",
        ca,
        timeout: 3000,
        agent: false,
        // SNI is for names only; the certificate is held against what the API server calls in either case.
        ...(isIP(name) === 0 ? { servername: name } : {}),
        checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
      },
      (response) => {
        response.resume();
        resolve(undefined);
      },
    );
    sent.on("timeout", () => sent.destroy(new Error("no answer within 3 seconds")));
    sent.on("error", (error) => {
      resolve(`calling ourselves as ${name} failed: ${error.message}`);
    });
    sent.end();
  });
}

function calledAs(clientConfig: unknown): string | undefined {
  const url = ownString(clientConfig, "url");
  if (url !== undefined) return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, "") : undefined;
  const service = own(clientConfig, "service");
  const name = ownString(service, "name");
  const namespace = ownString(service, "namespace");
  return name === undefined || namespace === undefined ? undefined : `${name}.${namespace}.svc`;
}

/** Manifests at addresses, as `kubectl apply -f https://…` reads them. */
import { NodeHost } from "@portcullis/host";
import type { HttpFact, HttpTls } from "@portcullis/rego/host";
import { CommandError } from "../command-error.ts";

/** More than any API server takes in one object, and than people put into one file. */
const mostOctets = 16 * 1024 * 1024;
const patience = 30_000_000_000n;
const mostRedirections = 10;
/** A server that cannot answer now is asked three times, as kubectl asks. */
const attempts = 3;
const pauseMilliseconds = 1000;

const nowhere = { text: "", file: "", variable: "" };
const systemTls: HttpTls = {
  insecureSkipVerify: false,
  useSystemCertificates: true,
  serverName: "",
  authority: nowhere,
  clientCertificate: nowhere,
  clientKey: nowhere,
};

/** What stands at an address, or why it cannot be had. */
export async function fetchManifest(
  address: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const host = new NodeHost({ environment, bodyLimit: mostOctets });
  let url = wholeUrl(address, address);
  for (let hops = 0; hops <= mostRedirections; hops += 1) {
    const fact = await ask(host, url, address);
    const location = fact.headers.get("location")?.[0] ?? "";
    if (![301, 302, 303, 307, 308].includes(fact.statusCode) || location === "") return textOf(fact, address);
    const next = wholeUrl(location, address, url);
    if (next.protocol !== url.protocol && next.protocol !== "https:") {
      throw new CommandError(
        `unable to read URL ${shown(address)}: it leads to ${shown(next.href)}, which is not ${url.protocol.slice(0, -1)}; name that address if it can be trusted`,
      );
    }
    url = next;
  }
  throw new CommandError(
    `unable to read URL ${shown(address)}: it leads on and on, more than ${mostRedirections} times`,
  );
}

type Answer = Extract<HttpFact, { readonly kind: "response" }>;

async function ask(host: NodeHost, url: URL, address: string): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const fact = await host.send(
      {
        method: "GET",
        url: url.href,
        timeout: patience,
        followsRedirects: false,
        maxRetryAttempts: 0,
        headers: new Map(),
        body: new Uint8Array(),
        tls: systemTls,
      },
      undefined,
      undefined,
    );
    const isPassing = fact.kind === "unreachable" || (fact.kind === "response" && fact.statusCode >= 500);
    if (!isPassing || attempt === attempts) return answerOf(fact, address);
    await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
  }
}

function answerOf(fact: HttpFact, address: string): Answer {
  switch (fact.kind) {
    case "response":
      return fact;
    case "unreachable":
      throw new CommandError(`unable to read URL ${shown(address)}: ${fact.error}`);
    case "refused":
      throw new CommandError(`unable to read URL ${shown(address)}: ${fact.why} (${mostOctets} octets are the most)`);
  }
}

function textOf({ status, statusCode, body }: Answer, address: string): string {
  if (statusCode !== 200) {
    throw new CommandError(
      `unable to read URL ${shown(address)}, server reported ${status}, status code=${statusCode}`,
    );
  }
  return Buffer.from(body).toString("utf8");
}

function wholeUrl(text: string, address: string, base?: URL): URL {
  if (!URL.canParse(text, base)) throw new CommandError(`unable to read URL ${shown(address)}: ${text} is no address`);
  return new URL(text, base);
}

/** An address for people: without what signs somebody in. */
function shown(address: string): string {
  return `"${address.replace(/^([a-z]+:\/\/)[^/?#@]*@/i, "$1***@")}"`;
}

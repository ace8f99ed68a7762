import { request } from "node:https";
import type { IncomingHttpHeaders } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { createAuthority, issueCertificate } from "@portcullis/certs";
import type { Sandbox } from "./start.ts";
import { getOwn } from "./storage/api-object.ts";

/** An answer of the API, its body decoded where it is JSON. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: unknown;
}

/** What a test sends besides method and path. */
export interface TestRequest {
  readonly body?: unknown;
  readonly type?: string;
  readonly accept?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends one request to a sandbox, as its administrator unless told. */
export function send(sandbox: Sandbox, method: string, path: string, options: TestRequest = {}): Promise<TestAnswer> {
  const { body, type = "application/json", accept = "application/json", token = sandbox.token } = options;
  const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const call = request(
      new URL(path, sandbox.url),
      {
        method,
        ca: sandbox.ca,
        headers: {
          Authorization: `Bearer ${token}`,
          Accept: accept,
          ...(text === undefined ? {} : { "Content-Type": type, "Content-Length": Buffer.byteLength(text) }),
          ...options.headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const answer = Buffer.concat(chunks).toString("utf8");
          const status = response.statusCode ?? 0;
          resolve({ status, headers: response.headers, text: answer, body: decode(answer) });
        });
      },
    );
    call.on("error", reject);
    call.end(text);
  });
}

function decode(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The value at a path of own properties. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (node, step) => (Array.isArray(node) && typeof step === "number" ? node[step] : getOwn(node, String(step))),
    value,
  );
}

/** A watch whose events are read one after the other. */
export interface TestWatch {
  /** The next event, or undefined when the stream has ended. */
  next(): Promise<{ readonly type: string; readonly object: unknown } | undefined>;
  close(): void;
}

/** Begins a watch; rejects if it is refused. */
export function watch(sandbox: Sandbox, path: string, accept: string = "application/json"): Promise<TestWatch> {
  return new Promise((resolve, reject) => {
    const call = request(new URL(path, sandbox.url), {
      ca: sandbox.ca,
      headers: { Authorization: `Bearer ${sandbox.token}`, Accept: accept },
    });
    call.on("error", reject);
    call.on("response", (response) => {
      if (response.statusCode !== 200) {
        reject(new Error(`watch refused: ${response.statusCode}`));
        response.resume();
        return;
      }
      const lines = linesOf(response);
      resolve({
        next: async () => {
          const line = await lines.next();
          if (line.done === true) return undefined;
          const event: unknown = JSON.parse(line.value);
          return { type: String(getOwn(event, "type")), object: getOwn(event, "object") };
        },
        close: () => call.destroy(),
      });
    });
    call.end();
  });
}

async function* linesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<string, void> {
  let rest = "";
  try {
    for await (const chunk of stream) {
      const parts = (rest + chunk.toString("utf8")).split("\n");
      rest = parts.pop() ?? "";
      yield* parts;
    }
  } catch {
    // A stream that breaks has ended.
  }
}

/** A webhook of a test: it answers what `decide` says of each review. */
export interface TestWebhook {
  readonly url: string;
  readonly port: number;
  /** The CA's certificate in base64, as caBundle wants it. */
  readonly caBundle: string;
  /** The requests of the reviews that came, in order. */
  readonly requests: unknown[];
  close(): Promise<void>;
}

/** What a test's webhook answers: a response without uid, or raw HTTP. */
export type TestDecision =
  | { readonly response: Readonly<Record<string, unknown>> }
  | { readonly status: number; readonly text: string }
  | { readonly never: true }
  /** Closes the connection instead of answering, as a server does that took it for idle. */
  | { readonly closes: true };

/** What a webhook of a test knows of the connection that a request came by. */
export interface TestConnection {
  /** Whether another request came by it before. */
  readonly isReused: boolean;
}

/** Starts a webhook over HTTPS, with a certificate of its own CA. */
export async function startWebhook(
  decide: (request: unknown, connection: TestConnection) => TestDecision | Promise<TestDecision>,
  names: readonly string[] = ["127.0.0.1", "localhost"],
): Promise<TestWebhook> {
  const notBefore = new Date(Date.now() - 60_000);
  const notAfter = new Date(Date.now() + 60 * 60_000);
  const authority = await createAuthority({ commonName: "test-webhook-ca", notBefore, notAfter });
  const leaf = await issueCertificate(authority, { commonName: names[0] ?? "webhook", names, notBefore, notAfter });
  const requests: unknown[] = [];
  const used = new WeakSet<Socket>();
  const server: Server = createServer({ cert: leaf.certificate, key: leaf.privateKey }, (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    const isReused = used.has(incoming.socket);
    used.add(incoming.socket);
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const review: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
      const asked = getOwn(review, "request");
      requests.push(asked);
      void Promise.resolve(decide(asked, { isReused })).then((decision) => {
        if ("never" in decision) return;
        if ("closes" in decision) {
          incoming.socket.destroy();
          return;
        }
        if ("status" in decision) {
          outgoing.writeHead(decision.status, { "Content-Type": "text/plain" }).end(decision.text);
          return;
        }
        const response = { uid: getOwn(asked, "uid"), ...decision.response };
        const answer = { kind: "AdmissionReview", apiVersion: getOwn(review, "apiVersion"), response };
        outgoing.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(answer));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on a port has an address of this form.
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}/`,
    port,
    caBundle: Buffer.from(authority.certificate).toString("base64"),
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

import { request as requestPlainly } from "node:http";
import { request } from "node:https";

/** What was answered. */
export interface Answered {
  readonly status: number;
  readonly text: string;
}

/** How a server on loopback is asked. */
export interface TlsQuestion {
  readonly port: number;
  /** The name that it is called by; its address where absent. */
  readonly name?: string;
  /** PEM of whom is trusted; anybody where absent, for who is certified by whom is then not what is tested. */
  readonly authority?: string;
  readonly path: string;
  /** What is put to it by POST, as JSON; it is a GET where absent. */
  readonly body?: string;
  /** How long it may take; two seconds where absent. */
  readonly milliseconds?: number;
}

/** Asks a server on loopback over TLS, on a connection of its own. Rejects where no answer comes. */
export function askOverTls(question: TlsQuestion): Promise<Answered> {
  const { port, name, authority, path, body, milliseconds = 2000 } = question;
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: "127.0.0.1",
        port,
        path,
        method: body === undefined ? "GET" : "POST",
        ...(name === undefined ? {} : { servername: name }),
        ...(authority === undefined ? { rejectUnauthorized: false } : { ca: authority }),
        agent: false,
        timeout: milliseconds,
        headers: {
          ...(name === undefined ? {} : { host: name }),
          ...(body === undefined
            ? {}
            : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
        },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", reject);
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() }));
      },
    );
    call.on("error", reject);
    call.on("timeout", () => call.destroy(new Error(`no answer by port ${port} within ${milliseconds} ms`)));
    call.end(body);
  });
}

/** A GET of a server on loopback without TLS; status 0 where nobody answers. */
export function getPlainly(port: number, path: string): Promise<Answered> {
  return new Promise((resolve) => {
    const call = requestPlainly({ host: "127.0.0.1", port, path, agent: false, timeout: 2000 }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() }));
    });
    call.on("error", (error) => resolve({ status: 0, text: error.message }));
    call.on("timeout", () => call.destroy(new Error("no answer")));
    call.end();
  });
}

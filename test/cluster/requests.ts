import { request as requestPlainly } from "node:http";
import { request } from "node:https";

/** What was answered. */
export interface Answered {
  readonly status: number;
  readonly text: string;
}

/** A GET of a server on loopback that is reached under another name. */
export function getOverTls(options: {
  readonly port: number;
  readonly name: string;
  /** PEM. */
  readonly authority: string;
  readonly path: string;
}): Promise<Answered> {
  const { port, name, authority, path } = options;
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: "127.0.0.1",
        port,
        path,
        servername: name,
        ca: authority,
        agent: false,
        timeout: 2000,
        headers: { host: name },
      },
      (response) => {
        let text = "";
        response.on("data", (part: Buffer) => (text += part.toString()));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    call.on("error", reject);
    call.on("timeout", () => call.destroy(new Error(`no answer by port ${port}`)));
    call.end();
  });
}

/** A GET of a server on loopback without TLS; status 0 where nobody answers. */
export function getPlainly(port: number, path: string): Promise<Answered> {
  return new Promise((resolve) => {
    const call = requestPlainly({ host: "127.0.0.1", port, path, agent: false, timeout: 2000 }, (response) => {
      let text = "";
      response.on("data", (part: Buffer) => (text += part.toString()));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    call.on("error", (error) => resolve({ status: 0, text: error.message }));
    call.on("timeout", () => call.destroy(new Error("no answer")));
    call.end();
  });
}

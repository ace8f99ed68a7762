/** Callers that are not the API server, or do not behave as it does. */
import { once } from "node:events";
import { connect, type ConnectionOptions, type TLSSocket } from "node:tls";
import { createAuthority, issueCertificate, type KeyedCertificate } from "@portcullis/certs";

/** Certificates to call with. */
export interface CallerCertificates {
  /** PEM of the authority that the server knows. */
  readonly authority: string;
  readonly right: ConnectionOptions;
  readonly wrongName: ConnectionOptions;
  readonly wrongAuthority: ConnectionOptions;
}

/** Makes the certificates of callers. */
export async function makeCallers(): Promise<CallerCertificates> {
  const validity = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 3_600_000) };
  const known = await createAuthority({ commonName: "callers", ...validity });
  const strange = await createAuthority({ commonName: "callers", ...validity });
  const of = async (authority: KeyedCertificate, commonName: string): Promise<ConnectionOptions> => {
    const made = await issueCertificate(authority, { commonName, names: [], usages: ["client"], ...validity });
    return { cert: made.certificate, key: made.privateKey };
  };
  return {
    authority: known.certificate,
    right: await of(known, "kube-apiserver"),
    wrongName: await of(known, "kube-apiserver-2"),
    wrongAuthority: await of(strange, "kube-apiserver"),
  };
}

/** Opens a connection to a server on loopback. */
export async function dial(port: number, ca: string, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const servername = "gatekeeper-webhook-service.gatekeeper-system.svc";
  const socket = connect({ host: "127.0.0.1", port, ca, servername, ...options });
  await once(socket, "secureConnect");
  return socket;
}

/** Sends bytes as they are and reads until the other side ends, or nothing more comes; everything that came. */
export async function speak(
  port: number,
  ca: string,
  parts: readonly (string | Buffer)[],
  options: ConnectionOptions = {},
): Promise<string> {
  const socket = await dial(port, ca, options);
  let text = "";
  socket.on("data", (part: Buffer) => (text += part.toString()));
  // What was answered before a connection broke counts.
  socket.on("error", () => {});
  const ended = new Promise((resolve) => socket.once("close", resolve));
  for (const part of parts) socket.write(part);
  await Promise.race([ended, silence(() => text.length)]);
  socket.destroy();
  return text;
}

/** Resolves when something came and then nothing for a while, or when nothing came for long. */
async function silence(length: () => number): Promise<void> {
  let before = -1;
  for (let quiet = 0; quiet < (length() === 0 ? 40 : 4);) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    quiet = length() === before ? quiet + 1 : 0;
    before = length();
  }
}

/** A request as text, its body behind it. */
export function request(line: string, headers: Readonly<Record<string, string>>, body = ""): string {
  const fields = Object.entries({ host: "webhook", ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${line} HTTP/1.1\r\n${fields.join("")}\r\n${body}`;
}

/** The status codes of the answers in what came. */
export function statusesIn(text: string): readonly number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));
}

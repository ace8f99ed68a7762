/** A webhook behind a Service that admits everything and keeps what it was asked, by the path of the call. */
import { createServer } from "node:https";
import { createAuthority, issueCertificate } from "@portcullis/certs";
import { isJsonObject, own, readJson, type JsonObject } from "@portcullis/objects";
import type { TestCluster } from "../cluster.ts";

/** The webhook. */
export interface Recorder {
  /** PEM of whom the API server is to trust. */
  readonly authority: string;
  /** The requests that came by a path, in order. */
  asked(path: string): readonly JsonObject[];
  stop(): Promise<void>;
}

/** Makes the Service, and answers for it. */
export async function startRecorder(
  cluster: TestCluster,
  namespace: string,
  name: string,
  { delayMilliseconds = 0 } = {},
): Promise<Recorder> {
  const made = await cluster.kubectl(["create", "service", "clusterip", name, "-n", namespace, "--tcp=443"]);
  if (made.status !== 0) throw new Error(made.stderr);
  const from = Date.now();
  const validity = { notBefore: new Date(from - 60_000), notAfter: new Date(from + 86_400_000) };
  const authority = await createAuthority({ commonName: "recorder", ...validity });
  const host = `${name}.${namespace}.svc`;
  const leaf = await issueCertificate(authority, { commonName: host, names: [host], ...validity });
  const asked = new Map<string, JsonObject[]>();
  const answer = (path: string, text: string): string => {
    const read = readJson(text);
    const request = own(read.ok ? read.value : undefined, "request");
    if (!isJsonObject(request)) throw new Error(`no review: ${text}`);
    asked.set(path, [...(asked.get(path) ?? []), request]);
    return JSON.stringify({
      apiVersion: "admission.k8s.io/v1",
      kind: "AdmissionReview",
      response: { uid: request["uid"], allowed: true },
    });
  };
  const server = createServer({ cert: leaf.certificate, key: leaf.privateKey }, (incoming, response) => {
    let text = "";
    incoming.setEncoding("utf8");
    incoming.on("data", (part: string) => (text += part));
    incoming.on("end", () => {
      const path = new URL(incoming.url ?? "/", "https://localhost").pathname;
      setTimeout(() => {
        response.writeHead(200, { "content-type": "application/json" }).end(answer(path, text));
      }, delayMilliseconds);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a listening server has a port");
  await cluster.answerFor(namespace, name, address.port);
  return {
    authority: authority.certificate,
    asked: (path) => asked.get(path) ?? [],
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

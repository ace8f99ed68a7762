/** The floor that every webhook stands on: node:https that parses the body and answers, and nothing else. */
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";

process.once("message", ({ cert, key }: { readonly cert: string; readonly key: string }) => {
  const server = createServer({ cert, key, minVersion: "TLSv1.3", keepAliveTimeout: 300_000 }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      // as: the load sends nothing but reviews
      const review = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { request: { uid: string } };
      const answer = JSON.stringify({
        apiVersion: "admission.k8s.io/v1",
        kind: "AdmissionReview",
        response: { uid: review.request.uid, allowed: true, status: { metadata: {}, code: 200 } },
      });
      response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(answer) });
      response.end(answer);
    });
  });
  server.listen(0, "127.0.0.1", () => {
    // as: the documented shape of a listening TCP server's address
    process.send?.({ port: (server.address() as AddressInfo).port });
  });
});
process.once("disconnect", () => process.exit());

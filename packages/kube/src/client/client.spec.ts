import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { createAuthority, issueCertificate } from "@portcullis/certs";
import { ScriptedTransport, type ScriptedAnswer } from "../testing.ts";
import { KubeClient } from "./client.ts";
import { httpsTransport } from "./https-transport.ts";
import { pathOf } from "./resource.ts";

const pods = { group: "", version: "v1", plural: "pods", kind: "Pod", namespaced: true };
const crds = {
  group: "apiextensions.k8s.io",
  version: "v1",
  plural: "customresourcedefinitions",
  kind: "CustomResourceDefinition",
  namespaced: false,
};

function scripted(...answers: ScriptedAnswer[]): { client: KubeClient; transport: ScriptedTransport } {
  const transport = new ScriptedTransport((_request, index) => answers[index] ?? { fails: "no more answers" });
  return { client: new KubeClient(transport), transport };
}

test("paths are those of the API, and no name leaves its place", () => {
  assert.equal(
    pathOf(pods, { namespace: "a", name: "b", subresource: "status" }),
    "/api/v1/namespaces/a/pods/b/status",
  );
  assert.equal(pathOf(pods), "/api/v1/pods");
  assert.equal(
    pathOf(crds, { namespace: "a", name: "..x?y" }),
    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/..x%3Fy",
  );
  for (const [at, message] of [
    [{ name: ".." }, `invalid resource name "..": [may not be '..']`],
    [{ name: "." }, `invalid resource name ".": [may not be '.']`],
    [{ name: "../x%2f" }, `invalid resource name "../x%2f": [may not contain '/' may not contain '%']`],
    [{ namespace: "..", name: "a" }, `invalid namespace "..": [may not be '..']`],
  ] as const) {
    assert.throws(() => pathOf(pods, at), { message });
  }
});

test("what the server refuses is a value with its words", async () => {
  const status = {
    kind: "Status",
    code: 409,
    reason: "AlreadyExists",
    message: 'pods "a" already exists',
    details: { name: "a" },
  };
  const { client } = scripted({ status: 409, body: [status] }, { status: 503, retryAfterSeconds: 2, body: ["busy"] });
  assert.deepEqual(await client.create(pods, { metadata: { name: "a", namespace: "b" } }), {
    ok: false,
    status: { code: 409, reason: "AlreadyExists", message: 'pods "a" already exists', details: { name: "a" } },
  });
  assert.deepEqual(await client.get(pods, { name: "a", namespace: "b" }), {
    ok: false,
    status: { code: 503, reason: "", message: "busy", retryAfterSeconds: 2 },
  });
});

test("a list is read page by page, its items get their type, and after a forgotten page all is read at once", async () => {
  const page = (items: object[], next?: string): ScriptedAnswer => ({
    body: [{ apiVersion: "v1", kind: "PodList", metadata: { resourceVersion: "7", continue: next }, items }],
  });
  const { client, transport } = scripted(
    page([{ metadata: { name: "old" } }], "t1"),
    page([{ metadata: { name: "older" } }], "t2"),
    { status: 410, body: [{ kind: "Status", code: 410, message: "expired" }] },
    page([{ metadata: { name: "a" } }, { metadata: { name: "b" } }]),
  );
  const listed = await client.list(pods, { namespace: "x", labelSelector: "a=b" });
  assert.deepEqual(listed, {
    ok: true,
    value: {
      resourceVersion: "7",
      items: [
        { apiVersion: "v1", kind: "Pod", metadata: { name: "a" } },
        { apiVersion: "v1", kind: "Pod", metadata: { name: "b" } },
      ],
    },
  });
  assert.deepEqual(
    transport.requests.map(({ path }) => path.replace("/api/v1/namespaces/x/pods?", "")),
    [
      "limit=500&labelSelector=a%3Db",
      "limit=500&labelSelector=a%3Db&continue=t1",
      "limit=500&labelSelector=a%3Db&continue=t2",
      "labelSelector=a%3Db",
    ],
  );
});

test("each verb sends what its content type says", async () => {
  const { client, transport } = scripted(...Array.from({ length: 4 }, () => ({ body: ["{}"] })));
  const object = { apiVersion: "v1", kind: "Pod", metadata: { name: "a", namespace: "b" } };
  await client.replace(pods, object);
  await client.apply(pods, object, { fieldManager: "me", force: true });
  await client.patch(pods, { name: "a", namespace: "b", subresource: "status" }, "merge", { status: {} });
  await client.delete(pods, { name: "a", namespace: "b" }, { uid: "u" });
  assert.deepEqual(
    transport.requests.map(({ method, path, contentType }) => [method, path, contentType]),
    [
      ["PUT", "/api/v1/namespaces/b/pods/a", "application/json"],
      ["PATCH", "/api/v1/namespaces/b/pods/a?fieldManager=me&force=true", "application/apply-patch+yaml"],
      ["PATCH", "/api/v1/namespaces/b/pods/a/status", "application/merge-patch+json"],
      ["DELETE", "/api/v1/namespaces/b/pods/a", "application/json"],
    ],
  );
});

test("over a real connection: headers, paths below a prefix, bodies, and the connection is kept", async () => {
  const seen: unknown[] = [];
  const sockets = new Set<unknown>();
  const server = createServer((request, response) => {
    let body = "";
    sockets.add(request.socket);
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      seen.push([request.method, request.url, request.headers.authorization, request.headers["content-type"], body]);
      response.setHeader("retry-after", "3");
      response.statusCode = request.method === "POST" ? 429 : 200;
      response.end(request.method === "POST" ? "later" : '{"kind":"Pod"}');
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const transport = httpsTransport(
    { server: `http://127.0.0.1:${port}/prefix/`, namespace: "x", authorization: () => Promise.resolve("Bearer t") },
    "spec",
  );
  const client = new KubeClient(transport);
  try {
    assert.deepEqual(await client.get(pods, { name: "a", namespace: "ü" }), { ok: true, value: { kind: "Pod" } });
    assert.deepEqual(await client.create(pods, { metadata: { name: "ü", namespace: "b" } }), {
      ok: false,
      status: { code: 429, reason: "", message: "later", retryAfterSeconds: 3 },
    });
    assert.deepEqual(seen, [
      ["GET", "/prefix/api/v1/namespaces/%C3%BC/pods/a", "Bearer t", undefined, ""],
      [
        "POST",
        "/prefix/api/v1/namespaces/b/pods",
        "Bearer t",
        "application/json",
        '{"metadata":{"name":"ü","namespace":"b"}}',
      ],
    ]);
    assert.equal(sockets.size, 1);
  } finally {
    client.close();
    server.close();
  }
});

test("an answer that does not come is not waited for for ever", async () => {
  const transport = new ScriptedTransport(() => ({ hang: true }));
  const client = new KubeClient(transport, { patience: { objectMilliseconds: 20, pageMilliseconds: 20 } });
  // Neither the signal's timer nor the answer holds the process.
  const hold = setTimeout(() => undefined, 5000);
  await assert.rejects(client.get(pods, { namespace: "a", name: "b" }), /aborted|timeout/);
  await assert.rejects(client.list(pods), /aborted|timeout/);
  clearTimeout(hold);
});

test("whom to trust is asked with every request, and a connection that was trusted before is not used again", async () => {
  const validity = { notBefore: new Date(Date.now() - 1000), notAfter: new Date(Date.now() + 60_000) };
  const make = async (): Promise<{ ca: string; cert: string; key: string }> => {
    const authority = await createAuthority({ commonName: "kubernetes", ...validity });
    const leaf = await issueCertificate(authority, { commonName: "api", names: ["127.0.0.1"], ...validity });
    return { ca: authority.certificate, cert: leaf.certificate, key: leaf.privateKey };
  };
  const [before, after] = [await make(), await make()];
  const server = createSecureServer(before, (_request, response) => response.end('{"kind":"Pod"}'));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  let trusted = before.ca;
  const config = {
    server: `https://127.0.0.1:${port}`,
    namespace: "x",
    certificateAuthority: before.ca,
    authorityNow: () => Promise.resolve(trusted),
  };
  const client = new KubeClient(httpsTransport(config, "spec"));
  const address = { name: "a", namespace: "b" };
  try {
    assert.ok((await client.get(pods, address)).ok);
    trusted = after.ca;
    await assert.rejects(client.get(pods, address), /certificate/);
    server.setSecureContext(after);
    assert.ok((await client.get(pods, address)).ok);
  } finally {
    client.close();
    server.close();
  }
});

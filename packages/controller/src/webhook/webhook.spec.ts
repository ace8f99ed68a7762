import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, request as httpsRequest, type RequestOptions } from "node:https";
import { connect } from "node:tls";
import { after, before, test } from "node:test";
import { createAuthority, issueCertificate } from "@portcullis/certs";
import { readJson, type JsonObject, type JsonValue } from "@portcullis/objects";
import { allowedBecause, type AdmissionRequest } from "@portcullis/policy";
import { silentLog } from "../log/log.ts";
import type { AdmissionHandler, WebhookServer } from "./server.ts";
import { reviewOf, webhookUnderTest, type WebhookUnderTest } from "./webhook-under-test.ts";

let webhook: WebhookUnderTest;
let server: WebhookServer;
let port = 0;
before(async () => {
  webhook = await webhookUnderTest();
  server = webhook.make({
    handlers: new Map([
      [
        "/v1/admit",
        (request: AdmissionRequest) => {
          if (request.name === "fault") throw new Error("something broke");
          return Promise.resolve(allowedBecause(`saw ${request.operation} of ${request.kind.kind} ${request.name}`));
        },
      ],
    ]),
  });
  port = await server.listen();
});
after(async () => {
  await server.close();
});

async function call(
  path: string,
  body: string,
  contentType = "application/json",
): Promise<{ status: number; review: JsonValue }> {
  const sent = httpsRequest({
    host: "127.0.0.1",
    port,
    path,
    ca: webhook.ca,
    method: "POST",
    headers: { "content-type": contentType },
  });
  sent.end(body);
  const [response] = await once(sent, "response");
  let text = "";
  for await (const chunk of response) text += String(chunk);
  const parsed = readJson(text);
  return { status: response.statusCode, review: parsed.ok ? parsed.value : text };
}

for (const version of ["v1", "v1beta1"]) {
  test(`a review of ${version} is answered in its version, with its uid`, async () => {
    assert.deepEqual(await call("/v1/admit?timeout=3s", reviewOf(`admission.k8s.io/${version}`, "a")), {
      status: 200,
      review: {
        apiVersion: `admission.k8s.io/${version}`,
        kind: "AdmissionReview",
        response: { uid: "u1", allowed: true, status: { metadata: {}, code: 200, message: "saw CREATE of Pod a" } },
      },
    });
  });
}

test("a byte order mark before a review is passed over", async () => {
  const { review: answer } = await call("/v1/admit", `\ufeff${reviewOf("admission.k8s.io/v1", "a")}`);
  assert.match(JSON.stringify(answer), /"allowed":true.*saw CREATE of Pod a/);
});

const refused: readonly (readonly [what: string, body: string, contentType: string, code: number, message: RegExp])[] =
  [
    ["an empty body", "", "application/json", 400, /^request body is empty$/],
    ["another content type", "{}", "text/plain", 400, /^contentType=text\/plain, expected application\/json$/],
    [
      "a body that is not JSON",
      "{",
      "application/json",
      400,
      /^the request body is not JSON: .*AdmissionReview is expected/,
    ],
    [
      "nothing but byte order marks",
      "\ufeff".repeat(100_000),
      "application/json",
      400,
      /^the request body is not JSON/,
    ],
    [
      "a wrong version",
      reviewOf("admission.k8s.io/v2", "a"),
      "application/json",
      400,
      /`admission.k8s.io\/v2`.* is expected/,
    ],
    ["no review", "[]", "application/json", 400, /AdmissionReview of admission.k8s.io\/v1 or .* is expected/],
    [
      "a review without request",
      '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}',
      "application/json",
      400,
      /no request/,
    ],
    [
      "a body that is too large",
      `"${"x".repeat(7 * 1024 * 1024)}"`,
      "application/json",
      413,
      /^request entity is too large; limit is 7340032 bytes$/,
    ],
    [
      "a body that is too deep",
      reviewOf("admission.k8s.io/v1", "a").replace(
        '"object":{}',
        `"object":{"a\\"[":${"[".repeat(10_001)}${"]".repeat(10_001)}}`,
      ),
      "application/json",
      400,
      /^the request body is not JSON: exceeded max depth$/,
    ],
    [
      "a list for an object",
      reviewOf("admission.k8s.io/v1", "a").replace('"object":{}', '"object":[]'),
      "application/json",
      400,
      /^the object of the AdmissionReview is no object$/,
    ],
    [
      "a field of another type",
      reviewOf("admission.k8s.io/v1", "a").replace('"name":"a"', '"name":7'),
      "application/json",
      400,
      /^json: cannot unmarshal number into Go struct field AdmissionRequest\.AdmissionReview\.request\.name of type string$/,
    ],
    [
      "a list for a request",
      '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":[]}',
      "application/json",
      400,
      /^json: cannot unmarshal array into Go struct field .*\.request of type v1\.AdmissionRequest$/,
    ],
    [
      "a number beyond all doubles where nobody reads it",
      reviewOf("admission.k8s.io/v1", "a").replace('"request"', '"more":1e400,"request"'),
      "application/json",
      400,
      /^json: cannot unmarshal number 1e400 into Go value of type float64$/,
    ],
    ["a fault of ours", reviewOf("admission.k8s.io/v1", "fault"), "application/json", 500, /^something broke$/],
  ];
for (const [what, body, contentType, code, message] of refused) {
  test(`${what} is not let through`, async () => {
    const { status, review: answer } = await call("/v1/admit", body, contentType);
    assert.equal(status, 200);
    const { response } = answer as unknown as {
      response: { allowed: boolean; status: { code: number; message: string } };
    };
    assert.equal(response.allowed, false);
    assert.equal(response.status.code, code);
    assert.match(response.status.message, message);
  });
}

const beyond = "json: cannot unmarshal number 1e400 into Go value of type float64";
for (const [where, from, to, message] of [
  ["the object", '"object":{}', '"object":{"spec":[0,{"n":1e400}]}', `error decoding generator resource a: ${beyond}`],
  [
    "what is deleted",
    '"operation":"CREATE"',
    '"oldObject":{"n":1e400},"operation":"DELETE"',
    `error decoding generator resource a: ${beyond}`,
  ],
  [
    "the old object",
    '"object":{}',
    '"object":{},"oldObject":{"n":1e400}',
    `error reviewing resource a: admission.k8s.gatekeeper.sh: Rego: ${beyond}\n\n`,
  ],
  [
    "the options",
    '"object":{}',
    '"object":{},"options":{"n":1e400}',
    `error reviewing resource a: admission.k8s.gatekeeper.sh: Rego: ${beyond}\n\n`,
  ],
] as const) {
  test(`a number beyond all doubles in ${where} is refused as Gatekeeper refuses it`, async () => {
    assert.deepEqual(await call("/v1/admit", reviewOf("admission.k8s.io/v1", "a").replace(from, to)), {
      status: 200,
      review: {
        apiVersion: "admission.k8s.io/v1",
        kind: "AdmissionReview",
        response: { uid: "u1", allowed: false, status: { metadata: {}, message, code: 500 } },
      },
    });
  });
}

test("another path is not found", async () => {
  assert.equal((await call("/v1/other", "{}")).status, 404);
});

/** A call as it is on the wire. */
test("the deadline is the API server's", async () => {
  const deadlines: number[] = [];
  const handler: AdmissionHandler = (_request, deadline) => {
    deadlines.push(deadline - Date.now());
    return allowedBecause("");
  };
  await webhook.withServer({ handler }, async (at) => {
    (await webhook.post(at, "/v1/admit?timeout=2s")).resume();
    (await webhook.post(at)).resume();
  });
  const [asked = 0, usual = 0] = deadlines;
  assert.ok(asked > 1400 && asked <= 1600, String(asked));
  assert.ok(usual > 2300 && usual <= 2500, String(usual));
});

test("while it drains it serves on, and sends callers elsewhere for the next time", async () => {
  await webhook.withServer({ handler: () => allowedBecause("") }, async (at, own) => {
    const agent = new Agent({ keepAlive: true });
    const before = await webhook.post(at, "/v1/admit", { agent });
    assert.equal(before.headers.connection, "keep-alive");
    before.resume();
    own.drain();
    const during = await webhook.post(at, "/v1/admit", { agent });
    assert.deepEqual([during.statusCode, during.headers.connection], [200, "close"]);
    during.resume();
    agent.destroy();
  });
});

test("where callers must show who they are, nobody else is evaluated", async () => {
  const validity = { notBefore: new Date(Date.now() - 1000), notAfter: new Date(Date.now() + 3_600_000) };
  const clients = await createAuthority({ commonName: "clients", ...validity });
  const strangers = await createAuthority({ commonName: "clients", ...validity });
  const issue = async (authority: typeof clients, commonName: string): Promise<RequestOptions> => {
    const made = await issueCertificate(authority, { commonName, names: [], usages: ["client"], ...validity });
    return { cert: made.certificate, key: made.privateKey };
  };
  let evaluated = 0;
  const handler: AdmissionHandler = () => {
    evaluated += 1;
    return allowedBecause("");
  };
  const callers = { authority: clients.certificate, commonName: "kube-apiserver" };
  const told: JsonObject[] = [];
  const log = {
    ...silentLog,
    warn: (message: string, fields = {}) => void told.push({ message, ...(fields as JsonObject) }),
  };
  const refused: string[] = [];
  const observer = { refused: (reason: string) => void refused.push(reason), closedIdle: assert.fail };
  await webhook.withServer({ handler, callers, log, observer }, async (at) => {
    const statusOf = async (options: RequestOptions): Promise<number | undefined> => {
      const response = await webhook.post(at, "/v1/admit", options);
      response.resume();
      return response.statusCode;
    };
    assert.equal(await statusOf({}), 401);
    assert.equal(await statusOf(await issue(clients, "somebody")), 401);
    assert.equal(await statusOf(await issue(strangers, "kube-apiserver")), 401);
    assert.equal(evaluated, 0);
    assert.deepEqual(refused, ["caller", "caller", "caller"]);
    // Once for all three: who calls in vain must not fill the log.
    assert.deepEqual(
      told.map(({ message, calls }) => [message, calls]),
      [["calls were refused: they did not show the certificate of an API server", 1]],
    );
    assert.equal(await statusOf(await issue(clients, "kube-apiserver")), 200);
    assert.equal(evaluated, 1);
  });
});

test("a server that is closed while it begins to listen does not listen on", async () => {
  const closing = webhook.make({});
  const listening = closing.listen();
  await closing.close();
  const socket = connect({ host: "127.0.0.1", port: await listening });
  await assert.rejects(once(socket, "secureConnect"), { code: "ECONNREFUSED" });
});

import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { Agent, request as httpsRequest, type RequestOptions } from "node:https";
import { once } from "node:events";
import { connect as connectPlainly, type Socket } from "node:net";
import { connect } from "node:tls";
import { after, before, test } from "node:test";
import { systemClock } from "@portcullis/kube";
import { createAuthority, issueCertificate, type KeyedCertificate } from "@portcullis/certs";
import { readJson, type JsonObject, type JsonValue } from "@portcullis/objects";
import { silentLog } from "../log/log.ts";
import { allowedBecause, type AdmissionRequest } from "@portcullis/policy";
import { fakeRequest } from "@portcullis/policy/testing";
import { admitLabel } from "./admit-label.ts";
import { WebhookServer, type AdmissionHandler, type WebhookServerOptions } from "./server.ts";

let port = 0;
let server: WebhookServer | undefined;
let ca = "";
let leaf: KeyedCertificate = { certificate: "", privateKey: "" };
before(async () => {
  const validity = { notBefore: new Date(Date.now() - 1000), notAfter: new Date(Date.now() + 3_600_000) };
  const authority = await createAuthority({ commonName: "ca", ...validity });
  leaf = await issueCertificate(authority, { commonName: "webhook", names: ["127.0.0.1"], ...validity });
  ca = authority.certificate;
  server = new WebhookServer({
    host: "127.0.0.1",
    port: 0,
    certificate: leaf.certificate,
    privateKey: leaf.privateKey,
    log: silentLog,
    clock: systemClock,
    timeoutMilliseconds: 3000,
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
  await server?.close();
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
    ca,
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

const review = (apiVersion: string, name: string): string =>
  JSON.stringify({
    apiVersion,
    kind: "AdmissionReview",
    request: { uid: "u1", operation: "CREATE", kind: { group: "", version: "v1", kind: "Pod" }, name, object: {} },
  });

for (const version of ["v1", "v1beta1"]) {
  test(`a review of ${version} is answered in its version, with its uid`, async () => {
    assert.deepEqual(await call("/v1/admit?timeout=3s", review(`admission.k8s.io/${version}`, "a")), {
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
  const { review: answer } = await call("/v1/admit", `\ufeff${review("admission.k8s.io/v1", "a")}`);
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
      review("admission.k8s.io/v2", "a"),
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
      review("admission.k8s.io/v1", "a").replace(
        '"object":{}',
        `"object":{"a\\"[":${"[".repeat(10_001)}${"]".repeat(10_001)}}`,
      ),
      "application/json",
      400,
      /^the request body is not JSON: exceeded max depth$/,
    ],
    [
      "a list for an object",
      review("admission.k8s.io/v1", "a").replace('"object":{}', '"object":[]'),
      "application/json",
      400,
      /^the object of the AdmissionReview is no object$/,
    ],
    [
      "a field of another type",
      review("admission.k8s.io/v1", "a").replace('"name":"a"', '"name":7'),
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
      review("admission.k8s.io/v1", "a").replace('"request"', '"more":1e400,"request"'),
      "application/json",
      400,
      /^json: cannot unmarshal number 1e400 into Go value of type float64$/,
    ],
    ["a fault of ours", review("admission.k8s.io/v1", "fault"), "application/json", 500, /^something broke$/],
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
    assert.deepEqual(await call("/v1/admit", review("admission.k8s.io/v1", "a").replace(from, to)), {
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
const callOf = (body: string): string =>
  `POST /v1/admit HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

/** A server of its own, with one handler. */
async function withServer(
  options: Partial<WebhookServerOptions> & { readonly handler: AdmissionHandler },
  run: (port: number, server: WebhookServer) => Promise<void>,
): Promise<void> {
  const own = new WebhookServer({
    host: "127.0.0.1",
    port: 0,
    certificate: leaf.certificate,
    privateKey: leaf.privateKey,
    log: silentLog,
    clock: systemClock,
    timeoutMilliseconds: 3000,
    handlers: new Map([["/v1/admit", options.handler]]),
    ...options,
  });
  const at = await own.listen();
  try {
    await run(at, own);
  } finally {
    await own.close();
  }
}

function post(at: number, path = "/v1/admit", more: RequestOptions = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json" };
    const sent = httpsRequest({ host: "127.0.0.1", port: at, path, ca, method: "POST", headers, ...more }, resolve);
    sent.on("error", reject);
    sent.end(review("admission.k8s.io/v1", "a"));
  });
}

test("the deadline is the API server's", async () => {
  const deadlines: number[] = [];
  const handler: AdmissionHandler = (_request, deadline) => {
    deadlines.push(deadline - Date.now());
    return allowedBecause("");
  };
  await withServer({ handler }, async (at) => {
    (await post(at, "/v1/admit?timeout=2s")).resume();
    (await post(at)).resume();
  });
  const [asked = 0, usual = 0] = deadlines;
  assert.ok(asked > 1400 && asked <= 1600, String(asked));
  assert.ok(usual > 2300 && usual <= 2500, String(usual));
});

test("what hangs is refused in time", async () => {
  const handler: AdmissionHandler = () => new Promise(() => {});
  await withServer({ handler }, async (at) => {
    const from = performance.now();
    const response = await post(at, "/v1/admit?timeout=1s");
    let text = "";
    for await (const chunk of response) text += String(chunk);
    assert.ok(performance.now() - from < 1000, "the API server has given up by then");
    assert.match(text, /"allowed":false.*the cluster did not tell in time/);
  });
});

test("who sends a request bit by bit does not hold a place for long", async () => {
  await withServer({ handler: () => allowedBecause(""), maxServing: 1, requestMilliseconds: 1000 }, async (at) => {
    const socket = connect({ host: "127.0.0.1", port: at, ca });
    socket.write(
      "POST /v1/admit HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
    );
    socket.on("error", () => {});
    socket.resume();
    const from = performance.now();
    await once(socket, "close");
    const seconds = (performance.now() - from) / 1000;
    assert.ok(seconds > 0.5 && seconds < 5, `it was let go after ${seconds} s`);
    assert.equal((await post(at)).statusCode, 200);
  });
});

test("who connects and says nothing, or no HTTP, is let go, and keeps no server from ending", async () => {
  // None of them ever closes its own side.
  const open = (at: number) => connectPlainly({ host: "127.0.0.1", port: at, allowHalfOpen: true });
  const sockets: ReturnType<typeof open>[] = [];
  await withServer({ handler: () => allowedBecause(""), requestMilliseconds: 500 }, async (at) => {
    const [silent, plain] = [open(at), open(at)];
    sockets.push(silent, plain);
    plain.write("GET / HTTP/1.1\r\n\r\n");
    const odd = connect({ host: "127.0.0.1", port: at, ca });
    odd.write("what is this?\r\n\r\n");
    for (const socket of [silent, plain, odd]) socket.on("error", () => {}).resume();
    await Promise.all([once(silent, "end"), once(plain, "end"), once(odd, "close")]);
  });
  for (const socket of sockets) socket.destroy();
});

test("more than can be in work is answered with 429 at once, and what is in work goes on", async () => {
  const held = Promise.withResolvers<undefined>();
  const full = Promise.withResolvers<undefined>();
  let inWork = 0;
  const handler: AdmissionHandler = async () => {
    inWork += 1;
    if (inWork === 2) full.resolve(undefined);
    await held.promise;
    return allowedBecause("late");
  };
  const refused: string[] = [];
  const observer = { refused: (reason: string) => void refused.push(reason), closedIdle: assert.fail };
  await withServer({ handler, maxServing: 2, observer }, async (at) => {
    const waiting = [post(at), post(at)];
    await full.promise;
    const shed = await post(at);
    assert.deepEqual([shed.statusCode, shed.headers["retry-after"]], [429, "1"]);
    assert.deepEqual(refused, ["overload"]);
    shed.resume();
    held.resolve(undefined);
    for (const response of await Promise.all(waiting)) {
      assert.equal(response.statusCode, 200);
      response.resume();
    }
    const after = await post(at);
    assert.equal(after.statusCode, 200);
    after.resume();
  });
});

test("large bodies that come at once are held up to a bound, and shut out neither small ones nor what comes after", async () => {
  const told: string[] = [];
  const log = { ...silentLog, warn: (message: string) => void told.push(message) };
  const large = review("admission.k8s.io/v1", "x".repeat(400_000));
  await withServer({ handler: () => allowedBecause(""), maxBytes: 1_000_000, log }, async (at) => {
    // Each says how long it will be before any has sent anything.
    const head = `POST /v1/admit HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${large.length}\r\n\r\n`;
    const sockets = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const socket = connect({ host: "127.0.0.1", port: at, ca });
        await once(socket, "secureConnect");
        socket.write(head + large.slice(0, 100_000));
        return socket;
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    const answers = sockets.map(async (socket) => {
      socket.setEncoding("utf8");
      const [text] = (await once(socket, "data")) as [string];
      return text.slice(9, 12);
    });
    // All but their ends.
    for (const socket of sockets) socket.write(large.slice(100_000, -1));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const small = await post(at);
    assert.equal(small.statusCode, 200);
    small.resume();
    for (const socket of sockets) socket.write(large.slice(-1));
    const codes = (await Promise.all(answers)).toSorted();
    assert.deepEqual(codes, ["200", "200", "429", "429", "429", "429"]);
    for (const socket of sockets) socket.destroy();
    assert.equal(told.length, 1, "whoever runs it hears of it");
    const again = connect({ host: "127.0.0.1", port: at, ca });
    again.write(head + large);
    again.setEncoding("utf8");
    const [text] = (await once(again, "data")) as [string];
    assert.match(text, /^HTTP\/1.1 200 /);
    again.destroy();
  });
});

test("between two large reviews others have their turn", async () => {
  const order: string[] = [];
  let small: Socket | undefined;
  const handler: AdmissionHandler = ({ name }) => {
    if (order.push(name.slice(0, 5)) === 1) small?.write(callOf(review("admission.k8s.io/v1", "small")));
    return allowedBecause("");
  };
  await withServer({ handler }, async (at) => {
    const large = callOf(review("admission.k8s.io/v1", "large".padEnd(100_000, "x")));
    const open = async (): Promise<Socket> => {
      const socket = connect({ host: "127.0.0.1", port: at, ca });
      await once(socket, "secureConnect");
      return socket;
    };
    const sockets = await Promise.all(Array.from({ length: 8 }, open));
    small = await open();
    for (const socket of sockets) socket.write(large.slice(0, -1));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const answers = [...sockets, small].map((socket) => once(socket, "data"));
    // All are complete in the same moment.
    for (const socket of sockets) socket.write(large.slice(-1));
    await Promise.all(answers);
    for (const socket of [...sockets, small]) socket.destroy();
  });
  assert.equal(order.length, 9);
  assert.ok(order.indexOf("small") < 5, order.join(" "));
});

test("what waits while a slow policy is asked waits in its own time", async () => {
  const deadlines: number[] = [];
  const handler: AdmissionHandler = (_request, deadline) => {
    deadlines.push(deadline);
    for (const from = performance.now(); performance.now() - from < 300;);
    return allowedBecause("");
  };
  await withServer({ handler }, async (at) => {
    const body = review("admission.k8s.io/v1", "a");
    const sockets = [1, 2, 3].map(() => connect({ host: "127.0.0.1", port: at, ca }));
    await Promise.all(sockets.map((socket) => once(socket, "secureConnect")));
    for (const socket of sockets) {
      socket.resume();
      socket.write(callOf(body));
    }
    await Promise.all(sockets.map((socket) => once(socket, "data")));
    for (const socket of sockets) socket.destroy();
  });
  assert.equal(deadlines.length, 3);
  assert.ok(Math.max(...deadlines) - Math.min(...deadlines) < 300, deadlines.join());
});

test("while it drains it serves on, and sends callers elsewhere for the next time", async () => {
  await withServer({ handler: () => allowedBecause("") }, async (at, own) => {
    const agent = new Agent({ keepAlive: true });
    const before = await post(at, "/v1/admit", { agent });
    assert.equal(before.headers.connection, "keep-alive");
    before.resume();
    own.drain();
    const during = await post(at, "/v1/admit", { agent });
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
  await withServer({ handler, callers, log, observer }, async (at) => {
    const statusOf = async (options: RequestOptions): Promise<number | undefined> => {
      const response = await post(at, "/v1/admit", options);
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
  const closing = new WebhookServer({
    host: "127.0.0.1",
    port: 0,
    certificate: leaf.certificate,
    privateKey: leaf.privateKey,
    log: silentLog,
    clock: systemClock,
    timeoutMilliseconds: 3000,
    handlers: new Map(),
  });
  const listening = closing.listen();
  await closing.close();
  const socket = connect({ host: "127.0.0.1", port: await listening });
  await assert.rejects(once(socket, "secureConnect"), { code: "ECONNREFUSED" });
});

const namespace = (name: string, labels: Record<string, string>, operation = "CREATE"): AdmissionRequest =>
  fakeRequest({
    uid: "u",
    kind: { group: "", version: "v1", kind: "Namespace" },
    name,
    namespace: name,
    operation,
    object: { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } },
  });

test("only exempt namespaces may carry the ignore label", () => {
  const exempt = { names: ["gatekeeper-system"], prefixes: ["kube-"], suffixes: ["-infra"] };
  const label = { "admission.gatekeeper.sh/ignore": "" };
  const says = (request: AdmissionRequest): string => {
    const { allowed, code, message } = admitLabel(request, exempt);
    return `${allowed} ${code} ${message}`;
  };
  assert.equal(
    says(namespace("a", label)),
    "false 403 Only exempt namespace can have the admission.gatekeeper.sh/ignore label",
  );
  assert.equal(says(namespace("a", {})), "true 200 Namespace is not setting the admission.gatekeeper.sh/ignore label");
  assert.equal(says(namespace("a", label, "DELETE")), "true 200 Delete is always allowed");
  assert.equal(
    says({ ...namespace("a", label), kind: { group: "other", version: "v1", kind: "Namespace" } }),
    "true 200 Not a namespace",
  );
  for (const name of ["gatekeeper-system", "kube-public", "my-infra"]) {
    assert.equal(
      says(namespace(name, label)),
      `true 200 Namespace ${name} is allowed to set admission.gatekeeper.sh/ignore`,
    );
  }
  // The object's name counts: the request has none while one is generated.
  assert.match(says({ ...namespace("kube-x7k2p", label), name: "" }), /^true 200 /);
  assert.match(says({ ...namespace("a", label), name: "gatekeeper-system" }), /^false 403 /);
  const none = { ...namespace("a", label), object: undefined };
  assert.equal(says(none), "false 500 while deserializing resource: unexpected end of JSON input");
  const empty = { ...none, object: { n: 1 } };
  assert.equal(says(empty), `false 500 while deserializing resource: Object 'Kind' is missing in '{"n":1}'`);
});

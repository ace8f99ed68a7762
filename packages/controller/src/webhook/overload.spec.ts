/** What the webhook's server does about who is slow, and about more than it can do. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectPlainly, type Socket } from "node:net";
import { connect } from "node:tls";
import { before, test } from "node:test";
import { allowedBecause } from "@portcullis/policy";
import { silentLog } from "../log/log.ts";
import type { AdmissionHandler } from "./server.ts";
import { callOf, reviewOf, webhookUnderTest, type WebhookUnderTest } from "./webhook-under-test.ts";

let webhook: WebhookUnderTest;
before(async () => {
  webhook = await webhookUnderTest();
});

test("what hangs is refused in time", async () => {
  const handler: AdmissionHandler = () => new Promise(() => {});
  await webhook.withServer({ handler }, async (at) => {
    const from = performance.now();
    const response = await webhook.post(at, "/v1/admit?timeout=1s");
    let text = "";
    for await (const chunk of response) text += String(chunk);
    assert.ok(performance.now() - from < 1000, "the API server has given up by then");
    assert.match(text, /"allowed":false.*the cluster did not tell in time/);
  });
});

test("who sends a request bit by bit does not hold a place for long", async () => {
  await webhook.withServer(
    { handler: () => allowedBecause(""), maxServing: 1, requestMilliseconds: 1000 },
    async (at) => {
      const socket = connect({ host: "127.0.0.1", port: at, ca: webhook.ca });
      socket.write(
        "POST /v1/admit HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
      );
      socket.on("error", () => {});
      socket.resume();
      const from = performance.now();
      await once(socket, "close");
      const seconds = (performance.now() - from) / 1000;
      assert.ok(seconds > 0.5 && seconds < 5, `it was let go after ${seconds} s`);
      assert.equal((await webhook.post(at)).statusCode, 200);
    },
  );
});

test("who connects and says nothing, or no HTTP, is let go, and keeps no server from ending", async () => {
  // None of them ever closes its own side.
  const open = (at: number) => connectPlainly({ host: "127.0.0.1", port: at, allowHalfOpen: true });
  const sockets: ReturnType<typeof open>[] = [];
  await webhook.withServer({ handler: () => allowedBecause(""), requestMilliseconds: 500 }, async (at) => {
    const [silent, plain] = [open(at), open(at)];
    sockets.push(silent, plain);
    plain.write("GET / HTTP/1.1\r\n\r\n");
    const odd = connect({ host: "127.0.0.1", port: at, ca: webhook.ca });
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
  await webhook.withServer({ handler, maxServing: 2, observer }, async (at) => {
    const waiting = [webhook.post(at), webhook.post(at)];
    await full.promise;
    const shed = await webhook.post(at);
    assert.deepEqual([shed.statusCode, shed.headers["retry-after"]], [429, "1"]);
    assert.deepEqual(refused, ["overload"]);
    shed.resume();
    held.resolve(undefined);
    for (const response of await Promise.all(waiting)) {
      assert.equal(response.statusCode, 200);
      response.resume();
    }
    const after = await webhook.post(at);
    assert.equal(after.statusCode, 200);
    after.resume();
  });
});

test("large bodies that come at once are held up to a bound, and shut out neither small ones nor what comes after", async () => {
  const told: string[] = [];
  const log = { ...silentLog, warn: (message: string) => void told.push(message) };
  const large = reviewOf("admission.k8s.io/v1", "x".repeat(400_000));
  await webhook.withServer({ handler: () => allowedBecause(""), maxBytes: 1_000_000, log }, async (at) => {
    // Each says how long it will be before any has sent anything.
    const head = `POST /v1/admit HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${large.length}\r\n\r\n`;
    const sockets = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const socket = connect({ host: "127.0.0.1", port: at, ca: webhook.ca });
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
    const small = await webhook.post(at);
    assert.equal(small.statusCode, 200);
    small.resume();
    for (const socket of sockets) socket.write(large.slice(-1));
    const codes = (await Promise.all(answers)).toSorted();
    assert.deepEqual(codes, ["200", "200", "429", "429", "429", "429"]);
    for (const socket of sockets) socket.destroy();
    assert.equal(told.length, 1, "whoever runs it hears of it");
    const again = connect({ host: "127.0.0.1", port: at, ca: webhook.ca });
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
    if (order.push(name.slice(0, 5)) === 1) small?.write(callOf(reviewOf("admission.k8s.io/v1", "small")));
    return allowedBecause("");
  };
  await webhook.withServer({ handler }, async (at) => {
    const large = callOf(reviewOf("admission.k8s.io/v1", "large".padEnd(100_000, "x")));
    const open = async (): Promise<Socket> => {
      const socket = connect({ host: "127.0.0.1", port: at, ca: webhook.ca });
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
  await webhook.withServer({ handler }, async (at) => {
    const body = reviewOf("admission.k8s.io/v1", "a");
    const sockets = [1, 2, 3].map(() => connect({ host: "127.0.0.1", port: at, ca: webhook.ca }));
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

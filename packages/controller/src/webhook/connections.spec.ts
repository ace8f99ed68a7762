import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectPlainly, type Socket } from "node:net";
import { connect } from "node:tls";
import { after, before, test } from "node:test";
import { allowedBecause } from "@portcullis/policy";
import { silentLog } from "../log/log.ts";
import type { WebhookServer } from "./server.ts";
import { callOf, reviewOf, webhookUnderTest } from "./webhook-under-test.ts";

const most = 8;
let port = 0;
let server: WebhookServer | undefined;
let ca = "";
const told: string[] = [];
let closedIdle = 0;
const held = Promise.withResolvers<undefined>();
let isHeld = Promise.withResolvers<undefined>();
before(async () => {
  const webhook = await webhookUnderTest();
  ca = webhook.ca;
  server = webhook.make({
    // Every address of this machine, so that callers can come from several.
    host: "",
    log: { ...silentLog, warn: (message) => void told.push(message) },
    observer: { refused: assert.fail, closedIdle: () => void (closedIdle += 1) },
    timeoutMilliseconds: 30_000,
    maxConnections: most,
    lookMilliseconds: 100,
    handlers: new Map([
      [
        "/v1/admit",
        async ({ name }) => {
          if (name === "held") {
            isHeld.resolve(undefined);
            await held.promise;
          }
          return allowedBecause(name === "long" ? "x".repeat(32 * 1024 * 1024) : "");
        },
      ],
    ]),
  });
  port = await server.listen();
});
after(async () => {
  await server?.close();
});

/** Another address of this machine. */
const elsewhere = process.platform === "linux" ? "127.0.0.2" : "::1";

async function open(localAddress = "127.0.0.1"): Promise<Socket> {
  const host = localAddress === "::1" ? "::1" : "127.0.0.1";
  const plain = connectPlainly({ host, port, localAddress });
  const socket = connect({ socket: plain, host: "127.0.0.1", ca });
  for (const side of [plain, socket]) side.on("error", () => {});
  await once(socket, "secureConnect");
  return socket;
}

async function ask(socket: Socket, name = "a"): Promise<string> {
  socket.write(callOf(reviewOf("admission.k8s.io/v1", name)));
  const [answer] = (await once(socket, "data")) as [Buffer];
  return answer.toString().slice(9, 12);
}

const isOpen = (socket: Socket): boolean => !socket.readableEnded && !socket.destroyed;

test("of too many connections the idle ones of who has most make way, the oldest first, and none that is served", async () => {
  const apiServer = await open(elsewhere);
  assert.equal(await ask(apiServer), "200");
  isHeld = Promise.withResolvers();
  const serving = await open();
  const answer = ask(serving, "held");
  await isHeld.promise;
  const flood: Socket[] = [];
  for (let count = 0; count < 3 * most; count += 1) {
    const socket = await open();
    socket.resume();
    flood.push(socket);
    // So that the next is younger.
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  const left = flood.map(isOpen);
  assert.deepEqual(
    left,
    left.map((_, at) => at >= left.length - (most - 2)),
    "the youngest are left, as many as there is room for",
  );
  assert.ok(isOpen(apiServer), "who keeps few keeps them");
  assert.equal(await ask(apiServer), "200");
  held.resolve(undefined);
  assert.equal(await answer, "200");
  assert.equal(closedIdle, flood.length - (most - 2));
  assert.deepEqual(told, ["idle connections were closed: too many are open"], "told once for all");
  for (const socket of [...flood, apiServer, serving]) socket.destroy();
});

test("connections that are closed make room, also those that never came to be secured", async () => {
  const keeper = await open(elsewhere);
  for (let count = 0; count < 3 * most; count += 1) {
    const plain = connectPlainly({ host: "127.0.0.1", port });
    await once(plain, "connect");
    const secure = await open();
    const closed = [once(plain, "close"), once(secure, "close")];
    plain.destroy();
    secure.destroy();
    await Promise.all(closed);
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  const others = await Promise.all(Array.from({ length: most - 1 }, () => open()));
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok([keeper, ...others].every(isOpen));
  for (const socket of [keeper, ...others]) socket.destroy();
});

test("who does not take an answer is let go, and who takes it is not", async () => {
  const reader = await open();
  assert.equal(await ask(reader), "200");
  const stuck = await open();
  stuck.pause();
  stuck.write(callOf(reviewOf("admission.k8s.io/v1", "long")));
  // Whoever does not read hears of the end only when he writes.
  const writing = setInterval(() => stuck.write(callOf(reviewOf("admission.k8s.io/v1", "a"))), 50);
  await new Promise((resolve) => stuck.once("close", resolve));
  clearInterval(writing);
  assert.ok(isOpen(reader));
  reader.destroy();
});

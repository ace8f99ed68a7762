/** A server that is told to stop while it still starts: nothing of it goes on. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { freePorts } from "../loopback.ts";
import { kinds, ok, templateOf, within, withSandbox, type TestedSandbox } from "./with-sandbox.ts";

async function isServed(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    // Refused, which is what nobody's port does.
    return false;
  } finally {
    socket.destroy();
  }
}

/** Opens a server, stops it after that time, and looks whether anything of it goes on. */
async function stopAfter(milliseconds: number, { sandbox, open }: TestedSandbox): Promise<void> {
  const [port = 0] = await freePorts(1);
  const opened = open("pod-a", { webhook: { host: "127.0.0.1", port, failurePolicy: "Fail", timeoutSeconds: 3 } });
  // Whether it came to enforce before it was stopped is not asked here.
  opened.ready.catch(() => undefined);
  await sleep(milliseconds);
  await opened.stop();
  await within(3000, () => sandbox.faults.dropWatches() === 0);
  // What goes on would have opened its watches anew by now.
  await sleep(80);
  assert.equal(sandbox.faults.dropWatches(), 0, `stopped after ${milliseconds} ms, it goes on watching`);
  assert.equal(await isServed(port), false, `stopped after ${milliseconds} ms, it goes on serving`);
}

test("however early it is stopped, no watch and no port of it stays open", async () => {
  await withSandbox(async (tested) => {
    const first = await tested.start();
    const never = templateOf("Never", 'package x\nviolation[{"msg": "no"}] { false }');
    ok(await tested.client.create(kinds.templates, never));
    await first.stop();
    // Through the certificates, the lists, the listening and the registration, one after another.
    for (let milliseconds = 0; milliseconds <= 120; milliseconds += 8) await stopAfter(milliseconds, tested);
  });
});

/**
 * The thread that answers for the health of the server. Reviews can keep the server's own thread busy for longer than a
 * probe waits; whoever ended a replica for that would hand its load to the next.
 */
import { parentPort, workerData } from "node:worker_threads";
import { DistantCheck } from "./distant-check.ts";
import { serveHealth, type HealthCheck } from "./health-server.ts";
import { beatMilliseconds, Heartbeat } from "./heartbeat.ts";
import type { CheckAnswer, ThreadOrder, ThreadWord } from "./thread-talk.ts";

/** Serves what it was ordered to, and asks the other thread for what only that one can tell. */
async function answerForHealth(port: NonNullable<typeof parentPort>, order: ThreadOrder): Promise<void> {
  const say = (word: ThreadWord): void => port.postMessage(word);
  const waiting = new Map<string, (problems: readonly string[]) => void>();
  port.on("message", ({ name, problems }: CheckAnswer) => {
    waiting.get(name)?.(problems);
  });
  const distant = (name: string): HealthCheck =>
    new DistantCheck(name, () => {
      const { promise, resolve } = Promise.withResolvers<readonly string[]>();
      waiting.set(name, resolve);
      say({ kind: "check", name });
      return promise;
    });
  const heartbeat = new Heartbeat(order.beats);
  setInterval(() => heartbeat.look(), beatMilliseconds);
  const alive: HealthCheck = {
    name: "default",
    failing: () => Promise.resolve(heartbeat.isHung ? ["the server's thread has not come round for a minute"] : []),
  };
  const checks = new Map([...order.live, ...order.ready].map((name) => [name, distant(name)]));
  const named = (names: readonly string[]): readonly HealthCheck[] => names.flatMap((name) => checks.get(name) ?? []);
  const server = await serveHealth({ live: [alive, ...named(order.live)], ready: named(order.ready) }, order);
  say({ kind: "listening", port: server.port });
}

// as: what health-beside.ts, which alone starts this, gives
if (parentPort !== null) await answerForHealth(parentPort, workerData as ThreadOrder);

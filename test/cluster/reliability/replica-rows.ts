/** Rows about replicas that come and go. */
import assert from "node:assert/strict";
import { loadNamespace } from "./reviews.ts";
import { configMap } from "../acceptance/story.ts";
import { quantile } from "./load.ts";
import type { FaultRow } from "./row.ts";
import { repeating, type Repeating } from "./repeating.ts";
import { assertSound, latencyFigures, pause, type Setting } from "./setting.ts";

/** The measure of R2: a kill every 30 seconds at 300 requests a second. */
const requestsOfKill = 30 * 300;

/** The rows about replicas that come, go and die. */
export const replicaRows: readonly FaultRow[] = [
  {
    row: "R1",
    title: "a rolling restart of all replicas, one by one, loses nothing and lets nothing through",
    async run(setting) {
      const { product, extent } = setting;
      const load = setting.load();
      const writes = startWrites(setting);
      await load.until(extent.requests / 4);
      const steady = load.mark();
      let restarts = 0;
      for (let round = 0; round < extent.rounds || load.result().answered < extent.requests; round += 1) {
        for (const old of product.replicas()) {
          await product.add();
          await product.end(old);
          restarts += 1;
        }
      }
      const rolling = load.mark();
      const result = await load.stop();
      const written = await writes.stop();
      assertSound(result, extent.requests);
      assert.ok(quantile(rolling, 0.99) < 2000, "a caller that waits for three seconds would have given up");
      setting.note("R1", {
        requests: result.answered,
        wrong: 0,
        lost: 0,
        restarts,
        "writes refused by the API server": written,
        ...latencyFigures(rolling),
        "p99 to steady": (quantile(rolling, 0.99) / quantile(steady, 0.99)).toFixed(2),
      });
    },
  },
  {
    // What a killed replica had on its connections cannot be saved. An API server sends a review once: client-go repeats a
    // GET alone when a connection breaks (rest/request.go), net/http a POST only where nothing of it was written yet
    // (transport.go, shouldRetryRequest). The failure policy decides; docs/fail-closed.md tells users.
    row: "R2",
    title: "a replica that is killed loses what was on its connections, and nothing else",
    async run(setting) {
      const { product, extent } = setting;
      const load = setting.load();
      let kills = 0;
      let slowest = 0;
      let seen = 0;
      while (kills < extent.rounds * 2 || load.result().answered < extent.requests) {
        await load.until(load.result().answered + extent.requests / 20);
        const [victim] = product.replicas();
        assert.ok(victim !== undefined);
        const before = performance.now();
        await product.kill(victim);
        kills += 1;
        await pause(2500);
        const { lost } = load.result();
        const ports = lost.slice(seen).map(({ clientPort }) => clientPort);
        assert.equal(new Set(ports).size, ports.length, "a connection lost more than what was on it");
        for (const each of lost.slice(seen)) {
          const backend = product.backendOf(each.clientPort);
          assert.equal(backend, victim.port, `lost on a connection to a replica that lives: ${JSON.stringify(each)}`);
          slowest = Math.max(slowest, each.at - before);
        }
        seen = lost.length;
        await product.add();
      }
      const result = await load.stop();
      assert.equal(result.lost.length, seen, "something was lost when nobody was killed");
      assertSound({ ...result, lost: [] }, extent.requests);
      assert.ok(slowest < 2000, `the last was lost ${slowest.toFixed(0)} ms after the end`);
      setting.note("R2", {
        requests: result.answered,
        wrong: 0,
        kills,
        lost: `${seen} (${((seen / (result.answered + seen)) * 100).toFixed(3)} %), all on connections to the killed`,
        "at a kill every 30 s and 300 requests a second": `${((seen / kills / requestsOfKill) * 100).toFixed(3)} %`,
        "last lost after": `${slowest.toFixed(0)} ms`,
        ...latencyFigures(load.mark()),
      });
    },
  },
];

/** Objects to be denied, written to the API server one after another; each must be refused by the policy. */
export function startWrites({ story, during }: Setting): Repeating {
  const writes = repeating(async (turn) => {
    const said = await story.refuses(configMap(loadNamespace, `stray-${turn}`));
    assert.match(said, /\[denied by owned\] you must provide labels/);
    await pause(100);
  });
  during(() => writes.stop());
  return writes;
}

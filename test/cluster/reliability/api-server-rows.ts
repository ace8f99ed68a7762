/** Rows about an API server that is not well, or takes no writes. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { generationOf, nameOf, own, ownPath, ownString } from "@portcullis/objects";
import { valueOf } from "@portcullis/kube";
import type { Faults } from "../faulty-proxy.ts";
import { configMap } from "../acceptance/story.ts";
import { audited, auditedConstraint, auditedTemplate, configMaps, contradictions, entriesOf } from "./auditor.ts";
import { loadNamespace } from "./reviews.ts";
import type { FaultRow } from "./row.ts";
import { repeating, type Repeating } from "./repeating.ts";
import { assertSound, latencyFigures, pause, timeUntil, type Setting } from "./setting.ts";

/** What goes wrong, one after another. */
const troubles: readonly (readonly [what: string, faults: Faults])[] = [
  ["429 and 500 to a fifth", { failing: 0.2 }],
  ["watches that break", { watchMilliseconds: 600 }],
  ["410 to every second watch", { forgetting: 0.5, watchMilliseconds: 1000 }],
  ["410 to every watch, no bookmarks", { forgetting: 1, withoutBookmarks: true }],
  ["answers after five seconds", { delayMilliseconds: 5000, watchMilliseconds: 500 }],
  ["all of it", { failing: 0.3, forgetting: 0.3, watchMilliseconds: 800, delayMilliseconds: 300 }],
  ["nobody there", { isUnreachable: true }],
];
/** Requests of one replica, its some fifteen watches together, however bad the way is: soon after it became bad, and then. */
const mostAtOnce = 120;
const mostInAMinute = 1000;
/** The watches on which the churn brings changes: of its constraints, its ConfigMaps and, where they are brought together, the reports. */
const busyWatches = 3;
/** The shortest wait before a watch that broke is opened anew, on average. */
const pauseOfWatch = 75;

/** The rows about an API server that is slow, away or forgetful. */
export const apiServerRows: readonly FaultRow[] = [
  {
    row: "R6",
    title: "over a bad way to the API server the replicas serve on, come back to the truth, and do not hammer it",
    async run(setting) {
      const { product, proxy, cluster, extent, story } = setting;
      await installAuditor(setting);
      const load = setting.load();
      let slowest = 0;
      let busiest = 0;
      const each = Math.ceil(extent.requests / troubles.length);
      for (const [what, faults] of troubles) {
        const asked = proxy.asked().length;
        const from = performance.now();
        proxy.set(faults);
        proxy.breakWatches();
        const churn = startChurn(setting);
        await Promise.all([load.until(load.result().answered + each), pause(extent.faultMilliseconds)]);
        const changes = await churn.stop();
        const minutes = (performance.now() - from) / 60_000;
        busiest = Math.max(busiest, bounded(setting, what, proxy.asked().slice(asked), { changes, minutes, faults }));
        proxy.set();
        let found: readonly string[] = [];
        const took = await timeUntil(10_000, `${what}: the truth`, async () => {
          found = await contradictions(cluster, product.replicas(), setting.authority());
          return found.length === 0;
        }).catch((error: unknown) => {
          throw new Error(`${what}: ${found.join("\n")}`, { cause: error });
        });
        slowest = Math.max(slowest, took);
      }
      const result = await load.stop();
      assertSound(result, extent.requests);
      for (const replica of product.replicas()) assert.equal((await product.ready(replica)).status, 200);
      await story.eventually(() => caughtUp(setting));
      setting.note("R6", {
        requests: result.answered,
        wrong: 0,
        lost: 0,
        faults: troubles.length,
        "truth after heal": `${slowest.toFixed(0)} ms at most`,
        "requests a minute and replica": `${busiest.toFixed(0)} at most`,
        ...latencyFigures(load.mark()),
      });
    },
  },
  {
    row: "R7",
    title: "while the API server takes no writes the replicas serve on, keep little, and catch up",
    async run(setting) {
      const { product, proxy, extent } = setting;
      await installAuditor(setting);
      const before = product.replicas().map((replica) => residentMebibytes(replica.program.child.pid));
      const load = setting.load();
      const asked = proxy.asked().length;
      const from = performance.now();
      proxy.set({ isReadOnly: true });
      const churn = startChurn(setting);
      await Promise.all([load.until(extent.requests), pause(extent.faultMilliseconds * 3)]);
      const changes = await churn.stop();
      const writes = proxy
        .asked()
        .slice(asked)
        .filter((each) => !each.startsWith("GET "));
      const minutes = (performance.now() - from) / 60_000;
      const inAMinute = bounded(setting, "writes", writes, { changes, minutes, faults: {} });
      const grown = product
        .replicas()
        .map((replica, index) => residentMebibytes(replica.program.child.pid) - (before[index] ?? 0));
      assert.ok(!(Math.max(...grown) >= 64), `a replica grew by ${Math.max(...grown)} MiB`);
      proxy.set();
      const took = await timeUntil(15_000, "the statuses catch up", async () => {
        await caughtUp(setting);
        return true;
      });
      const result = await load.stop();
      assertSound(result, extent.requests);
      setting.note("R7", {
        requests: result.answered,
        wrong: 0,
        lost: 0,
        "writes tried a minute and replica": inAMinute.toFixed(0),
        "grown by": `${Math.max(...grown).toFixed(0)} MiB at most`,
        "statuses caught up after": `${took.toFixed(0)} ms`,
        ...latencyFigures(load.mark()),
      });
    },
  },
];

/** What was there to ask about, while what was wrong. */
interface Occasion {
  readonly changes: number;
  readonly minutes: number;
  readonly faults: Faults;
}

/** How much each replica asked in a minute; fails where that is more than there was reason for. */
function bounded({ product }: Setting, what: string, asked: readonly string[], occasion: Occasion): number {
  const { changes, minutes } = occasion;
  const each = asked.length / product.replicas().length;
  const most = mostAtOnce + mostInAMinute * minutes + mostForChanges(occasion);
  const figures = `${each.toFixed(0)} of ${most.toFixed(0)} in ${minutes.toFixed(2)} minutes, with ${changes} changes`;
  assert.ok(each < most, `${what}: ${figures}; most of all\n${mostAsked(asked).join("\n")}`);
  return each / minutes;
}

/**
 * Of a change each replica reports, and one of them writes the status; what failed is tried again. A watch that brings
 * changes is needed, so it is opened anew whenever it breaks; where that is refused because the version is forgotten, all is
 * listed and it is opened once more.
 */
function mostForChanges({ changes, minutes, faults }: Occasion): number {
  const { failing = 0, forgetting = 0, watchMilliseconds } = faults;
  const told = (2 * changes) / (1 - failing);
  if (watchMilliseconds === undefined) return told;
  const broken = (minutes * 60_000) / (watchMilliseconds / 2 + pauseOfWatch);
  return told + busyWatches * broken * (1 + (2 * forgetting) / (1 - forgetting));
}

/** What was asked most often, with how often; what the churn numbers counts as one. */
function mostAsked(asked: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const one of asked) {
    const kind = one.replace(/\?.*/, "").replaceAll(/\d+/g, "N");
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const sorted = [...counts].toSorted(([, left], [, right]) => right - left);
  return sorted.slice(0, 10).map(([kind, count]) => `${count} ${kind}`);
}

async function installAuditor({ story }: Setting): Promise<void> {
  await story.admits(auditedTemplate);
  await story.eventually(() => story.admits(auditedConstraint("inventory", "inventory")));
  await story.enforced("audited", "inventory");
}

/** Changes policies and objects all the time, past every fault. */
function startChurn({ cluster: { client }, during }: Setting): Repeating {
  const churn = repeating(async (turn) => {
    const name = `churned-${turn % 7}`;
    const labels = { owner: "me", turn: String(turn) };
    if (turn % 3 === 0) {
      await client.delete(audited, { name });
      await client.delete(configMaps, { namespace: loadNamespace, name });
    } else {
      const mark = { spec: { parameters: { mark: `turn-${turn}` } } };
      const marked = await client.patch(audited, { name }, "merge", mark);
      if (!marked.ok) await client.create(audited, auditedConstraint(name, `turn-${turn}`));
      const at = { namespace: loadNamespace, name };
      const changed = await client.patch(configMaps, at, "merge", { metadata: { labels } });
      if (!changed.ok) await client.create(configMaps, configMap(loadNamespace, name, labels));
    }
    await pause(50);
  });
  during(() => churn.stop());
  return churn;
}

/** Fails where a constraint's status does not speak for every replica, of what the constraint is now. */
async function caughtUp({ cluster, product }: Setting): Promise<void> {
  const pods = product.replicas().map(({ pod }) => pod);
  for (const constraint of valueOf(await cluster.client.list(audited), "listing the constraints").items) {
    const entries = entriesOf(ownPath(constraint, "status", "byPod"));
    const said = entries
      .filter((each) => own(each, "observedGeneration") === generationOf(constraint))
      .map((each) => ownString(each, "id"));
    assert.deepEqual(new Set(said), new Set(pods), `the status of ${nameOf(constraint)}`);
  }
}

/** Resident memory of a process; not a number where the system does not tell. */
function residentMebibytes(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  } catch {
    // It has ended, or this is no Linux.
    return Number.NaN;
  }
}

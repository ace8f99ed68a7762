/** Bad inputs, bad callers and ways around: the rows S1, S2, S6, S8, S10, S12, S13 and S14 of the table, one test a row. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { storyOf, type Story } from "../acceptance/story.ts";
import { availableClusters, startCluster, type ClusterKind, type TestCluster } from "../cluster.ts";
import { startProduct, type Product, type ProductOptions } from "../product.ts";
import { bypasses, prepareBypasses } from "./bypass.ts";
import { auditRights, needsFinalizers, useEverything } from "./rights.ts";
import { assertNoCanary, placesOf, writeSecrets } from "./secrets.ts";

/** A cluster with the product in it, and what belongs to it. */
interface Place {
  readonly cluster: TestCluster;
  readonly product: Product;
  readonly story: Story;
  readonly logFile: string;
  stop(): Promise<void>;
}

async function open(kind: ClusterKind, more: Partial<ProductOptions> = {}): Promise<Place> {
  const cluster = await startCluster(kind);
  const logFile = join(cluster.folder, "server.log");
  try {
    const { flags = [], ...rest } = more;
    const product = await startProduct(cluster, {
      replicas: 1,
      denialForm: "classic",
      manifestFlags: ["--admission-events-involved-namespace"],
      flags: [
        "--emit-admission-events",
        "--admission-events-involved-namespace",
        "--log-denies",
        "--log-level=DEBUG",
        `--log-file=${logFile}`,
        ...flags,
      ],
      ...rest,
    });
    const stop = async (): Promise<void> => {
      await product.stop();
      await cluster.stop();
    };
    return { cluster, product, story: storyOf(cluster, product), logFile, stop };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

const real = availableClusters().includes("kube-apiserver");

for (const kind of availableClusters()) {
  describe(`security on the ${kind}`, () => {
    let place: Place | undefined;
    before(async () => {
      place = await open(kind);
    });
    after(() => place?.stop());
    const here = (): Place => {
      assert.ok(place !== undefined);
      return place;
    };

    it("S8 no way leads around the webhook", { timeout: 120_000 }, async (context) => {
      const { story } = here();
      await prepareBypasses(story);
      for (const { way, notInSandbox, run } of bypasses) {
        const skip = kind === "sandbox" ? notInSandbox : undefined;
        await context.test(way, { skip: skip ?? false }, () => run(story));
      }
    });

    it("S10 nothing of a Secret is in logs, events, statuses and metrics", { timeout: 90_000 }, async () => {
      const { story, product, logFile } = here();
      await writeSecrets(story);
      const places = await placesOf(story, product, logFile);
      assert.match(readFileSync(logFile, "utf8"), /denied admission: the object is/);
      assertNoCanary(places);
    });
  });
}

describe("security of the rights", { skip: real ? false : "the record of a real API server is needed" }, () => {
  for (const profile of ["lenient", "strict"] as const) {
    const title = `S13 every right that the profile ${profile} grants is used, and none is missing`;
    it(title, { timeout: 120_000 }, async () => {
      const flags = profile === "strict" ? ["--narrow-webhook-rules"] : [];
      const { cluster, product, story, stop } = await open("kube-apiserver", { profile, flags });
      try {
        await useEverything(story, product);
        const synced = new Set(["configmaps", "pods", "namespaces", "services"]);
        const { refused, unused, byWildcard, used } = await auditRights(cluster, synced);
        assert.deepEqual(refused, [], "refused by the API server");
        assert.deepEqual(byWildcard, [], "possible by the right to read everything alone");
        // The authorizer alone asks about this one; it is tried by taking it away.
        assert.deepEqual(
          unused,
          ["update constrainttemplates/finalizers.templates.gatekeeper.sh"],
          "granted and not used",
        );
        assert.ok(used > 30, `only ${used} rights were used`);
        await needsFinalizers(story);
      } finally {
        await stop();
      }
    });
  }
});

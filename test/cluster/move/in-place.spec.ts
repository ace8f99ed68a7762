/**
 * A release of Gatekeeper's is upgraded to one of ours under its own names, and rolled back, while somebody writes all the
 * time: nothing is refused for it, and what is ours reviews everything. While Pods of both give way, single writes were seen
 * to go by unreviewed on a machine with much to do, since the webhook fails open; the move under names of its own is the
 * one that is held to have no gap.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { namespace, openScene, root, without, type Scene } from "./scene.ts";

describe("a release of Gatekeeper's", { skip: without }, () => {
  let scene: Scene | undefined;
  before(async () => {
    scene = await openScene();
  });
  after(async () => {
    await scene?.close();
  });

  it("becomes one of ours: the Pods give way one by one, and nothing is refused for it", async () => {
    assert.ok(scene !== undefined);
    const { helm, fleet, podsOf, untilSaid, noStray, noneRefused, items } = scene;
    await helm("upgrade", "gatekeeper", join(root, "charts/portcullis"), ...namespace, "--set", "replicas=2");
    await fleet.settled();
    const serving = podsOf("gatekeeper-controller-manager");
    assert.equal(serving.length, 2);
    assert.deepEqual(podsOf("gatekeeper"), serving, "audit is gone");
    await untilSaid(serving);
    noneRefused();
    await new Promise((resolve) => setTimeout(resolve, 3000));
    noStray();
    const [deployment] = await items("deployments");
    assert.match(JSON.stringify(deployment), /portcullis\/portcullis:/);
  });

  it("goes back by a rollback", async () => {
    assert.ok(scene !== undefined);
    const { helm, fleet, podsOf, untilSaid, noneRefused } = scene;
    await helm("rollback", "gatekeeper", ...namespace, "--no-hooks");
    await fleet.settled();
    assert.equal(podsOf("gatekeeper-audit").length, 1);
    await untilSaid(podsOf("gatekeeper"));
    noneRefused();
  });
});

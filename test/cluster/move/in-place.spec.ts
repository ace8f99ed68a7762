/**
 * A release of Gatekeeper's is upgraded to one of ours under its own names, and rolled back, while somebody writes all the
 * time, and what is ours reviews everything. A Pod of Gatekeeper's that ends closes kept connections while the API server
 * may be sending on one; it sends no review twice, and does as the failure policy says. What is being reviewed then is
 * refused. That is so without us as well, whenever such a Pod ends, and the move under names of its own is without it.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Ending } from "./fleet.ts";
import { knownOfItsStart, namespace, openScene, root, without, type Scene } from "./scene.ts";
import type { Stray } from "./writer.ts";

/** Whether a write was on its way while a Pod closed its connections. Clocks and signals are not exact. */
function isCutOff({ at, took, status, message }: Stray, { closing, ended }: Ending): boolean {
  const slack = 100;
  const wasOnItsWay = at <= ended + slack && at + took >= closing - slack;
  const words = /failed calling webhook .*(EOF|connection reset by peer)$|serving context canceled, aborting request$/;
  return wasOnItsWay && (status === 201 || words.test(message));
}

describe("a release of Gatekeeper's", { skip: without }, () => {
  let scene: Scene | undefined;
  before(async () => {
    scene = await openScene();
  });
  after(async () => {
    await scene?.close();
  });

  it("becomes one of ours: the Pods give way one by one, and nothing is lost but what Gatekeeper's cut off", async () => {
    assert.ok(scene !== undefined);
    const { helm, fleet, podsOf, untilSaid, noStrayFromNow, items } = scene;
    await helm("upgrade", "gatekeeper", join(root, "charts/portcullis"), ...namespace, "--set", "replicas=2");
    await fleet.settled();
    const serving = podsOf("gatekeeper-controller-manager");
    assert.equal(serving.length, 2);
    assert.deepEqual(podsOf("gatekeeper"), serving, "audit is gone");
    await untilSaid(serving);
    await noStrayFromNow((stray) => fleet.endings().some((ending) => ending.isGatekeeper && isCutOff(stray, ending)));
    const [deployment] = await items("deployments");
    assert.match(JSON.stringify(deployment), /portcullis\/portcullis:/);
  });

  it("goes back by a rollback", async () => {
    assert.ok(scene !== undefined);
    const { helm, fleet, podsOf, untilSaid, noStray } = scene;
    await helm("rollback", "gatekeeper", ...namespace, "--no-hooks");
    await fleet.settled();
    assert.equal(podsOf("gatekeeper-audit").length, 1);
    await untilSaid(podsOf("gatekeeper"));
    // Ours end without a loss.
    noStray(knownOfItsStart);
  });
});

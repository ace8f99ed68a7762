/**
 * Replicas that die, certificates that change, an API server that is not well, accidents: what must hold, under load, on a
 * real API server and on the sandbox. `CLUSTER_REQUESTS` and `CLUSTER_APPLIES` say how much is done; see CONTRIBUTING.md.
 */
import { after, afterEach, before, describe, it } from "node:test";
import { availableClusters } from "../cluster.ts";
import { accidentRows } from "./accident-rows.ts";
import { apiServerRows } from "./api-server-rows.ts";
import { certificateRows } from "./certificate-rows.ts";
import { replicaRows } from "./replica-rows.ts";
import { extentOf, startSetting, type Setting } from "./setting.ts";

const extent = extentOf(process.env);
const rows = [...replicaRows, ...certificateRows, ...apiServerRows, ...accidentRows];
/** A row does what it does until the load is over. */
const timeout = 90_000 + extent.requests * 20 + extent.applies * 10_000;

for (const kind of availableClusters()) {
  describe(`reliability on the ${kind}`, () => {
    let setting: Setting | undefined;
    before(
      async () => {
        setting = await startSetting(kind, extent);
      },
      // Three replicas start at once, on a machine that may have much else to do.
      { timeout: 180_000 },
    );
    after(async () => {
      await setting?.stop();
    });
    afterEach(async () => {
      await setting?.settle();
    });
    for (const { row, title, run } of rows) {
      it(`${row} ${title}`, { timeout }, async () => {
        if (setting === undefined) throw new Error("there is no setting");
        await run(setting);
      });
    }
  });
}

/**
 * Gatekeeper's acceptance tests, as far as they concern admission, on a real API server and on the sandbox. The rows are
 * told in the order of Gatekeeper's own suite, and each builds on what those before it left in the cluster.
 */
import { after, before, describe, it } from "node:test";
import { availableClusters, startCluster, type TestCluster } from "../cluster.ts";
import { startProduct, type Product } from "../product.ts";
import { policyRows } from "./policy-rows.ts";
import { countingRows, labelRows, servingRows } from "./serving-rows.ts";
import { storyOf, type Row, type Story } from "./story.ts";

const order = [1, 3, 4, 6, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19, 20, 21, 22, 23, 28, 30, 31, 32];
const rows = [...servingRows, ...labelRows, ...policyRows, ...countingRows];

for (const kind of availableClusters()) {
  describe(`Gatekeeper's acceptance tests on the ${kind}`, () => {
    let cluster: TestCluster | undefined;
    let product: Product | undefined;
    let story: Story | undefined;
    before(async () => {
      cluster = await startCluster(kind);
      product = await startProduct(cluster, {
        replicas: 3,
        denialForm: "classic",
        manifestFlags: ["--admission-events-involved-namespace"],
        flags: ["--disable-opa-builtin=http.send", "--emit-admission-events", "--admission-events-involved-namespace"],
      });
      story = storyOf(cluster, product);
    });
    after(async () => {
      await product?.stop();
      await cluster?.stop();
    });
    for (const number of order) {
      const row: Row | undefined = rows.find((each) => each.row === number);
      it(`row ${number}: ${row?.title ?? "missing"}`, async () => {
        if (row === undefined || story === undefined) throw new Error("there is no such row");
        await row.run(story);
      });
    }
  });
}

/**
 * Policies applied by `portcullis apply` with the rights of the chart's hook: what it says is in force is so on each of
 * three replicas, at once.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { isJsonArray, own, ownPath, ownString } from "@portcullis/objects";
import { availableClusters, startCluster, type TestCluster } from "../cluster.ts";
import { startProduct, type Product } from "../product.ts";

const root = join(import.meta.dirname, "../../..");
const policies = join(root, "examples/private-registry");
const main = join(root, "packages/cli/src/apply-main.ts");
const files = ["constraint_template.yaml", "constraint.yaml"].map((name) => join(policies, name));

for (const kind of availableClusters()) {
  describe(`portcullis apply on the ${kind}`, () => {
    let cluster: TestCluster | undefined;
    let product: Product | undefined;
    before(async () => {
      cluster = await startCluster(kind);
      product = await startProduct(cluster, {
        replicas: 3,
        denialForm: "current",
        manifestFlags: files.map((file) => `--policies=${file}`),
      });
    });
    after(async () => {
      await product?.stop();
      await cluster?.stop();
    });

    /** Runs the hook's program as the hook's account. */
    async function apply(argv: readonly string[]): Promise<{ readonly status: number; out: string; error: string }> {
      assert.ok(cluster !== undefined);
      const kubeconfig = await cluster.kubeconfigOf("gatekeeper-system", "gatekeeper-apply-policies");
      return new Promise((resolve) => {
        const args = ["--conditions=source", main, `--kubeconfig=${kubeconfig}`, ...argv];
        execFile(process.execPath, args, (failure, out, error) => {
          resolve({ status: failure === null ? 0 : 1, out, error });
        });
      });
    }

    it("makes template and constraint in one go, and every replica denies when it returns", async () => {
      assert.ok(cluster !== undefined && product !== undefined);
      const applied = await apply(["--wait", ...files.toReversed().flatMap((file) => ["-f", file])]);
      assert.deepEqual(
        [applied.status, applied.out],
        [
          0,
          "constrainttemplate.templates.gatekeeper.sh/k8sallowedrepos created\nk8sallowedrepos.constraints.gatekeeper.sh/allow-only-private-registry created\n",
        ],
        applied.error,
      );
      const read = await cluster.kubectl(["get", "k8sallowedrepos", "allow-only-private-registry", "-o", "json"]);
      const found: unknown = JSON.parse(read.stdout);
      const byPod = ownPath(found, "status", "byPod");
      assert.ok(isJsonArray(byPod));
      assert.deepEqual(
        byPod.map((entry) => [ownString(entry, "id"), own(entry, "observedGeneration"), own(entry, "enforced")]),
        product
          .replicas()
          .map(({ pod }) => pod)
          .toSorted()
          .map((pod) => [pod, 1, true]),
      );
      // The balancer leads to each of them in turn.
      for (let round = 0; round < 6; round += 1) {
        const ran = await cluster.kubectl(["run", `wrong-${round}`, "--image=nginx"]);
        assert.match(ran.stderr, /\[allow-only-private-registry\] container <wrong-\d> has an invalid image repo/);
      }
    });

    it("finds nothing to do the second time, and refuses what the API server would drop in silence", async () => {
      const again = await apply(["--wait", "-R", "--filename", files[0] ?? "", "--filename", files[1] ?? ""]);
      assert.match(again.out, /k8sallowedrepos unchanged\n.*allow-only-private-registry unchanged\n/);
      assert.ok(cluster !== undefined);
      const path = join(cluster.folder, "stray.json");
      const constraint = {
        apiVersion: "constraints.gatekeeper.sh/v1beta1",
        kind: "K8sAllowedRepos",
        metadata: { name: "stray" },
        spec: { excludedNamespaces: ["kube-system"] },
      };
      await writeFile(path, JSON.stringify(constraint));
      const refused = await apply(["-f", path]);
      assert.equal(refused.status, 1);
      assert.match(
        refused.error,
        /unknown field "spec.excludedNamespaces"; did you mean "spec.match.excludedNamespaces"\?/,
      );
    });

    it("may do nothing but apply policies", async () => {
      const path = join(root, "examples/private-registry/allowed.yaml");
      const { status, error } = await apply(["-f", path]);
      // The sandbox lets everybody do everything.
      if (kind === "sandbox") return;
      assert.equal(status, 1);
      assert.match(error, /Forbidden/);
    });
  });
}

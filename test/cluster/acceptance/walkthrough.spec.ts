/** The seed's walkthrough by kubectl, three replicas enforcing, on a real API server and on the sandbox. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { availableClusters, startCluster, type TestCluster } from "../cluster.ts";
import { startProduct, type Product } from "../product.ts";

const examples = join(import.meta.dirname, "../../../examples/private-registry");
/** The files as the policy's first author wrote them, where they stand beside the checkout. */
const seed = join(import.meta.dirname, "../../../../shared/seed");
const folder = existsSync(seed) ? seed : examples;
const because =
  'container <swiss-army-knife> has an invalid image repo <rancherlabs/swiss-army-knife:latest>, allowed repos are ["private.example.com"]';
const denials = {
  classic: {
    reason: `[denied by allow-only-private-registry] ${because}`,
    message: `[denied by allow-only-private-registry] ${because}`,
  },
  current: { reason: "Forbidden", message: `[allow-only-private-registry] ${because}` },
} as const;

for (const kind of availableClusters()) {
  for (const denialForm of ["classic", "current"] as const) {
    describe(`the walkthrough on the ${kind}, denials in the ${denialForm} form`, () => {
      let cluster: TestCluster | undefined;
      let product: Product | undefined;
      before(async () => {
        cluster = await startCluster(kind);
        product = await startProduct(cluster, { replicas: 3, denialForm });
      });
      after(async () => {
        await product?.stop();
        await cluster?.stop();
      });

      it("goes as it is told, with nothing between the four commands", async () => {
        assert.ok(cluster !== undefined);
        const steps: [file: string, status: number, stdout: string, stderr: string][] = [
          ["constraint_template.yaml", 0, "constrainttemplate.templates.gatekeeper.sh/k8sallowedrepos created\n", ""],
          ["constraint.yaml", 0, "k8sallowedrepos.constraints.gatekeeper.sh/allow-only-private-registry created\n", ""],
          ["allowed.yaml", 0, "pod/swiss-army-knife-allowed created\n", ""],
          ["disallowed.yaml", 1, "", denied(denials[denialForm])],
        ];
        for (const [file, status, stdout, stderr] of steps) {
          // In order: each builds on the one before.
          const ran = await cluster.kubectl(["apply", "-f", file], { folder });
          assert.deepEqual(ran, { status, stdout, stderr });
        }
        const pods = await cluster.kubectl(["get", "pods", "-o", "name"]);
        assert.equal(pods.stdout, "pod/swiss-army-knife-allowed\n");
      });
    });
  }
}

function denied({ reason, message }: { readonly reason: string; readonly message: string }): string {
  const webhook = 'admission webhook "validation.gatekeeper.sh" denied the request';
  return `Error from server (${reason}): error when creating "disallowed.yaml": ${webhook}: ${message}\n`;
}

/** What Helm renders is taken by an API server, object by object, in both profiles and with all that can be asked for. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { own, ownString, type JsonObject } from "@portcullis/objects";
import { honoured } from "../../chart-values-data.ts";
import { allOf, merged } from "../../chart-values.ts";
import { objectsIn, renderedChart, withoutHelm } from "../../helm-chart.ts";
import { availableClusters, startCluster, type TestCluster } from "../cluster.ts";

const root = join(import.meta.dirname, "../../..");
const examples = join(root, "examples/private-registry");
const policies = ["constraint_template.yaml", "constraint.yaml"].flatMap((name) =>
  objectsIn(readFileSync(join(examples, name), "utf8")),
);

const everything: JsonObject = {
  controllerManager: { networkPolicy: { enabled: true } },
  emitAdmissionEvents: true,
  admissionEventsInvolvedNamespace: true,
  enableDeleteOperations: true,
  enableConnectOperations: true,
  policies: { objects: [...policies] },
};

/** The values that are given to each installation. */
const installations: Readonly<Record<string, JsonObject>> = {
  "the profile lenient": { ...everything, profile: "lenient" },
  "the profile strict": { ...everything, profile: "strict" },
  "all values of Gatekeeper's chart": merged(everything, allOf(honoured.filter((row) => row.with === undefined))),
};

for (const kind of availableClusters()) {
  describe(`the chart on the ${kind}`, { skip: withoutHelm }, () => {
    let cluster: TestCluster | undefined;
    before(async () => {
      cluster = await startCluster(kind);
    });
    after(async () => {
      await cluster?.stop();
    });

    for (const [title, values] of Object.entries(installations)) {
      it(`renders objects with ${title} that are all taken`, async () => {
        assert.ok(cluster !== undefined);
        const { kubectl } = cluster;
        const objects = renderedChart(values, "--include-crds");
        const isCrd = (object: JsonObject): boolean => own(object, "kind") === "CustomResourceDefinition";
        const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "gatekeeper-system" } };
        // A webhook that nobody answers for would be in the way of what comes after it.
        const isLast = (object: JsonObject): boolean => own(object, "kind") === "ValidatingWebhookConfiguration";
        const between = objects.filter((object) => !isCrd(object) && !isLast(object));
        for (const items of [[namespace, ...objects.filter(isCrd)], between, objects.filter(isLast)]) {
          // The sandbox refuses conditions in CEL, and says so.
          const left = (key: string, value: unknown): unknown => (key === "matchConditions" ? undefined : value);
          const list = { apiVersion: "v1", kind: "List", items };
          const input = JSON.stringify(list, kind === "sandbox" ? left : undefined);
          const ran = await kubectl(["apply", "--server-side", "--force-conflicts", "--validate=strict", "-f", "-"], {
            input,
          });
          assert.equal(ran.status, 0, ran.stderr);
          // It says of each object what became of it.
          assert.equal(ran.stdout.trim().split("\n").length, items.length, ran.stdout);
        }
        const seen = new Set(objects.map((object) => ownString(object, "kind")));
        for (const expected of [
          "Deployment",
          "NetworkPolicy",
          "PodDisruptionBudget",
          "ResourceQuota",
          "Job",
          "ClusterRole",
        ]) {
          assert.ok(seen.has(expected), `${expected} is not among ${[...seen].join(", ")}`);
        }
        await kubectl(["delete", "validatingwebhookconfiguration", "gatekeeper-validating-webhook-configuration"]);
        // Its selector, which cannot be changed, is another under another name of the chart.
        await kubectl(["delete", "deployment", "-n", "gatekeeper-system", "gatekeeper-controller-manager"]);
        await kubectl(["delete", "job", "-n", "gatekeeper-system", "gatekeeper-apply-policies"]);
      });
    }
  });
}

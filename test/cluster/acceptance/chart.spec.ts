/** What Helm renders is taken by an API server, object by object, in both profiles and with all that can be asked for. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { isJsonObject, nameOf, own, ownString, type JsonObject } from "@portcullis/objects";
import { readYaml } from "@portcullis/objects/yaml";
import { findOracle } from "../../oracle/oracle.ts";
import { availableClusters, startCluster, type TestCluster } from "../cluster.ts";

const root = join(import.meta.dirname, "../../..");
const helm = findOracle("helm");
const without =
  helm === undefined ? "helm is not built here; node --conditions=source test/oracle/oracle.ts helm builds it" : false;

const everything = [
  "controllerManager.networkPolicy.enabled=true",
  "emitAdmissionEvents=true",
  "admissionEventsInvolvedNamespace=true",
  "enableDeleteOperations=true",
  "enableConnectOperations=true",
];
const examples = join(root, "examples/private-registry");
const policies = ["constraint_template.yaml", "constraint.yaml"].flatMap((name) =>
  objectsIn(readFileSync(join(examples, name), "utf8")),
);

function objectsIn(text: string): readonly JsonObject[] {
  return readYaml(text, "rendered").documents.flatMap(({ value }) => (isJsonObject(value) ? [value] : []));
}

function render(profile: string): readonly JsonObject[] {
  const chart = join(root, "charts/portcullis");
  const flags = [`profile=${profile}`, ...everything].flatMap((value) => ["--set", value]);
  flags.push("--set-json", `policies.objects=${JSON.stringify(policies)}`);
  const argv = ["template", "portcullis", chart, "--namespace", "gatekeeper-system", "--include-crds", ...flags];
  const done = spawnSync(helm ?? "", argv, { encoding: "utf8" });
  assert.equal(done.status, 0, done.stderr);
  return objectsIn(done.stdout);
}

for (const kind of availableClusters()) {
  describe(`the chart on the ${kind}`, { skip: without }, () => {
    let cluster: TestCluster | undefined;
    before(async () => {
      cluster = await startCluster(kind);
    });
    after(async () => {
      await cluster?.stop();
    });

    for (const profile of ["lenient", "strict"]) {
      it(`renders objects in the profile ${profile} that are all taken`, async () => {
        assert.ok(cluster !== undefined);
        const { kubectl } = cluster;
        const objects = render(profile);
        const isCrd = (object: JsonObject): boolean => own(object, "kind") === "CustomResourceDefinition";
        const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "gatekeeper-system" } };
        const seen = new Set<string>();
        // A webhook that nobody answers for would be in the way of what comes after it.
        const last = (object: JsonObject): number => (own(object, "kind") === "ValidatingWebhookConfiguration" ? 1 : 0);
        const ordered = [namespace, ...objects.filter(isCrd), ...objects.filter((object) => !isCrd(object))];
        for (const object of ordered.toSorted((left, right) => last(left) - last(right))) {
          // The sandbox refuses conditions in CEL, and says so.
          const left = (key: string, value: unknown): unknown => (key === "matchConditions" ? undefined : value);
          const input = JSON.stringify(object, kind === "sandbox" ? left : undefined);
          const ran = await kubectl(["apply", "--server-side", "--force-conflicts", "--validate=strict", "-f", "-"], {
            input,
          });
          assert.equal(ran.status, 0, `${ownString(object, "kind")} ${nameOf(object)}: ${ran.stderr}`);
          seen.add(ownString(object, "kind") ?? "");
        }
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
        await kubectl(["delete", "job", "-n", "gatekeeper-system", "gatekeeper-apply-policies"]);
      });
    }
  });
}

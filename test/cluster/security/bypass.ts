/** Ways around the webhook that people have found, each with what must become of it. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isJsonArray, own, ownString, type JsonObject } from "@portcullis/objects";
import { valueOf } from "@portcullis/kube";
import { configMap, namespace, pod, type Story } from "../acceptance/story.ts";
import { ask } from "../compare/probe.ts";
import { webhookConfigurationName, webhookConfigurations } from "../reliability/setting.ts";

/** One way. */
export interface Bypass {
  readonly way: string;
  /** Not on the sandbox, which does not have what it takes; why. */
  readonly notInSandbox?: string;
  readonly run: (story: Story) => Promise<void>;
}

const space = "guarded";
const denied = /denied the request: \[denied by guarded\] refused: /;

const rego = `package guarded

violation[{"msg": msg}] {
  input.review.operation != "DELETE"
  input.review.operation != "CONNECT"
  input.review.object.metadata.labels.bad == "yes"
  msg := sprintf("refused: %v %v", [input.review.operation, input.review.kind.kind])
}

violation[{"msg": msg}] {
  images := [container.image | container := input.review.object.spec[_][_]]
  images[_] == "bad.example.com/it:1"
  msg := "refused: image"
}

violation[{"msg": msg}] {
  input.review.kind.kind == "Scale"
  input.review.object.spec.replicas > 3
  msg := "refused: replicas"
}

violation[{"msg": msg}] {
  input.review.operation == "DELETE"
  input.review.oldObject.metadata.labels.protected == "yes"
  msg := "refused: DELETE"
}

violation[{"msg": msg}] {
  input.review.operation == "CONNECT"
  msg := sprintf("refused: CONNECT %v", [input.review.subResource])
}
`;

const template: JsonObject = {
  apiVersion: "templates.gatekeeper.sh/v1",
  kind: "ConstraintTemplate",
  metadata: { name: "guarded" },
  spec: {
    crd: { spec: { names: { kind: "Guarded" } } },
    targets: [{ target: "admission.k8s.gatekeeper.sh", rego, operations: ["*"] }],
  },
};

const things: JsonObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "doors.example.com" },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { plural: "doors", singular: "door", kind: "Door" },
    versions: ["v1", "v2"].map((name) => ({
      name,
      served: true,
      storage: name === "v2",
      schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
    })),
  },
};

/** Makes what the ways go around. */
export async function prepareBypasses(story: Story): Promise<void> {
  await story.admits(namespace(space));
  await story.admits(things);
  await story.admits({ ...template, spec: withoutOperations(template) });
  await story.eventually(() =>
    story.admits({
      apiVersion: "constraints.gatekeeper.sh/v1beta1",
      kind: "Guarded",
      metadata: { name: "guarded" },
      spec: { match: { kinds: [{ apiGroups: ["*"], kinds: ["*"] }], namespaces: [space] } },
    }),
  );
  await story.enforced("guarded", "guarded");
}

function withoutOperations({ spec }: JsonObject): JsonObject {
  const targets = own(spec, "targets");
  const rest = isJsonArray(targets) ? targets.map((each) => ({ target: own(each, "target") ?? "", rego })) : [];
  return { crd: own(spec, "crd") ?? {}, targets: rest };
}

const bad = { bad: "yes" };
const maps = `/api/v1/namespaces/${space}/configmaps`;

async function refusedOver(story: Story, probe: Parameters<typeof ask>[1]): Promise<void> {
  const { status, body } = await ask(story.cluster, probe);
  assert.ok(status >= 400, `${probe.name}: ${status}`);
  assert.match(String(own(body, "message")), denied);
}

/** Every way, each with how it is tried. */
export const bypasses: readonly Bypass[] = [
  {
    way: "the label ignore on a namespace that is not exempt",
    async run({ refuses, fails, admits }) {
      const label = { "admission.gatekeeper.sh/ignore": "yes" };
      assert.match(await refuses(namespace("hides", label)), /Only exempt namespace can have/);
      await admits(namespace("hides"));
      assert.match(await fails("label", "ns", "hides", "admission.gatekeeper.sh/ignore=yes"), /Only exempt namespace/);
      assert.match(await fails("label", "ns", space, "admission.gatekeeper.sh/ignore="), /Only exempt namespace/);
    },
  },
  {
    way: "a namespace that is named almost as an exempt one",
    async run({ refuses }) {
      const label = { "admission.gatekeeper.sh/ignore": "yes" };
      for (const name of ["gatekeeper-system-2", "x-gatekeeper-system", "gatekeeper-systems"]) {
        assert.match(await refuses(namespace(name, label)), /Only exempt namespace can have/);
      }
    },
  },
  {
    way: "a name that the server makes",
    async run(story) {
      const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: "g-", labels: bad } };
      await refusedOver(story, { name: "generateName", method: "POST", path: maps, body: object });
    },
  },
  {
    way: "a change of an object that was good",
    async run({ admits, fails }) {
      await admits(configMap(space, "turns"));
      const labels = JSON.stringify({ metadata: { labels: bad } });
      const operations = JSON.stringify([{ op: "add", path: "/metadata/labels", value: bad }]);
      for (const [type, patch] of [
        ["merge", labels],
        ["strategic", labels],
        ["json", operations],
      ]) {
        assert.match(
          await fails("patch", "configmap", "turns", "-n", space, `--type=${type}`, "-p", patch ?? ""),
          denied,
        );
      }
      assert.match(await fails("label", "configmap", "turns", "-n", space, "bad=yes"), denied);
    },
  },
  {
    way: "server-side apply",
    async run({ fails, cluster }) {
      const file = join(cluster.folder, "applied.json");
      writeFileSync(file, JSON.stringify(configMap(space, "applied", bad)));
      assert.match(await fails("apply", "--server-side", "--force-conflicts", "-f", file), denied);
      writeFileSync(file, JSON.stringify(configMap(space, "turns", bad)));
      assert.match(await fails("apply", "--server-side", "--force-conflicts", "-f", file), denied);
    },
  },
  {
    way: "kubectl replace --raw",
    async run({ fails, cluster, object }) {
      const file = join(cluster.folder, "replaced.json");
      const found = await object("get", "configmap", "turns", "-n", space);
      const metadata = { ...(found["metadata"] as JsonObject), labels: bad };
      writeFileSync(file, JSON.stringify({ ...found, metadata }));
      assert.match(await fails("replace", "--raw", `${maps}/turns`, "-f", file), denied);
    },
  },
  {
    way: "a dry run: it is reviewed all the same, and puts nothing into force",
    async run(story) {
      const { fails, cluster, does } = story;
      const file = join(cluster.folder, "dry.json");
      writeFileSync(file, JSON.stringify(configMap(space, "dry", bad)));
      assert.match(await fails("apply", "--dry-run=server", "-f", file), denied);
      writeFileSync(file, JSON.stringify({ ...template, metadata: { name: "dryrun" }, spec: dryRunSpec }));
      await does("apply", "--dry-run=server", "-f", file);
      await fails("get", "crd", "dryrun.constraints.gatekeeper.sh");
    },
  },
  {
    way: "another version of the API",
    async run(story) {
      const hpa = (version: string, more: JsonObject): JsonObject => ({
        apiVersion: `autoscaling/${version}`,
        kind: "HorizontalPodAutoscaler",
        metadata: { name: "hpa", namespace: space, labels: bad },
        spec: { maxReplicas: 2, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "d" }, ...more },
      });
      const path = (version: string): string =>
        `/apis/autoscaling/${version}/namespaces/${space}/horizontalpodautoscalers`;
      for (const version of ["v1", "v2"]) {
        await refusedOver(story, { name: version, method: "POST", path: path(version), body: hpa(version, {}) });
      }
    },
    notInSandbox: "it has no HorizontalPodAutoscaler",
  },
  {
    way: "another version of a definition, and conversion between them",
    async run(story) {
      const door = (version: string, labels: JsonObject): JsonObject => ({
        apiVersion: `example.com/${version}`,
        kind: "Door",
        metadata: { name: "door", namespace: space, labels },
      });
      const path = (version: string): string => `/apis/example.com/${version}/namespaces/${space}/doors`;
      for (const version of ["v1", "v2"]) {
        await story.eventually(() =>
          refusedOver(story, { name: version, method: "POST", path: path(version), body: door(version, bad) }),
        );
      }
      const made = await ask(story.cluster, { name: "", method: "POST", path: path("v2"), body: door("v2", {}) });
      assert.equal(made.status, 201);
      await refusedOver(story, {
        name: "made in one version, changed in the other",
        method: "PATCH",
        path: `${path("v1")}/door`,
        type: "application/merge-patch+json",
        body: { metadata: { labels: bad } },
      });
    },
  },
  {
    way: "ephemeral containers",
    async run(story) {
      await story.admits(pod(space, "debugged"));
      const ephemeralContainers = [{ name: "debug", image: "bad.example.com/it:1", targetContainerName: "main" }];
      await refusedOver(story, {
        name: "ephemeralcontainers",
        method: "PATCH",
        path: `/api/v1/namespaces/${space}/pods/debugged/ephemeralcontainers`,
        type: "application/strategic-merge-patch+json",
        body: { spec: { ephemeralContainers } },
      });
    },
  },
  {
    way: "the subresource scale",
    async run(story) {
      const labels = { app: "scaled" };
      const containers = [{ name: "main", image: "example.com/main:1" }];
      await story.admits({
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "scaled", namespace: space },
        spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
      });
      await refusedOver(story, {
        name: "scale",
        method: "PATCH",
        path: `/apis/apps/v1/namespaces/${space}/deployments/scaled/scale`,
        type: "application/merge-patch+json",
        body: { spec: { replicas: 9 } },
      });
    },
  },
  {
    way: "the subresource status: that of Services is reviewed, as in Gatekeeper, and others cannot change the rest",
    async run(story) {
      await story.admits({
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "served", namespace: space },
        spec: { ports: [{ port: 80 }], selector: { app: "x" } },
      });
      await refusedOver(story, {
        name: "services/status",
        method: "PATCH",
        path: `/api/v1/namespaces/${space}/services/served/status`,
        type: "application/merge-patch+json",
        body: { metadata: { labels: bad } },
      });
      const changed = await ask(story.cluster, {
        name: "pods/status",
        method: "PATCH",
        path: `/api/v1/namespaces/${space}/pods/debugged/status`,
        type: "application/strategic-merge-patch+json",
        body: { spec: { containers: [{ name: "main", image: "bad.example.com/it:1" }] } },
      });
      assert.equal(changed.status, 200);
      const found = await story.object("get", "pod", "debugged", "-n", space);
      assert.doesNotMatch(JSON.stringify(found["spec"]), /bad\.example\.com/);
    },
  },
  {
    way: "DELETE and CONNECT, where the webhook is asked about them",
    async run(story) {
      const { admits, fails, does, eventually, cluster } = story;
      await admits(configMap(space, "kept", { protected: "yes" }));
      await admits(configMap(space, "kept-too", { protected: "yes" }));
      // By default it is not asked, as in Gatekeeper.
      await does("delete", "configmap", "kept", "-n", space);
      const found = valueOf(
        await cluster.client.get(webhookConfigurations, { name: webhookConfigurationName }),
        "reading the webhook configuration",
      );
      const webhooks = own(found, "webhooks");
      const at = isJsonArray(webhooks)
        ? webhooks.findIndex((each) => ownString(each, "name") === "validation.gatekeeper.sh")
        : -1;
      const path = `/webhooks/${at}/rules/0/operations`;
      const setOperations = async (operations: readonly string[]): Promise<void> => {
        const patch = [{ op: "replace", path, value: [...operations] }];
        const at = { name: webhookConfigurationName };
        valueOf(await cluster.client.patch(webhookConfigurations, at, "json", patch), "widening");
      };
      await setOperations(["CREATE", "UPDATE", "DELETE", "CONNECT"]);
      try {
        await does(
          "patch",
          "constrainttemplate",
          "guarded",
          "--type=merge",
          "-p",
          JSON.stringify({ spec: template["spec"] }),
        );
        await story.enforced("constrainttemplate", "guarded");
        await eventually(async () => {
          assert.match(await fails("delete", "configmap", "kept-too", "-n", space, "--dry-run=server"), denied);
        });
        assert.match(await fails("delete", "configmap", "kept-too", "-n", space), denied);
        const exec = `/api/v1/namespaces/${space}/pods/debugged/exec?command=id&stdout=true`;
        if (cluster.kind !== "sandbox") await refusedOver(story, { name: "exec", method: "POST", path: exec });
      } finally {
        await setOperations(["CREATE", "UPDATE"]);
      }
    },
  },
];

const dryRunSpec: JsonObject = {
  crd: { spec: { names: { kind: "DryRun" } } },
  targets: [{ target: "admission.k8s.gatekeeper.sh", rego: 'package x\nviolation[{"msg": "m"}] { true }' }],
};

/** Rows about policies: what is denied, warned of and let through. */
import assert from "node:assert/strict";
import { isJsonArray, own, ownPath } from "@portcullis/objects";
import { configMap, namespace, pod, type Row, type Story } from "./story.ts";

async function setAction({ does, enforced }: Story, action: string): Promise<void> {
  const patch = JSON.stringify({ spec: { enforcementAction: action } });
  await does("patch", "k8srequiredlabels", "config-maps-need-label", "--type=merge", "-p", patch);
  await enforced("k8srequiredlabels", "config-maps-need-label");
}

/** The rows, each by its number in Gatekeeper's suite. */
export const policyRows: readonly Row[] = [
  {
    row: 9,
    title: "the sync configuration is accepted",
    async run({ apply }) {
      await apply("sync.yaml", "-n", "gatekeeper-system");
    },
  },
  {
    row: 10,
    title: "namespaces, objects, an old template and its scoped constraints are made",
    async run({ apply, admits, eventually }) {
      await apply("namespaces.yaml");
      for (const each of ["playground", "playground-scoped"]) {
        await admits(configMap(each, "no-duplicate", { gatekeeper: "not-duplicated" }));
        await admits(configMap(each, "without-label", { audited: "yes" }));
      }
      await apply("required-labels.yaml");
      await eventually(() => apply("scoped-constraints.yaml"));
    },
  },
  {
    row: 13,
    title: "deny, warn, dryrun and scoped actions",
    async run(story) {
      const { apply, admits, refuses, does, enforced, eventually } = story;
      await eventually(() => apply("required-labels-constraint.yaml"));
      await enforced("k8srequiredlabels", "config-maps-need-label");
      const bad = configMap("playground", "bad");
      await admits(configMap("playground", "good", { gatekeeper: "true" }));
      assert.match(await refuses(bad), /denied the request: .*you must provide labels: \{"gatekeeper"\}/);
      await setAction(story, "warn");
      assert.match(await admits(bad), /Warning: .*you must provide labels: \{"gatekeeper"\}/);
      await does("delete", "configmap", "-n", "playground", "bad");
      await setAction(story, "dryrun");
      assert.equal(await admits(bad), "");
      await does("delete", "configmap", "-n", "playground", "bad");
      for (const name of ["scoped-both", "scoped-webhook"]) await enforced("k8srequiredlabels", name);
      const scoped = await refuses(configMap("playground-scoped", "bad", { audited: "yes" }));
      assert.match(scoped, /Warning: .*scoped-both\] you must provide labels/);
      assert.match(scoped, /denied the request: .*scoped-webhook\] you must provide labels/);
      assert.doesNotMatch(scoped, /scoped-audit/);
    },
  },
  {
    row: 14,
    title: "a policy with a library: limits of containers",
    async run({ apply, admits, refuses, enforced, eventually }) {
      await apply("container-limits.yaml");
      await eventually(() => apply("container-limits-constraint.yaml"));
      await enforced("k8scontainerlimits", "containers-are-limited");
      assert.match(
        await refuses(pod("playground", "unlimited")),
        /denied the request: .*<main> has no resource limits/,
      );
      const greedy = pod("playground", "greedy", { cpu: "300m", memory: "2Gi" });
      assert.match(await refuses(greedy), /cpu limit <300m> is higher[^]*memory limit <2Gi> is higher/);
      await admits(pod("playground", "limited", { cpu: "100m", memory: "30Mi" }));
    },
  },
  {
    row: 15,
    title: "a Deployment is accepted and its Pods are refused (without its controller: the Pods as it would make them)",
    async run({ cluster, apply, object, refuses, eventually }) {
      await apply("unlimited-deployment.yaml");
      const made = await object("get", "deployment", "-n", "playground", "unlimited");
      const template = ownPath(made, "spec", "template", "spec");
      assert.ok(typeof template === "object" && template !== null);
      const asMade = { apiVersion: "v1", kind: "Pod", metadata: { name: "unlimited-1", namespace: "playground" } };
      assert.match(await refuses({ ...asMade, spec: template }), /denied the request: .*has no resource limits/);
      if (cluster.kind === "kube-apiserver") return;
      await eventually(async () => {
        const status = own(await object("get", "deployment", "-n", "playground", "unlimited"), "status");
        assert.equal(own(status, "unavailableReplicas"), 2);
      });
    },
  },
  {
    row: 17,
    title: "a policy that reads the inventory: labels are unique",
    async run({ apply, admits, refuses, enforced, eventually }) {
      await apply("unique-label.yaml");
      await eventually(() => apply("unique-label-constraint.yaml"));
      await enforced("k8suniquelabel", "label-is-unique");
      const second = configMap("playground", "duplicate", { gatekeeper: "not-duplicated" });
      await eventually(async () => {
        const text = await refuses(second);
        assert.match(text, /denied the request: .*label gatekeeper has duplicate value not-duplicated/);
      });
      await admits(configMap("playground", "another", { gatekeeper: "of-its-own" }));
    },
  },
  ...[
    { row: 20, how: "exactly", pattern: "excluded-exactly", excluded: "excluded-exactly" },
    { row: 21, how: "by a prefix", pattern: "excluded-prefix-*", excluded: "excluded-prefix-match" },
    { row: 22, how: "by a suffix", pattern: "*-suffix-excluded", excluded: "match-of-suffix-excluded" },
  ].map(({ row, how, pattern, excluded }): Row => ({
    row,
    title: `a namespace that Config excludes ${how} is left alone`,
    async run(story) {
      const { apply, admits, refuses, does, eventually } = story;
      await apply("sync.yaml", "-n", "gatekeeper-system");
      await setAction(story, "deny");
      await eventually(async () => {
        assert.match(await refuses(configMap(excluded, "should-fail")), /denied the request/);
      });
      const match = [{ excludedNamespaces: [pattern], processes: ["*"] }];
      const patch = JSON.stringify({ spec: { match } });
      await does("patch", "config", "config", "-n", "gatekeeper-system", "--type=merge", "-p", patch);
      await eventually(() => admits(configMap(excluded, "should-succeed")));
      for (const other of ["excluded-exactly", "excluded-prefix-match", "match-of-suffix-excluded"]) {
        if (other !== excluded) assert.match(await refuses(configMap(other, "should-fail")), /denied the request/);
      }
      await apply("sync.yaml", "-n", "gatekeeper-system");
    },
  })),
  {
    row: 23,
    title: "http.send that is switched off: the template is refused when it is applied",
    async run({ fails }) {
      const text = await fails("apply", "-f", "http-send.yaml");
      assert.match(text, /undefined function http\.send/);
      assert.match(await fails("get", "constrainttemplate", "k8sasksoutside"), /NotFound/);
    },
  },
  {
    row: 28,
    title: "a template in Rego v1",
    async run({ apply, refuses, does, eventually }) {
      await apply("rego-v1.yaml");
      await eventually(() => apply("rego-v1-constraint.yaml"));
      await eventually(async () => {
        assert.match(await refuses(namespace("without-owner")), /denied the request: .*the label owner is missing/);
      });
      await does("delete", "-f", "rego-v1-constraint.yaml", "-f", "rego-v1.yaml");
    },
  },
  {
    row: 30,
    title: "Rego sees the namespace of the object",
    async run({ apply, admits, refuses, enforced, eventually }) {
      await admits(namespace("with-environment", { environment: "production" }));
      await admits(namespace("without-environment"));
      await apply("namespace-label.yaml");
      await eventually(() => apply("namespace-label-constraint.yaml"));
      await enforced("k8snamespacelabel", "namespaces-name-their-environment");
      await admits(configMap("with-environment", "good"));
      const text = await refuses(configMap("without-environment", "bad"));
      assert.match(text, /denied .*Namespace 'without-environment' does not have required label: environment/);
    },
  },
  {
    row: 31,
    title: "a template that names its operations runs for those alone",
    async run({ apply, admits, refuses, does, fails, eventually, object }) {
      await apply("rego-v1-on-update.yaml");
      await eventually(async () => {
        const byPod = ownPath(await object("get", "constrainttemplate", "k8srequiredlabelsv1"), "status", "byPod");
        assert.ok(isJsonArray(byPod) && byPod.length > 0);
      });
      await eventually(() => apply("rego-v1-constraint.yaml"));
      await admits(namespace("made-without-owner"));
      await eventually(async () => {
        assert.match(
          await fails("label", "namespace", "made-without-owner", "--overwrite", "a=b"),
          /denied the request/,
        );
      });
      await apply("rego-v1-on-all.yaml");
      await eventually(async () => {
        assert.match(await refuses(namespace("also-without-owner")), /denied the request/);
      });
      await does("delete", "-f", "rego-v1-constraint.yaml", "-f", "rego-v1-on-all.yaml");
    },
  },
];

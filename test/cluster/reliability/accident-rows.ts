/** Rows about what people delete by accident, and about what they apply in one go. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { run, type Terminal } from "@portcullis/cli";
import { isJsonArray, metadataOf, own, ownPath, ownString, type JsonObject } from "@portcullis/objects";
import { valueOf, type Resource } from "@portcullis/kube";
import { configMap } from "../acceptance/story.ts";
import { denies, postTo } from "./auditor.ts";
import { quantile } from "./load.ts";
import { bodyOf, loadNamespace, reviewOf } from "./reviews.ts";
import type { FaultRow } from "./row.ts";
import { timeUntil, webhookConfigurationName, webhookConfigurations, type Setting } from "./setting.ts";

const patience = 30_000;

const clusterScoped = (group: string, version: string, plural: string, kind: string): Resource => ({
  group,
  version,
  plural,
  kind,
  namespaced: false,
});
const crds = clusterScoped("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition");
const namespaces = clusterScoped("", "v1", "namespaces", "Namespace");
const configs: Resource = {
  ...clusterScoped("config.gatekeeper.sh", "v1alpha1", "configs", "Config"),
  namespaced: true,
};

/** One accident: what happens, how it is told, and how it is put right. */
interface Accident {
  readonly gap: string;
  readonly reason: string;
  happen(setting: Setting): Promise<void>;
  mend(setting: Setting): Promise<void>;
}

/** The rows about what people do by accident. */
export const accidentRows: readonly FaultRow[] = [
  {
    row: "R14",
    title: "what is deleted by accident is found, counted and told, and opens nothing by our doing",
    async run(setting) {
      const { product, story } = setting;
      const found: Record<string, string> = {};
      for (const accident of accidents()) {
        const { gap, reason } = accident;
        await accident.happen(setting);
        const took = await timeUntil(patience, `${gap}: counted by every replica`, async () => {
          const all = await Promise.all(product.replicas().map((replica) => product.metrics(replica)));
          return all.every(({ text }) => text.includes(`portcullis_protection_gaps{gap="${gap}"} 1`));
        });
        const told = await timeUntil(patience, `${gap}: told as an event`, async () => {
          const events = await story.object("get", "events", "-n", "gatekeeper-system");
          const items = own(events, "items");
          return isJsonArray(items) && items.some((each) => ownString(each, "reason") === reason);
        });
        found[gap] = `counted after ${took.toFixed(0)} ms, told after ${(took + told).toFixed(0)} ms`;
        await denyEverywhere(setting, `stray-after-${gap}`);
        await accident.mend(setting);
        await timeUntil(patience, `${gap}: mended`, async () => {
          const all = await Promise.all(product.replicas().map((replica) => product.metrics(replica)));
          return all.every(({ text }) => text.includes(`portcullis_protection_gaps{gap="${gap}"} 0`));
        });
        await story.eventually(() => story.refuses(configMap(loadNamespace, `stray-after-${gap}`)));
      }
      setting.note("R14", found);
    },
  },
  {
    row: "R17",
    title: "template, constraint and violating object in one go: no kind is missing, and every replica enforces",
    async run(setting) {
      const { product, extent, cluster } = setting;
      const waits: number[] = [];
      for (let turn = 0; turn < extent.applies; turn += 1) {
        const kind = `InOneGo${turn}`;
        const file = join(cluster.folder, "in-one-go.yaml");
        writeFileSync(
          file,
          inOneGo(kind)
            .map((each) => JSON.stringify(each))
            .join("\n---\n"),
        );
        const from = performance.now();
        const { status, out, error } = await command([
          "apply",
          "--wait",
          "-f",
          file,
          "--kubeconfig",
          cluster.kubeconfig,
        ]);
        waits.push(performance.now() - from);
        assert.doesNotMatch(error + out, /no matches|not found/, error);
        assert.equal(status, 1, `the violating object was not refused: ${out}${error}`);
        assert.match(error, new RegExp(`\\[denied by ${kind.toLowerCase()}\\] not in one go`), error);
        assert.match(out, new RegExp(`${kind.toLowerCase()}`), out);
        const review = bodyOf(JSON.stringify(reviewOf(violating(kind)))).body;
        for (const replica of product.replicas()) {
          const answer = await postTo(replica.port, setting.authority(), review);
          assert.ok(denies(answer, /not in one go/), `${replica.pod} does not enforce ${kind}: ${answer}`);
        }
        valueOf(await cluster.client.delete(templates, { name: kind.toLowerCase() }), `deleting ${kind}`);
      }
      const sorted = waits.toSorted((one, other) => one - other);
      setting.note("R17", {
        applies: extent.applies,
        "kinds or templates missing": 0,
        "p50 of the command": `${quantile(sorted, 0.5).toFixed(0)} ms`,
        p99: `${quantile(sorted, 0.99).toFixed(0)} ms`,
      });
    },
  },
];

/** Runs a command of ours in this process. */
async function command(
  argv: readonly string[],
): Promise<{ readonly status: number; readonly out: string; readonly error: string }> {
  const written = { out: "", error: "" };
  const terminal: Terminal = {
    out: (text) => void (written.out += text),
    error: (text) => void (written.error += text),
    isInteractive: false,
    hasColor: false,
    columns: 100,
    environment: {},
    directory: process.cwd(),
    readInput: () => Promise.resolve(undefined),
    interrupted: new AbortController().signal,
  };
  const status = await run(argv, terminal);
  return { status, ...written };
}

const templates = clusterScoped("templates.gatekeeper.sh", "v1", "constrainttemplates", "ConstraintTemplate");

function violating(kind: string): JsonObject {
  return configMap(loadNamespace, `violates-${kind.toLowerCase()}`, { owner: "me", go: kind });
}

function inOneGo(kind: string): readonly JsonObject[] {
  const name = kind.toLowerCase();
  const rego = `package x\nviolation[{"msg": "not in one go"}] { input.review.object.metadata.labels.go == "${kind}" }`;
  const targets = [{ target: "admission.k8s.gatekeeper.sh", rego }];
  const crd = { spec: { names: { kind } } };
  return [
    {
      apiVersion: "templates.gatekeeper.sh/v1",
      kind: "ConstraintTemplate",
      metadata: { name },
      spec: { crd, targets },
    },
    { apiVersion: "constraints.gatekeeper.sh/v1beta1", kind, metadata: { name } },
    violating(kind),
  ];
}

/** Fails where a replica does not deny when it is asked, whoever asks. */
async function denyEverywhere({ product, authority }: Setting, name: string): Promise<void> {
  const review = bodyOf(JSON.stringify(reviewOf(configMap(loadNamespace, name)))).body;
  for (const replica of product.replicas()) {
    const answer = await postTo(replica.port, authority(), review);
    assert.ok(denies(answer, /you must provide labels/), `${replica.pod} let it through: ${answer}`);
  }
}

function accidents(): readonly Accident[] {
  /** What was deleted, to be made anew. */
  let kept: JsonObject = {};
  const remake = async ({ cluster }: Setting, resource: Resource): Promise<void> => {
    const { name, namespace, labels, annotations } = metadataOf(kept);
    const metadata = Object.fromEntries(
      Object.entries({ name, namespace, labels, annotations }).filter(([, value]) => value !== undefined),
    ) as JsonObject;
    const { status: _status, ...rest } = kept;
    valueOf(await cluster.client.create(resource, { ...rest, metadata }), `making ${resource.kind} anew`);
  };
  const remove = async (
    { cluster: { client } }: Setting,
    resource: Resource,
    at: { readonly name: string; readonly namespace?: string },
  ): Promise<void> => {
    kept = valueOf(await client.get(resource, at), `reading ${at.name}`);
    valueOf(await client.delete(resource, at), `deleting ${at.name}`);
  };
  const label = async ({ cluster: { client } }: Setting, value: string | null): Promise<void> => {
    const patch = { metadata: { labels: { "admission.gatekeeper.sh/ignore": value } } };
    valueOf(await client.patch(namespaces, { name: "gatekeeper-system" }, "merge", patch), "labelling");
  };
  const owned: JsonObject = {
    apiVersion: "constraints.gatekeeper.sh/v1beta1",
    kind: "K8sRequiredLabels",
    metadata: { name: "owned" },
  };
  return [
    {
      gap: "webhook-configuration",
      reason: "WebhookConfigurationMissing",
      happen: (setting) => remove(setting, webhookConfigurations, { name: webhookConfigurationName }),
      mend: (setting) => remake(setting, webhookConfigurations),
    },
    {
      gap: "custom-resource-definition",
      reason: "CustomResourceDefinitionDeleted",
      async happen(setting) {
        const at = { name: "owned" };
        const resource = clusterScoped(
          "constraints.gatekeeper.sh",
          "v1beta1",
          "k8srequiredlabels",
          "K8sRequiredLabels",
        );
        const constraint = valueOf(await setting.cluster.client.get(resource, at), "reading the constraint");
        await remove(setting, crds, { name: "k8srequiredlabels.constraints.gatekeeper.sh" });
        kept = { ...owned, spec: ownPath(constraint, "spec") ?? {} };
      },
      mend: async ({ story }) => {
        // Its CRD comes back by itself.
        await story.eventually(() => story.admits(kept));
        await story.enforced("k8srequiredlabels", "owned");
      },
    },
    {
      gap: "namespace-label",
      reason: "NamespaceLabelUnexpected",
      happen: (setting) => label(setting, null),
      mend: (setting) => label(setting, "no-self-managing"),
    },
    {
      gap: "config",
      reason: "ConfigDeleted",
      happen: (setting) => remove(setting, configs, { name: "config", namespace: "gatekeeper-system" }),
      mend: (setting) => remake(setting, configs),
    },
  ];
}

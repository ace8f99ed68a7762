import assert from "node:assert/strict";
import { test } from "node:test";
import { builtInKinds } from "./built-in.ts";
import { builtInSchemas } from "./built-in-schemas.ts";
import type { SchemaNode } from "./schema-node.ts";
import { draftOf } from "../storage/api-object.ts";
import type { ApiObject } from "../storage/api-object.ts";

const kinds = builtInKinds();
const schemas = builtInSchemas();

test("no two kinds share a resource", () => {
  const names = kinds.map(({ group, plural }) => `${plural}.${group}`);
  assert.equal(new Set(names).size, names.length);
});

test("every kind has a schema, and every schema it refers to is there", () => {
  const seen = new Set<string>();
  const visit = (node: SchemaNode): void => {
    if (node.$ref !== undefined && !seen.has(node.$ref)) {
      seen.add(node.$ref);
      const definition = schemas.definition(node.$ref);
      assert.ok(definition, node.$ref);
      visit(definition);
    }
    for (const member of Object.values(node.properties ?? {})) visit(member);
    if (node.items !== undefined) visit(node.items);
    if (typeof node.additionalProperties === "object") visit(node.additionalProperties);
  };
  for (const { versions, kind } of kinds) {
    for (const { schema } of versions) {
      assert.ok(schema, kind);
      visit(schema);
    }
  }
  assert.ok(seen.size > 300, `${seen.size} definitions`);
});

test("columns, defaults and checks take an object that says nothing", () => {
  const now = new Date();
  for (const { kind, group, versions, storageVersion, applyDefaults, selectableFields = {} } of kinds) {
    const empty: ApiObject = {
      apiVersion: group === "" ? storageVersion : `${group}/${storageVersion}`,
      kind,
      metadata: { name: "x", uid: "u", resourceVersion: "1", creationTimestamp: now.toISOString() },
    };
    const cells = versions.flatMap((version) => (version.columns ?? []).map((column) => column.cell(empty, now)));
    assert.ok(
      cells.every((cell) => cell === null || ["string", "number", "boolean"].includes(typeof cell)),
      kind,
    );
    for (const read of Object.values(selectableFields)) assert.equal(typeof read(empty), "string");
    const draft = draftOf(empty);
    applyDefaults?.(draft);
    const once = structuredClone(draft);
    applyDefaults?.(draft);
    assert.deepEqual(draft, once, `${kind}'s defaults settle at once`);
  }
});

test("lists say how they are merged", () => {
  const pod = schemas.definition("io.k8s.api.core.v1.PodSpec")?.properties;
  assert.equal(pod?.["containers"]?.["x-kubernetes-patch-merge-key"], "name");
  assert.deepEqual(pod["containers"]?.["x-kubernetes-list-map-keys"], ["name"]);
  assert.equal(pod["volumes"]?.["x-kubernetes-patch-strategy"], "merge,retainKeys");
  assert.equal(pod["tolerations"]?.["x-kubernetes-list-type"], "atomic");
  const meta = schemas.definition("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta")?.properties;
  assert.equal(meta?.["finalizers"]?.["x-kubernetes-list-type"], "set");
  const port = schemas.definition("io.k8s.api.core.v1.ContainerPort");
  assert.equal(port?.properties?.["protocol"]?.default, "TCP");
  assert.deepEqual(port.required, ["containerPort"]);
});

test("an autoscaler survives the way to v1 and back", () => {
  const hpa = kinds.find(({ kind }) => kind === "HorizontalPodAutoscaler");
  const v1 = hpa?.versions.find(({ name }) => name === "v1");
  assert.ok(v1);
  const cpu = { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } } };
  const other = { type: "Pods", pods: { metric: { name: "m" }, target: { type: "AverageValue", averageValue: "1" } } };
  const metadata = { name: "x", uid: "u", resourceVersion: "1", creationTimestamp: "" };
  const stored = { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", metadata };
  const draft = draftOf({ ...stored, spec: { maxReplicas: 3, metrics: [cpu, other] } });
  v1.fromStorage?.(draft);
  const spec = draft["spec"];
  assert.deepEqual(spec, { maxReplicas: 3, targetCPUUtilizationPercentage: 50 });
  v1.toStorage?.(draft);
  assert.deepEqual(draft["spec"], { maxReplicas: 3, metrics: [cpu, other] });
  assert.deepEqual(draft.metadata.annotations ?? {}, {});
});

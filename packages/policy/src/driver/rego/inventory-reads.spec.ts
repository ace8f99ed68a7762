import assert from "node:assert/strict";
import { test } from "node:test";
import { parseModule } from "@portcullis/rego";
import { inventoryReads } from "./inventory-reads.ts";

const readsOf = (text: string): unknown => {
  const parsed = parseModule({ name: "template", text }, { version: "v0" });
  assert.ok(parsed.ok);
  return inventoryReads([parsed.value]);
};

test("what a template reads of the inventory is seen in its text", () => {
  const text = `package a
violation[{"msg": "x"}] {
  data.inventory.cluster["v1"].Namespace[name]
  data.inventory.namespace[ns]["apps/v1"]["Deployment"][_]
  data.inventory.namespace["fixed"][version].Ingress[_]
  input.review.object.names[data.inventory.cluster["v1"]["Node"].a.metadata.name]
}
also = x { x := {y | y := data.inventory.cluster["v1"].Namespace[_]} }
all { data.inventory }
lib { data.lib.helpers.x }`;
  assert.deepEqual(readsOf(text), [
    { groupVersion: "v1", kind: "Namespace" },
    { groupVersion: "apps/v1", kind: "Deployment" },
    { kind: "Ingress" },
    { groupVersion: "v1", kind: "Node" },
    {},
  ]);
});

test("a template without referential rules reads nothing", () => {
  assert.deepEqual(readsOf('package a\nviolation[{"msg": "x"}] { input.review.object }'), []);
});

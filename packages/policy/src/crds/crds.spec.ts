import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  checkResourceSchema,
  checkRootWithStatus,
  decodeSchema,
  findUnknownFields,
  isJsonArray,
  nameOf,
  own,
  ownPath,
  validateValue,
  type JsonValue,
  type Schema,
} from "@portcullis/objects";
import { constraintTemplateCrd } from "./constraint-template-data.ts";
import { installedCrds } from "./crds.ts";
import { syncSetCrd } from "./sync-set-data.ts";

function versionsOf(crd: JsonValue): readonly JsonValue[] {
  const versions = ownPath(crd, "spec", "versions");
  assert.ok(isJsonArray(versions));
  return versions;
}

function schemaOf(version: JsonValue): Schema {
  const decoded = decodeSchema(ownPath(version, "schema", "openAPIV3Schema") ?? null, "s");
  assert.ok(decoded.ok);
  return decoded.schema;
}

describe("the CRDs of an installation", () => {
  for (const crd of installedCrds) {
    it(`hold schemas that the API server accepts: ${nameOf(crd)}`, () => {
      for (const version of versionsOf(crd)) {
        const schema = schemaOf(version);
        assert.deepEqual(checkResourceSchema(schema, "s"), []);
        if (own(version, "subresources") !== undefined) assert.deepEqual(checkRootWithStatus(schema, "s"), []);
      }
      assert.equal(versionsOf(crd).filter((version) => own(version, "storage") === true).length, 1);
      assert.equal(
        nameOf(crd),
        `${String(ownPath(crd, "spec", "names", "plural"))}.${String(ownPath(crd, "spec", "group"))}`,
      );
    });
  }

  it("bound the name of a SyncSet, as that of a constraint", () => {
    const [version = null] = versionsOf(syncSetCrd);
    const named = (length: number): JsonValue => ({ metadata: { name: "s".repeat(length) }, spec: { gvks: [] } });
    assert.deepEqual(validateValue(schemaOf(version), named(63)), []);
    assert.equal(validateValue(schemaOf(version), named(64)).length, 1);
  });

  it("know a template whole, in each version", () => {
    const template = {
      apiVersion: "templates.gatekeeper.sh/v1beta1",
      kind: "ConstraintTemplate",
      metadata: { name: "never" },
      spec: {
        crd: {
          spec: { names: { kind: "Never", shortNames: ["n"] }, validation: { openAPIV3Schema: { anything: 1 } } },
        },
        targets: [
          {
            target: "admission.k8s.gatekeeper.sh",
            rego: "package p",
            libs: ["package lib.a"],
            code: [{ engine: "Rego", source: { rego: "package p", version: "v1" } }],
            operations: ["CREATE"],
          },
        ],
      },
      status: { created: true, byPod: [{ id: "a", operations: ["webhook"], templateUID: "u", observedGeneration: 1 }] },
    };
    for (const version of versionsOf(constraintTemplateCrd)) {
      const schema = schemaOf(version);
      assert.deepEqual(validateValue(schema, template), []);
      assert.deepEqual(findUnknownFields(template, schema), []);
    }
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ownPath, platformPatterns, type JsonObject, type JsonValue } from "@portcullis/objects";
import type { Outcome } from "../problem.ts";
import { checkOperations, checkTemplate } from "./check.ts";
import { makeConstraintCrd, type ConstraintCrd } from "./constraint-crd.ts";
import { decodeTemplate } from "./decode.ts";
import type { ConstraintTemplate } from "./template.ts";

const target: JsonObject = { target: "admission.k8s.gatekeeper.sh", rego: "package p" };

function object(version: string, spec: JsonObject, name = "never"): JsonObject {
  return {
    apiVersion: `templates.gatekeeper.sh/${version}`,
    kind: "ConstraintTemplate",
    metadata: { name, labels: { a: "b" } },
    spec: { crd: { spec: { names: { kind: "Never" } } }, targets: [target], ...spec },
  };
}

function decoded(value: JsonValue): ConstraintTemplate {
  const template = decodeTemplate(value);
  assert.ok(template.ok, template.ok ? "" : template.problem.message);
  return template.value;
}

function withSchema(version: string, schema: JsonValue | undefined, legacySchema?: boolean): JsonObject {
  const validation: { [key: string]: JsonValue } = {};
  if (schema !== undefined) validation["openAPIV3Schema"] = schema;
  if (legacySchema !== undefined) validation["legacySchema"] = legacySchema;
  return object(version, { crd: { spec: { names: { kind: "Never", shortNames: ["nv"] }, validation } } });
}

function crd(value: JsonValue): Outcome<ConstraintCrd> {
  return makeConstraintCrd(decoded(value), platformPatterns);
}

function message(outcome: Outcome<unknown>): string {
  assert.equal(outcome.ok, false);
  return outcome.ok ? "" : outcome.problem.message;
}

describe("decoding a template", () => {
  it("makes one form of the three versions", () => {
    for (const version of ["v1", "v1beta1", "v1alpha1"]) {
      const template = decoded(object(version, {}));
      assert.equal(template.kind, "Never");
      assert.deepEqual(template.targets, [
        { target: target["target"], code: [{ engine: "Rego", source: { rego: "package p", version: "" } }] },
      ]);
    }
  });

  it("lets the legacy fields replace the Rego in code, and stand last otherwise", () => {
    const cel = { engine: "K8sNativeValidation", source: {} };
    const rego = { engine: "Rego", source: { rego: "package other" } };
    const code = (...items: readonly JsonObject[]): readonly JsonValue[] =>
      decoded(
        object("v1", { targets: [{ ...target, libs: ["package lib.a"], code: [...items] }] }),
      ).targets[0]?.code.map(({ engine, source }) => [engine, source]) ?? [];
    const legacy = { rego: "package p", version: "", libs: ["package lib.a"] };
    assert.deepEqual(code(cel), [
      ["K8sNativeValidation", {}],
      ["Rego", legacy],
    ]);
    assert.deepEqual(code(rego, cel), [
      ["Rego", legacy],
      ["K8sNativeValidation", {}],
    ]);
  });

  it("knows schemas of before structural ones by the version, unless told", () => {
    const preserved = { "x-kubernetes-preserve-unknown-fields": true };
    assert.equal(decoded(withSchema("v1", undefined)).parameters, undefined);
    assert.deepEqual(decoded(withSchema("v1beta1", undefined)).parameters, preserved);
    assert.deepEqual(decoded(withSchema("v1", undefined, true)).parameters, preserved);
    assert.equal(decoded(withSchema("v1beta1", undefined, false)).parameters, undefined);
    const schema = {
      properties: { a: { type: "array" }, b: { type: "string" }, c: { additionalProperties: { type: "object" } } },
    };
    assert.deepEqual(decoded(withSchema("v1beta1", schema)).parameters, {
      ...preserved,
      properties: {
        a: { type: "array", items: preserved },
        b: { type: "string" },
        c: { ...preserved, additionalProperties: { type: "object", ...preserved } },
      },
    });
    assert.deepEqual(decoded(withSchema("v1", schema)).parameters, schema);
  });

  it("says what cannot be read", () => {
    assert.equal(message(decodeTemplate({ kind: "Pod" })), "not a ConstraintTemplate");
    assert.equal(
      message(decodeTemplate(object("v1", { targets: [{ rego: 5 }] }))),
      "json: cannot unmarshal number into Go struct field Target.spec.targets.rego of type string",
    );
    assert.equal(
      message(decodeTemplate(withSchema("v1beta1", { type: "array", items: [{}] }))),
      "non-nil JSONSchemas encountered, multiple schemas are not supported",
    );
    assert.match(message(decodeTemplate(object("v9", {}))), /is registered for version "templates.gatekeeper.sh\/v9"/);
  });
});

describe("a template's rules", () => {
  const check = (spec: JsonObject, name?: string): string =>
    message(checkTemplate(decoded(object("v1", spec, name)), "ingestion"));
  const kind = (of: string): JsonObject => ({ crd: { spec: { names: { kind: of } } } });

  it("are Gatekeeper's, in its words", () => {
    const prefix = "invalid ConstraintTemplate: ";
    assert.equal(check({ targets: [] }), `${prefix}must declare exactly one target`);
    assert.equal(check({ targets: [target, target] }), `${prefix}must declare exactly one target`);
    assert.equal(check({ targets: [{ rego: "" }] }), `${prefix}target name must not be empty`);
    assert.equal(
      check({ targets: [{ target: "x" }] }),
      `${prefix}target "x" not recognized, known targets [admission.k8s.gatekeeper.sh]`,
    );
    assert.equal(check(kind("")), `${prefix}ConstraintTemplate "never" does not specify CRD Kind`);
    assert.equal(
      check(kind("Other")),
      `${prefix}the ConstraintTemplate's name "never" is not equal to the lowercase of CRD's Kind: "other"`,
    );
    assert.ok(checkTemplate(decoded(object("v1", {}, "never")), "admission").ok);
  });

  it("tell of the names first at admission, and of the targets first where a template comes into force", () => {
    const empty = decoded(object("v1", { crd: {}, targets: [] }, "never"));
    assert.match(message(checkTemplate(empty, "admission")), /does not specify CRD Kind$/);
    assert.match(message(checkTemplate(empty, "ingestion")), /must declare exactly one target$/);
  });

  it("let a star stand alone among the operations", () => {
    const operations = (...list: readonly string[]): Outcome<ConstraintTemplate> =>
      checkOperations(decoded(object("v1", { targets: [{ ...target, operations: [...list] }] })));
    assert.ok(operations("*").ok && operations("CREATE", "UPDATE").ok);
    assert.equal(message(operations("*", "CREATE")), "if '*' is present, must not specify other operations");
  });
});

describe("the CRD of a template's constraints", () => {
  it("is what Gatekeeper makes", () => {
    const made = crd(
      withSchema("v1", { type: "object", properties: { repos: { type: "array", items: { type: "string" } } } }),
    );
    assert.ok(made.ok);
    const { object: written, name } = made.value;
    assert.equal(name, "never.constraints.gatekeeper.sh");
    assert.deepEqual(ownPath(written, "metadata"), { name, labels: { a: "b", "gatekeeper.sh/constraint": "yes" } });
    assert.deepEqual(ownPath(written, "spec", "names"), {
      plural: "never",
      singular: "never",
      shortNames: ["nv"],
      kind: "Never",
      listKind: "NeverList",
      categories: ["constraint", "constraints"],
    });
    const versions = ownPath(written, "spec", "versions");
    assert.ok(Array.isArray(versions));
    assert.deepEqual(
      versions.map((version: JsonValue) => [
        ownPath(version, "name"),
        ownPath(version, "storage"),
        ownPath(version, "served"),
      ]),
      [
        ["v1beta1", true, true],
        ["v1alpha1", false, true],
      ],
    );
    const spec = made.value.schema.properties.get("spec");
    assert.deepEqual(
      [...(spec?.properties.keys() ?? [])],
      ["match", "enforcementAction", "scopedEnforcementActions", "parameters"],
    );
    assert.equal(spec?.properties.get("enforcementAction")?.default, "deny");
  });

  it("has no parameters where the template has no schema", () => {
    const made = crd(withSchema("v1", undefined));
    assert.ok(made.ok && made.value.schema.properties.get("spec")?.properties.has("parameters") === false);
  });

  it("is refused where the API server would refuse it", () => {
    const at = "spec.validation.openAPIV3Schema.properties[spec].properties[parameters]";
    const prefix = "invalid ConstraintTemplate: ";
    const refused = (schema: JsonValue, version = "v1"): string => message(crd(withSchema(version, schema)));
    assert.equal(
      refused({ type: "object", properties: { a: {} } }),
      `${prefix}${at}.properties[a].type: Required value: must not be empty for specified object fields`,
    );
    assert.equal(
      refused({ type: "object", properties: { a: { $ref: "#/b" } } }),
      `${prefix}${at}.properties[a].$ref: Forbidden: $ref is not supported`,
    );
    assert.ok(crd(withSchema("v1beta1", { properties: { a: {} } })).ok, "the legacy rules make it structural");
    const odd = decoded(object("v1", { crd: { spec: { names: { kind: "Never_x" } } } }, "never_x"));
    assert.match(
      message(makeConstraintCrd(odd, platformPatterns)),
      /spec.names.kind: Invalid value: "Never_x": may have mixed case/,
    );
  });
});

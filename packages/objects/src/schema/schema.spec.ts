import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { copyJson } from "../json/copy.ts";
import type { JsonObject, JsonValue, MutableJson } from "../json/value.ts";
import { formatFieldError } from "../object/field-error.ts";
import { decodeSchema } from "./decode.ts";
import { applyDefaults, removeNulls } from "./default.ts";
import { validateEmbeddedResources } from "./embedded-resource.ts";
import { validateListTypes } from "./list-types.ts";
import { findUnknownFields, pruneUnknownFields } from "./prune.ts";
import { findMisspeltFields } from "./find-misspelt.ts";
import { suggestField } from "./suggest-field.ts";
import { checkResourceSchema } from "./resource-schema.ts";
import { celRulesOf, type Schema } from "./schema.ts";
import { validateValue } from "./validate.ts";

function schema(value: JsonObject): Schema {
  const read = decodeSchema(value, "s");
  assert.ok(read.ok, read.ok ? "" : read.errors.map(formatFieldError).join());
  return read.schema;
}

function problems(of: JsonObject, value: JsonValue): readonly string[] {
  return validateValue(schema(of), value).map(formatFieldError);
}

const spec = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: "object",
  properties: { spec: { type: "object", properties, ...more } },
});

describe("validation", () => {
  it("words wrong types as the API server does", () => {
    const repos = spec({ repos: { type: "array", items: { type: "string" } } });
    assert.deepEqual(problems(repos, { spec: { repos: "a" } }), [
      'spec.repos: Invalid value: "string": spec.repos in body must be of type array: "string"',
    ]);
    assert.deepEqual(problems(repos, { spec: { repos: [1, null, "a"] } }), [
      'spec.repos[0]: Invalid value: "integer": spec.repos[0] in body must be of type string: "integer"',
      'spec.repos[1]: Invalid value: "null": spec.repos[1] in body must be of type string: "null"',
    ]);
    assert.deepEqual(problems({ type: "object" }, "x"), [
      '<nil>: Invalid value: "string":  in body must be of type object: "string"',
    ]);
  });

  it("checks texts, numbers and sizes", () => {
    const all = spec({
      s: { type: "string", maxLength: 2, pattern: "^a" },
      n: { type: "integer", minimum: 1, maximum: 3, exclusiveMaximum: true },
      e: { type: "string", enum: ["a", "b"] },
      l: { type: "array", maxItems: 1, items: { type: "number", multipleOf: 0.5 } },
      f: { type: "string", format: "ipv4" },
    });
    const value = { spec: { s: "bcd", n: 3, e: "c", l: [0.75, 1.5], f: "1.2.3" } };
    assert.deepEqual(problems(all, value), [
      "spec.s: Too long: may not be more than 2 bytes",
      "spec.n: Invalid value: 3: spec.n in body should be less than 3",
      'spec.e: Unsupported value: "c": supported values: "a", "b"',
      "spec.l[0]: Invalid value: 0.75: spec.l[0] in body should be a multiple of 0.5",
      "spec.l: Too many: 2: must have at most 1 item",
      'spec.f: Invalid value: "1.2.3": spec.f in body must be of type ipv4: "1.2.3"',
    ]);
  });

  it("asks for required fields and counts properties", () => {
    const wants = spec({ a: { type: "string" } }, { required: ["a", "b"], minProperties: 3 });
    assert.deepEqual(problems(wants, { spec: { a: "x" } }), [
      "spec: Invalid value: 1: spec in body should have at least 3 properties",
      "spec.b: Required value",
    ]);
  });

  it("shows the errors of the alternative that came nearest", () => {
    const either = spec({}, { anyOf: [{ required: ["a"] }, { required: ["b"], maxProperties: 0 }] });
    assert.deepEqual(problems(either, { spec: {} }), [
      '<nil>: Invalid value: "": "spec" must validate at least one schema (anyOf)',
      "spec.a: Required value",
    ]);
  });

  it("takes integers and texts for int-or-string, and integers for numbers", () => {
    const port = spec({ port: { "x-kubernetes-int-or-string": true }, n: { type: "number" } });
    assert.deepEqual(problems(port, { spec: { port: 80, n: 1 } }), []);
    assert.deepEqual(problems(port, { spec: { port: "http", n: 2.5 } }), []);
    assert.equal(problems(port, { spec: { port: true } }).length, 1);
  });

  it("reads own properties only", () => {
    const odd = schema({
      type: "object",
      properties: { ["__proto__"]: { type: "string" } },
      required: ["constructor"],
    });
    assert.equal(validateValue(odd, {}).length, 1);
  });
});

describe("defaults", () => {
  it("are filled in, and those within them", () => {
    const withDefaults = spec({
      a: { type: "string", default: "x" },
      b: { type: "object", default: {}, properties: { c: { type: "integer", default: 1 } } },
    });
    const value: MutableJson = { spec: {} };
    applyDefaults(value, schema(withDefaults));
    assert.deepEqual(value, { spec: { a: "x", b: { c: 1 } } });
  });

  it("replace nulls that may not be, and other such nulls go", () => {
    const of = schema(
      spec({ a: { type: "string", default: "x" }, b: { type: "string" }, c: { type: "string", nullable: true } }),
    );
    const value: MutableJson = { spec: { a: null, b: null, c: null } };
    removeNulls(value, of);
    applyDefaults(value, of);
    assert.deepEqual(value, { spec: { a: "x", c: null } });
  });

  it("share nothing with the schema", () => {
    const of = schema({ type: "object", properties: { a: { type: "object", default: { b: [1] } } } });
    const [first, second]: MutableJson[] = [{}, {}];
    applyDefaults(first ?? null, of);
    applyDefaults(second ?? null, of);
    assert.notEqual((first as JsonObject)["a"], (second as JsonObject)["a"]); // as: both are the objects above
  });
});

describe("unknown fields", () => {
  const of = schema(
    spec({
      known: { type: "string" },
      any: { "x-kubernetes-preserve-unknown-fields": true, type: "object", properties: { in: { type: "object" } } },
      map: { type: "object", additionalProperties: { type: "object" } },
      list: { type: "array", items: { type: "object", properties: { a: { type: "string" } } } },
    }),
  );
  const value: JsonObject = {
    apiVersion: "v1",
    kind: "X",
    metadata: { name: "x", odd: 1 },
    spec: { known: "a", odd: 1, any: { x: 1, in: { y: 1 } }, map: { k: { z: 1 } }, list: [{ a: "b" }, { b: 1 }] },
  };
  const unknown = ["spec.any.in.y", "spec.list[1].b", "spec.map.k.z", "spec.odd"];

  it("are found without a change, and taken away", () => {
    const before = copyJson(value);
    assert.deepEqual(
      findUnknownFields(value, of).map(({ path }) => path),
      unknown,
    );
    assert.deepEqual(value, before);
    const pruned = copyJson(value);
    assert.deepEqual(pruneUnknownFields(pruned, of), unknown);
    assert.deepEqual(findUnknownFields(pruned, of), []);
  });

  it("are probably a known one beside them, or one of their name elsewhere", () => {
    const meant = (more: JsonObject): readonly (string | undefined)[] =>
      findUnknownFields(more, of).map((field) => suggestField(field, of));
    assert.deepEqual(meant({ spec: { knwon: "x" } }), ["spec.known"]);
    assert.deepEqual(meant({ spec: { list: [{}, { aa: 1 }] } }), ["spec.list[1].a"]);
    assert.deepEqual(meant({ known: 1 }), ["spec.known"]);
    assert.deepEqual(meant({ spec: { a: 1 } }), ["spec.list[].a"]);
    assert.deepEqual(meant({ spec: { elsewhere: 1 } }), [undefined]);
  });
});

describe("fields that a schema keeps without specifying them", () => {
  const kept = { "x-kubernetes-preserve-unknown-fields": true };
  const of = schema({
    type: "object",
    properties: {
      spec: {
        ...kept,
        type: "object",
        properties: {
          repos: { type: "array", items: { ...kept, type: "object", properties: { host: { type: "string" } } } },
          exempt: { type: "string" },
        },
      },
      strict: { type: "object", properties: { repos: { type: "string" } } },
    },
  });
  const found = (value: JsonObject): readonly string[] =>
    findMisspeltFields(value, of).map(({ path, suggestion }) => `${path}: ${suggestion}`);

  it("were probably meant to be others where those are missing", () => {
    assert.deepEqual(found({ spec: { repoz: [] } }), ["spec.repoz: spec.repos"]);
    assert.deepEqual(found({ spec: { repos: [{ host: "a" }, { hots: "a" }] } }), [
      "spec.repos[1].hots: spec.repos[1].host",
    ]);
  });

  it("are left alone where they are like none, where the other one is there too, and where they are not kept", () => {
    assert.deepEqual(found({ spec: { anything: 1 } }), []);
    assert.deepEqual(found({ spec: { repos: [], repo: [] } }), []);
    assert.deepEqual(found({ strict: { repoz: 1 } }), []);
  });
});

describe("list types", () => {
  it("find what stands in a set or a map twice", () => {
    const of = schema({
      type: "object",
      properties: {
        set: { type: "array", "x-kubernetes-list-type": "set", items: { type: "string" } },
        map: {
          type: "array",
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["name"],
          items: { type: "object", properties: { name: { type: "string" } } },
        },
      },
    });
    const value = {
      set: ["a", "b", "a", "a"],
      map: [
        { name: "x", v: 1 },
        { name: "x", v: 2 },
      ],
    };
    assert.deepEqual(validateListTypes(of, value).map(formatFieldError), [
      'set[2]: Duplicate value: "a"',
      'map[1]: Duplicate value: {"name":"x"}',
    ]);
  });
});

describe("embedded resources", () => {
  it("must say what they are", () => {
    const of = schema({
      type: "object",
      properties: { t: { type: "object", "x-kubernetes-embedded-resource": true } },
    });
    assert.deepEqual(validateEmbeddedResources(of, { t: { kind: "" } }).map(formatFieldError), [
      "t.apiVersion: Required value",
      't.kind: Invalid value: "": must not be empty',
    ]);
  });
});

describe("a resource's schema", () => {
  const check = (value: JsonObject): readonly string[] => checkResourceSchema(schema(value), "s").map(formatFieldError);

  it("must be structural", () => {
    assert.deepEqual(check({ type: "object", properties: { a: {} } }), [
      "s.properties[a].type: Required value: must not be empty for specified object fields",
    ]);
    assert.deepEqual(check({ type: "object", anyOf: [{ properties: { b: { type: "string" } } }] }), [
      "s.anyOf[0].properties[b].type: Forbidden: must be empty to be structural",
      "s.properties[b]: Required value: because it is defined in s.anyOf[0].properties[b]",
    ]);
    const intOrString = { "x-kubernetes-int-or-string": true, anyOf: [{ type: "integer" }, { type: "string" }] };
    assert.deepEqual(check({ type: "object", properties: { a: intOrString } }), []);
  });

  it("may not use what Kubernetes refuses", () => {
    assert.deepEqual(check({ type: "object", properties: { a: { $ref: "#/x" } } }), [
      "s.properties[a].$ref: Forbidden: $ref is not supported",
    ]);
    assert.deepEqual(check({ type: "object", properties: { a: { type: "strin" } } }), [
      's.properties[a].type: Unsupported value: "strin": supported values: "array", "boolean", "integer", "number", "object", "string"',
    ]);
    assert.deepEqual(check({ type: "object", properties: { a: { type: "string", default: 5 } } }), [
      's.properties[a].default: Invalid value: "integer":  in body must be of type string: "integer"',
    ]);
  });

  it("tells where rules in CEL stand", () => {
    const rules = [{ rule: "self > 1" }];
    const of = schema(spec({ n: { type: "integer", "x-kubernetes-validations": rules } }));
    assert.deepEqual(celRulesOf(of), [".spec.n"]);
  });

  it("is refused where its own words have the wrong type, or nest without end", () => {
    const wrong = decodeSchema({ type: ["a"], properties: "x" }, "s");
    assert.ok(!wrong.ok && wrong.errors.length === 2);
    let deep: JsonObject = { type: "string" };
    for (let depth = 0; depth < 300; depth += 1) deep = { type: "object", properties: { a: deep } };
    assert.ok(!decodeSchema(deep, "s").ok);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toDocument } from "../../runtime/to-document.ts";
import type { Value } from "../../runtime/value.ts";
import { readJSON, readTerm } from "../../testing.ts";
import type { BuiltinContext } from "../builtin.ts";
import { BuiltinFailure } from "../failure.ts";
import { malformed, matches } from "./facts-data.ts";
import { jsonSchemaFamily } from "./json-schema.ts";

const family = jsonSchemaFamily();

function call(name: string, charge: (steps: number) => void, ...args: Value[]): Value {
  const implementation = family.get(name);
  assert.ok(implementation);
  // as: these builtins ask nothing of the evaluation but to count
  return toDocument(implementation({ charge } as unknown as BuiltinContext, ...args) ?? null);
}

const match = (document: Value, schema: Value): Value => call("json.match_schema", () => {}, document, schema);
const verify = (schema: Value): Value => call("json.verify_schema", () => {}, schema);

describe("json.match_schema", () => {
  for (const [schema, document, errors] of matches) {
    it(`finds in ${document} by ${schema} what OPA finds`, () => {
      const answer = match(document, schema);
      assert.ok(Array.isArray(answer));
      assert.equal(answer[0], errors.length === 0);
      assert.deepEqual(
        answer[1].map(({ error }: { readonly error: string }) => error),
        errors,
      );
      if (!/^[[{]/.test(document) || !schema.startsWith("{")) return;
      assert.deepEqual(match(readJSON(document), readJSON(schema)), answer, "values mean what texts say");
    });
  }

  it("gives error, type, field and description of each error", () => {
    const schema = { properties: { a: { items: { type: "integer" } } }, required: ["b"] };
    assert.deepEqual(match({ a: [1, "x"] }, schema), [
      false,
      [
        { error: "(Root): b is required", type: "required", field: "(Root)", desc: "b is required" },
        {
          error: "a.1: Invalid type. Expected: integer, given: string",
          type: "invalid_type",
          field: "a.1",
          desc: "Invalid type. Expected: integer, given: string",
        },
      ],
    ]);
  });

  it("takes sets for arrays and keys for texts", () => {
    const schema = readTerm('{"properties": {"1": {"type": "array", "items": {"enum": [3, 4]}}}}');
    assert.deepEqual(match(readTerm("{1: {3, 5}}"), schema), [
      false,
      [
        {
          error: "1.1: 1.1 must be one of the following: 3, 4",
          type: "enum",
          field: "1.1",
          desc: "1.1 must be one of the following: 3, 4",
        },
      ],
    ]);
  });

  it("fails where document or schema cannot be read", () => {
    const failureOf = (document: Value, schema: Value): string => {
      try {
        return `no failure, but ${JSON.stringify(match(document, schema))}`;
      } catch (failure) {
        return failure instanceof BuiltinFailure ? failure.message : String(failure);
      }
    };
    assert.equal(failureOf("{", {}), "invalid JSON string");
    assert.equal(failureOf(5, {}), "wrong type, expected string or object");
    assert.equal(failureOf({}, { type: "x" }).split(" -- ")[0], "has a primitive type that is NOT VALID");
    assert.equal(failureOf({}, { $ref: "http://host/x" }), "remote reference loading disabled: http://host/x");
  });

  it("counts work that grows faster than what it is given", () => {
    const definitions = Object.fromEntries(
      Array.from({ length: 12 }, (_, at) => {
        const next = { $ref: `#/definitions/s${at + 1}` };
        return [`s${at}`, { allOf: [next, next] }];
      }),
    );
    const schema = { $ref: "#/definitions/s0", definitions: { ...definitions, s12: {} } };
    let steps = 0;
    call("json.match_schema", (more) => (steps += more), {}, schema);
    assert.ok(steps > 4096, `${steps} steps`);
  });
});

describe("json.verify_schema", () => {
  for (const [schema, message] of malformed) {
    it(`says why ${schema} is no schema`, () => {
      assert.deepEqual(verify(schema), [false, `jsonschema: ${message}`]);
    });
  }

  it("lets schemas pass", () => {
    assert.deepEqual(verify({ type: "object", $ref: "#" }), [true, null]);
    assert.deepEqual(verify("true"), [true, null]);
  });
});

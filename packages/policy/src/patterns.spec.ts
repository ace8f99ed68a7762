import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decodeSchema, type JsonObject } from "@portcullis/objects";
import { matchSchema } from "./crds/match-schema-data.ts";
import { Patterns, usesPatterns } from "./patterns.ts";

function uses(schema: JsonObject): boolean {
  const decoded = decodeSchema(schema, "s");
  assert.ok(decoded.ok);
  return usesPatterns(decoded.schema);
}

describe("the patterns of schemas", () => {
  it("are RE2's once its engine is loaded", async () => {
    const patterns = new Patterns();
    await patterns.load();
    const insensitive = patterns.compile("(?i)^a\\pL\\z");
    assert.ok(insensitive.ok && insensitive.test("AÄ") && !insensitive.test("A1"));
    const wrong = patterns.compile("([");
    assert.deepEqual(wrong, { ok: false, message: "error parsing regexp: missing closing ]: `[`" });
    assert.ok(!patterns.compile("(?=a)").ok, "RE2 knows no lookahead");
  });

  it("take no more time than the text is long", async () => {
    const patterns = new Patterns();
    await patterns.load();
    const hard = patterns.compile("^(a+)+$");
    assert.ok(hard.ok);
    const before = performance.now();
    assert.equal(hard.test(`${"a".repeat(5000)}b`), false);
    assert.ok(performance.now() - before < 2000);
  });

  it("are not decided before", async () => {
    const patterns = new Patterns();
    const early = patterns.compile("^a$");
    assert.ok(early.ok && early.test("b"));
    await patterns.load();
    const late = patterns.compile("^a$");
    assert.ok(late.ok && !late.test("b"));
  });

  it("are found anywhere in a schema, our own aside", () => {
    assert.equal(uses(matchSchema), false);
    assert.equal(
      uses({ type: "object", properties: { a: { type: "array", items: { type: "string", pattern: "x" } } } }),
      true,
    );
    assert.equal(uses({ type: "string", anyOf: [{ pattern: "x" }] }), true);
  });
});

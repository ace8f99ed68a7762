import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { annotationReader } from "./annotation.ts";
import { moduleToJson } from "./json.ts";
import { parseModule } from "./parse.ts";

function json(text: string, locations = false): unknown {
  const parsed = parseModule({ name: "t.rego", text }, { annotations: annotationReader });
  assert.ok(parsed.ok);
  return JSON.parse(moduleToJson(parsed.value, { locations }));
}

const at = (row: number, col: number, text: string): object => ({
  file: "t.rego",
  row,
  col,
  text: Buffer.from(text).toString("base64"),
});

describe("OPA's JSON of a module", () => {
  it("writes rules, calls and terms", () => {
    assert.deepEqual(json('package a\np[x] := {"b": 1, "a": 2} if x == y.z # c\n'), {
      package: {
        path: [
          { type: "var", value: "data" },
          { type: "string", value: "a" },
        ],
      },
      rules: [
        {
          body: [
            {
              index: 0,
              terms: [
                { type: "ref", value: [{ type: "var", value: "equal" }] },
                { type: "var", value: "x" },
                {
                  type: "ref",
                  value: [
                    { type: "var", value: "y" },
                    { type: "string", value: "z" },
                  ],
                },
              ],
            },
          ],
          head: {
            name: "p",
            key: { type: "var", value: "x" },
            value: {
              type: "object",
              value: [
                [
                  { type: "string", value: "a" },
                  { type: "number", value: 2 },
                ],
                [
                  { type: "string", value: "b" },
                  { type: "number", value: 1 },
                ],
              ],
            },
            assign: true,
            ref: [
              { type: "var", value: "p" },
              { type: "var", value: "x" },
            ],
          },
        },
      ],
      comments: [{ Text: Buffer.from(" c").toString("base64"), Location: { file: "t.rego", row: 2, col: 38 } }],
    });
  });

  it("keeps the digits of numbers, and escapes what HTML minds", () => {
    const parsed = parseModule({ name: "t.rego", text: 'package a\np := [1.50, 12345678901234567890, "<&>"]\n' });
    assert.ok(parsed.ok);
    const text = moduleToJson(parsed.value);
    assert.match(text, /"value":1\.50\}/);
    assert.match(text, /"value":12345678901234567890\}/);
    assert.match(text, /"\\u003c\\u0026\\u003e"/);
  });

  it("writes places and texts", () => {
    assert.deepEqual(json("package a\np := 1 + (x)\n", true), {
      package: {
        location: at(1, 1, "package"),
        path: [
          { location: at(1, 9, "a"), type: "var", value: "data" },
          { location: at(1, 9, "a"), type: "string", value: "a" },
        ],
      },
      rules: [
        {
          body: [
            {
              generated: true,
              index: 0,
              location: at(2, 6, "1 + (x)"),
              terms: { location: at(2, 6, "1 + (x)"), type: "boolean", value: true },
            },
          ],
          head: {
            name: "p",
            value: {
              location: at(2, 6, "1 + (x)"),
              type: "call",
              value: [
                {
                  location: at(2, 8, "+"),
                  type: "ref",
                  value: [{ location: at(2, 8, "+"), type: "var", value: "plus" }],
                },
                { location: at(2, 6, "1"), type: "number", value: 1 },
                { location: at(2, 11, "(x)"), type: "var", value: "x" },
              ],
            },
            assign: true,
            ref: [{ location: at(2, 1, "p"), type: "var", value: "p" }],
            location: at(2, 1, "p := 1 + (x)"),
          },
          location: at(2, 1, "p := 1 + (x)"),
        },
      ],
    });
  });

  it("writes annotations where they belong", () => {
    const module = json(
      "# METADATA\n# title: pkg\npackage a\n\n# METADATA\n# scope: document\n# authors: [A B <c@d.e>]\n" +
        "# custom: {k: [1, yes]}\np := 1 if x\n\np := 2 if y\n",
    );
    assert.ok(typeof module === "object" && module !== null && "annotations" in module && "rules" in module);
    const document = {
      authors: [{ name: "A B", email: "c@d.e" }],
      custom: { k: [1, "yes"] },
      scope: "document",
    };
    assert.deepEqual(module.annotations, [{ scope: "package", title: "pkg" }, document]);
    assert.ok(Array.isArray(module.rules));
    assert.deepEqual(
      module.rules.map(
        (rule: unknown) => typeof rule === "object" && rule !== null && "annotations" in rule && rule.annotations,
      ),
      [[document], [document]],
    );
  });
});

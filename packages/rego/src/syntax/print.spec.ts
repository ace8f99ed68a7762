import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseModule, parseQuery, parseTerm } from "./parse.ts";
import { printBody, printModule, printTerm } from "./print.ts";

function printedTerm(text: string): string {
  const term = parseTerm({ name: "", text });
  return term.ok ? printTerm(term.value) : "";
}

function printedQuery(text: string): string {
  const query = parseQuery({ name: "", text }, { futureKeywords: "all" });
  return query.ok ? printBody(query.value) : "";
}

describe("print", () => {
  const terms: readonly (readonly [text: string, printed: string])[] = [
    ["{3, 1, 2, 1.0}", "{1, 2, 3}"],
    ['{"b": 1, "a": [x, _]}', '{"a": [x, _], "b": 1}'],
    ['{null, true, 1, "a", [], {}, set(), x, input.y}', '{null, true, 1, "a", x, input.y, [], {}, set()}'],
    ["set()", "set()"],
    ['input.a["b"]["c-d"].e[f][1]["if"]', 'input.a.b["c-d"].e[f][1]["if"]'],
    ['"\\u0000é\\n\\"\\u200b😀"', '"\\x00é\\n\\"\\u200b😀"'],
    ["`a\\b`", '"a\\\\b"'],
    ["[x | x := 1; y]", "[x | assign(x, 1); y]"],
    ["{x + 1 | x := 1}", ""],
    ["{(x + 1) | x := 1}", "{(x + 1) | assign(x, 1)}"],
    ["{(a | b): c | c}", "{(a | b): c | c}"],
    ["[f(x) | true]", "[f(x) | true]"],
    ['$"a {x} {1} {"b"} \\{"', '$"a {x} 1 b \\{"'],
    ["1e10", "1e10"],
  ];
  for (const [text, printed] of terms) {
    it(`prints the term ${text}`, () => {
      assert.equal(printedTerm(text), printed);
    });
  }

  const queries: readonly (readonly [text: string, printed: string])[] = [
    ["x = 1; y := 2; a == b", "x = 1; assign(y, 2); equal(a, b)"],
    ["not f(x) with input.y as 1", "not f(x) with input.y as 1"],
    ["1 + 2 * 3 > -x", "gt(plus(1, mul(2, 3)), minus(0, x))"],
    ["some x, y; some k, v in xs; every z in xs { z }", "some x, y; some k, v in xs; every z in xs { z }"],
    ["k, v in xs; x in xs", "internal.member_3(k, v, xs); internal.member_2(x, xs)"],
    ["not { a; b }; not (a or b); (a or b) and c", "not {a; b}; not (a or b); (a or b) and c"],
    ["a and { b; c } or (d with input as 1)", "a and { b; c } or (d with input as 1)"],
  ];
  for (const [text, printed] of queries) {
    it(`prints the query ${text}`, () => {
      assert.equal(printedQuery(text), printed);
    });
  }

  it("prints modules, v1 with its keywords and v0 without", () => {
    const valid = parseModule({
      name: "t.rego",
      text: "package a.b\nimport data.x as y\np contains x if { x }\nf(x) := 1 if x\nelse := 2\ndefault q := 3\n",
    });
    assert.ok(valid.ok);
    assert.equal(
      printModule(valid.value),
      "package a.b\n\nimport data.x as y\n\np contains x if { x }\nf(x) := 1 if { x } else = 2 if { true }\ndefault q := 3",
    );
    const v0 = parseModule({ name: "t.rego", text: "package a\np[x] { x }\nq = 1 { true }\n" }, { version: "v0" });
    assert.ok(v0.ok);
    assert.equal(printModule(v0.value), "package a\n\np[x] { x }\nq = 1 { true }");
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatDiagnostics } from "./diagnostics.ts";
import { formatCases } from "./format-cases-data.ts";
import { formatSource, type FormatOptions } from "./format-source.ts";

describe("format", () => {
  for (const [name, version, text, formatted] of formatCases) {
    it(`${version}: ${name}`, () => {
      const result = formatSource({ name: "t.rego", text }, { version });
      assert.equal(result.ok ? result.value : undefined, formatted);
    });
  }

  it("leaves formatted text as it is", () => {
    for (const [name, version, , formatted] of formatCases) {
      if (formatted === undefined) continue;
      const again = formatSource({ name: "t.rego", text: formatted }, { version });
      assert.equal(again.ok ? again.value : undefined, formatted, name);
    }
  });

  it("says which operator has the wrong number of operands", () => {
    const result = formatSource({ name: "t.rego", text: "package a\np if { plus(1) }\n" });
    assert.ok(!result.ok);
    assert.equal(result.stage, "layout");
    assert.deepEqual(
      result.diagnostics.map(({ message, details }) => [message, details]),
      [["plus: arity mismatch", ["have: (number)", "want: (number,number)"]]],
    );
  });

  const unready: readonly (readonly [what: string, text: string, ...problems: string[]])[] = [
    [
      "two imports of one name",
      "import data.a.x\nimport data.b.x\np := x",
      "rego_compile_error: import must not shadow import data.a.x",
    ],
    [
      "the root documents as names",
      "input := 1\nf(data) := 2 { input := data }",
      "rego_compile_error: rules must not shadow input (use a different rule name)",
      "rego_compile_error: args must not shadow data (use a different variable name)",
      "rego_compile_error: variables must not shadow input (use a different variable name)",
    ],
    [
      "functions of before",
      "p[any([true])] = 1 { all([re_match(`a`, `b`)]) }",
      "rego_type_error: deprecated built-in function calls in expression: any",
      "rego_type_error: deprecated built-in function calls in expression: any",
      "rego_type_error: deprecated built-in function calls in expression: all",
      "rego_type_error: deprecated built-in function calls in expression: re_match",
    ],
    ["a rule called if", "p := 1\nif { true }", "rego_parse_error: if keyword cannot be used for rule name"],
  ];
  for (const [what, text, ...problems] of unready) {
    it(`writes nothing for v1 that v1 does not take: ${what}`, () => {
      const source = { name: "t.rego", text: `package a\n${text}\n` };
      assert.ok(formatSource(source, { version: "v0" }).ok);
      const result = formatSource(source, { version: "v0", target: "v0v1" });
      assert.deepEqual(result.ok ? [] : result.diagnostics.map(({ code, message }) => `${code}: ${message}`), problems);
    });
  }

  it("reads only what both versions have where it writes for both", () => {
    const source = { name: "t.rego", text: 'package a\np := $"{1 + 1}"\n' };
    assert.ok(formatSource(source, { version: "v1" }).ok);
    assert.ok(!formatSource(source, { version: "v1", target: "v0v1" }).ok);
  });

  const text = [
    "package a",
    "import rego.v1",
    "import future.keywords.if",
    "import future.keywords.not",
    "p if not { input.in.x }",
    "",
  ].join("\n");
  const wishes: readonly (readonly [what: string, options: FormatOptions, lines: readonly string[]])[] = [
    ["as they are", {}, ["import future.keywords.not", "import rego.v1", "", "p if not { input.in.x }"]],
    ["dropped", { dropDirectives: true }, ["import future.keywords.not", "", "p if not { input.in.x }"]],
    [
      "not dropped in v0",
      { version: "v0", dropDirectives: true },
      ["import future.keywords.not", "import rego.v1", "", "p if not { input.in.x }"],
    ],
    [
      "with keywords in brackets",
      { bracketKeywords: true, dropDirectives: true },
      ["import future.keywords.not", "", 'p if not { input["in"].x }'],
    ],
  ];
  for (const [what, options, lines] of wishes) {
    it(`writes imports of keywords ${what}`, () => {
      const result = formatSource({ name: "t.rego", text }, options);
      assert.equal(
        result.ok ? result.value : formatDiagnostics(result.diagnostics),
        `package a\n\n${lines.join("\n")}\n`,
      );
    });
  }

  it("loses the comments that OPA loses where two meet at a closing brace", () => {
    const body = ["\t{ input.a and { input.b or", "# one", " input.c }  # two", "} and input.d # three"];
    const result = formatSource({
      name: "t.rego",
      text: ["package a", "import rego.v2", "p if {", ...body, "}", "# four", ""].join("\n"),
    });
    const kept = ["\t{ input.a and { input.b or", "\t\t# one", "\t\tinput.c } } and input.d"];
    const wanted = ["package a", "", "import rego.v2", "", "p if {", ...kept, "}", ""].join("\n");
    assert.equal(result.ok ? result.value : "", wanted);
  });
});

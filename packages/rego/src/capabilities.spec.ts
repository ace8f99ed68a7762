import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { capabilitiesOf, capabilityVersions, readCapabilities } from "./capabilities.ts";
import { check, compile, type CompileOptions } from "./compile.ts";
import { formatDiagnostics } from "./diagnostics.ts";
import { builtins } from "./builtins/table.ts";

function problemsOf(text: string, options: Partial<CompileOptions>, version: "v0" | "v1" = "v1"): string {
  const checked = check({
    modules: [{ name: "t.rego", text: `package t\n${text}\n`, version }],
    entrypoints: {},
    ...options,
  });
  return checked.ok ? "" : formatDiagnostics(checked.diagnostics);
}

function ofVersion(version: string): Pick<CompileOptions, "capabilities"> {
  const capabilities = capabilitiesOf(version);
  assert.ok(capabilities !== undefined, version);
  return { capabilities };
}

describe("capabilities of a release", () => {
  it("are those of this engine for the last one", () => {
    const last = capabilitiesOf(capabilityVersions.at(-1) ?? "");
    assert.deepEqual([...(last?.builtins.keys() ?? [])].toSorted(), [...builtins.keys()].toSorted());
  });

  it("are unknown for a release that there was not", () => {
    assert.equal(capabilitiesOf("v9.9.9"), undefined);
    assert.equal(capabilitiesOf("1.0.0"), undefined);
  });

  const rows: readonly (readonly [what: string, text: string, without: string, because: RegExp, since: string])[] = [
    [
      "new keywords",
      "import future.keywords.or\np if { true or false }",
      "v1.19.1",
      /unexpected keyword, must be one of/,
      "v1.20.0",
    ],
    ["words in references", "p := input.if", "v1.5.1", /rego_parse_error/, "v1.6.0"],
    [
      "template strings",
      'p := $"{1 + 1}"',
      "v1.11.1",
      /template strings are not supported by current capabilities/,
      "v1.12.0",
    ],
    ["v1 itself", "p := 1", "v0.70.0", /illegal capabilities: rego_v1 feature required/, "v1.0.0"],
  ];
  for (const [what, text, without, because, since] of rows) {
    it(`gate ${what}`, () => {
      assert.match(problemsOf(text, ofVersion(without)), because);
      assert.equal(problemsOf(text, ofVersion(since)), "");
    });
  }

  const old: readonly (readonly [what: string, text: string, without: string, because: string, since: string])[] = [
    [
      "functions of v0",
      "p = object.keys({}) { true }",
      "v0.46.0",
      "1 error occurred: t.rego:2: rego_type_error: undefined function object.keys",
      "v0.47.0",
    ],
    [
      "names of rules with dots",
      "a.b.c = 1 { true }",
      "v0.45.0",
      "1 error occurred: t.rego:2: rego_compile_error: rule heads with refs are not supported: a.b.c",
      "v0.46.0",
    ],
    [
      "names of rules with variables",
      "a[x].c = 1 { x = `q` }",
      "v0.46.0",
      "1 error occurred: t.rego:2: rego_type_error: rule heads with general refs (containing variables) are not supported: a[x].c",
      "v0.59.0",
    ],
  ];
  for (const [what, text, without, because, since] of old) {
    it(`gate ${what}`, () => {
      assert.equal(problemsOf(text, ofVersion(without), "v0"), because);
      assert.equal(problemsOf(text, ofVersion(since), "v0"), "");
    });
  }
});

describe("capabilities out of a file", () => {
  const decl = { type: "function", args: [{ type: "string" }], result: { type: "array", dynamic: { type: "number" } } };
  const any = { type: "any" };
  const eq = { name: "eq", infix: "=", decl: { type: "function", args: [any, any], result: { type: "boolean" } } };
  const file = { builtins: [eq, { name: "acme.parts", decl }], features: ["rego_v1"] };

  it("declare functions that can be checked, and not be called", async () => {
    const read = readCapabilities(JSON.stringify(file));
    assert.ok(read.ok);
    const capabilities = read.value;
    assert.match(problemsOf("p := acme.parts(1)", { capabilities }), /acme.parts: invalid argument\(s\)/);
    assert.match(problemsOf("p := count([])", { capabilities }), /undefined function count/);
    const compiled = await compile({
      modules: [{ name: "t.rego", text: "package t\np = acme.parts(`a`)\n" }],
      entrypoints: { p: "data.t.p = x" },
      capabilities,
    });
    assert.match(
      compiled.ok ? "" : formatDiagnostics(compiled.diagnostics),
      /the built-in function acme.parts is not there yet/,
    );
  });

  it("can be called where the caller brings the function", async () => {
    const read = readCapabilities(JSON.stringify(file));
    assert.ok(read.ok);
    const signature = read.value.builtins.get("acme.parts");
    assert.ok(signature !== undefined);
    const compiled = await compile({
      modules: [],
      entrypoints: { p: "acme.parts(`a`) = x" },
      capabilities: read.value,
      builtins: { "acme.parts": { signature, load: () => () => [1, 2], pure: true } },
    });
    assert.ok(compiled.ok);
    const answer = compiled.value.evaluate("p", {});
    assert.deepEqual(answer.kind === "result" ? answer.solutions.map((each) => each.get("x")) : answer, [[1, 2]]);
  });

  it("have every type that there is", () => {
    const string = { type: "string" };
    const record = {
      type: "object",
      static: [{ key: "a", value: { type: "null" } }],
      dynamic: { key: string, value: { type: "boolean" } },
    };
    const args = [
      { type: "set", of: { type: "any", of: [string, { type: "number" }] } },
      { type: "array", static: [string] },
      record,
    ];
    const text = JSON.stringify({
      builtins: [
        {
          name: "f",
          decl: { type: "function", args, variadic: { type: "any" } },
          deprecated: true,
          relation: true,
          nondeterministic: true,
        },
      ],
    });
    const read = readCapabilities(text);
    assert.deepEqual(read.ok ? read.value.builtins.get("f") : read, {
      name: "f",
      args: [
        { kind: "set", of: { kind: "any", of: [{ kind: "string" }, { kind: "number" }] } },
        { kind: "array", items: [{ kind: "string" }] },
        {
          kind: "object",
          properties: [{ key: "a", value: { kind: "null" } }],
          rest: { key: { kind: "string" }, value: { kind: "boolean" } },
        },
      ],
      variadic: { kind: "any", of: [] },
      deprecated: true,
      relation: true,
      nondeterministic: true,
    });
  });

  const broken: readonly (readonly [text: string, message: RegExp])[] = [
    ["{", /^this is no JSON: /],
    ["[]", /^the document is no object$/],
    ['{"builtins": {}}', /^builtins is no list$/],
    ['{"builtins": [{"decl": {}}]}', /^builtins\[0\].name is no string$/],
    ['{"builtins": [{"name": "f"}]}', /^builtins\[0\].decl is no object$/],
    ['{"builtins": [{"name": "f", "decl": {"type": "string"}}]}', /^builtins\[0\].decl is no function type$/],
    [
      '{"builtins": [{"name": "f", "decl": {"type": "function", "args": [{"type": "text"}]}}]}',
      /^builtins\[0\].decl.args\[0\].type is "text", which is no type$/,
    ],
    ['{"features": [1]}', /^features\[0\] is no string$/],
  ];
  for (const [text, message] of broken) {
    it(`say what is wrong with ${text}`, () => {
      const read = readCapabilities(text);
      assert.match(read.ok ? "" : read.message, message);
    });
  }
});

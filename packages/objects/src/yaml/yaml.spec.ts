import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readJson } from "../json/read.ts";
import { formatYamlDiagnostic } from "./yaml-diagnostic.ts";
import { readYaml } from "./read-yaml.ts";
import { writeYaml } from "./write-yaml.ts";

function only(text: string): unknown {
  const { documents, diagnostics } = readYaml(text, "test.yaml");
  assert.deepEqual(diagnostics, []);
  assert.equal(documents.length, 1);
  return documents[0]?.value;
}

const scalars: readonly (readonly [text: string, value: unknown])[] = [
  ["yes", true],
  ["on", true],
  ["y", true],
  ["N", false],
  ["Off", false],
  ["0777", 511],
  ["010", 8],
  ["0o777", 511],
  ["0x1F", 31],
  ["0b101", 5],
  ["-0x10", -16],
  ["+12", 12],
  ["1_000", 1000],
  ["12:30:45", "12:30:45"],
  ["190:20", "190:20"],
  ["2001-12-14", "2001-12-14"],
  ["2001-12-14t21:59:43.10-05:00", "2001-12-14t21:59:43.10-05:00"],
  ["08", 8],
  ["1e3", 1000],
  ["1.50", 1.5],
  [".5", 0.5],
  ["9007199254740993", 9007199254740993n],
  ["18446744073709551615", 18446744073709551615n],
  ["1.2.3", "1.2.3"],
  ["1-2", "1-2"],
  ["-", null],
  ["~", null],
  ["Null", null],
  ["'yes'", "yes"],
  ["!!str 12", "12"],
  ["!!int '12'", 12],
  ["!!float 1", 1],
  ["100m", "100m"],
  ["deadbeef", "deadbeef"],
  ["-f", "-f"],
];
for (const [text, value] of scalars) {
  test(`the scalar ${text} is read as kubectl reads it`, () => {
    const expected = text === "-" ? [null] : value;
    assert.deepEqual(only(`key: ${text === "-" ? "[null]" : text}\n`), { key: expected });
  });
}

test("documents are told apart, empty ones dropped and each knows its place", () => {
  const { documents, diagnostics } = readYaml("---\n# nothing\n---\na: 1\n--- # next\nb:\n  - c: x\n...\n", "f");
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(
    documents.map(({ value, position }) => ({ value, position })),
    [
      { value: { a: 1 }, position: { line: 4, column: 1 } },
      { value: { b: [{ c: "x" }] }, position: { line: 6, column: 1 } },
    ],
  );
  assert.deepEqual(documents[1]?.locate(["b", 0, "c"]), { line: 7, column: 8 });
  assert.deepEqual(documents[1]?.locate(["b", 0, "missing"]), { line: 7, column: 5 });
});

test("JSON is read, alone or one document after another", () => {
  assert.deepEqual(only('{"a": 1.0, "b": 9007199254740993}'), { a: 1, b: 9007199254740993n });
  const { documents } = readYaml('{\n"a": 1\n}\n{\n"b": 2\n}\n', "f");
  assert.deepEqual(
    documents.map((document) => document.value),
    [{ a: 1 }, { b: 2 }],
  );
  assert.deepEqual(readYaml('\n {"a": {"b": 2}}', "f").documents[0]?.locate(["a", "b"]), { line: 2, column: 14 });
});

test("keys are strings, and __proto__ is one of them", () => {
  const value = only("1: a\ntrue: b\n__proto__: c\nconstructor: d\n");
  assert.deepEqual(Object.entries(value ?? {}), [
    ["1", "a"],
    ["true", "b"],
    ["__proto__", "c"],
    ["constructor", "d"],
  ]);
});

test("a merge key brings its mapping along", () => {
  assert.deepEqual(only("base: &base {a: 1}\nuse:\n  <<: *base\n  b: 2\n"), { base: { a: 1 }, use: { a: 1, b: 2 } });
});

test("a duplicate key is accepted with a warning, and the last one counts", () => {
  const { documents, diagnostics } = readYaml("a: 1\nb:\n  c: 1\n  c: 2\n", "f.yaml");
  assert.deepEqual(documents[0]?.value, { a: 1, b: { c: 2 } });
  assert.equal(diagnostics.length, 1);
  assert.equal(diagnostics[0]?.severity, "warning");
  assert.deepEqual(diagnostics[0]?.position, { line: 4, column: 3 });
});

test("a quoted scalar may go on at the indent of its key, as go-yaml has it", () => {
  const text = [
    "metadata:",
    "  annotations:",
    '    description: "Requires Ingress resources to be HTTPS only; see',
    "    https://example.com.",
    "",
    '    Ingress must \\"have\\" tls."',
    "    other: |",
    "      don't",
    "spec: {a: 'it''s",
    "one'}",
    "",
  ].join("\n");
  assert.deepEqual(only(text), {
    metadata: {
      annotations: {
        description: 'Requires Ingress resources to be HTTPS only; see https://example.com.\nIngress must "have" tls.',
        other: "don't\n",
      },
    },
    spec: { a: "it's one" },
  });
});

const refused: readonly (readonly [what: string, text: string, line: number, column: number, says: RegExp])[] = [
  ["a tab", "a:\n\tb: 1\n", 2, 1, /tab is used for indentation/],
  ["an unknown tag", "a: 1\nb: !Ref x\n", 2, 4, /tag `!Ref` is unknown/],
  ["an unclosed quote", 'a: "b\n', 1, 4, /quote/i],
  ["bad indentation", "a:\n    b: 1\n  c: 2\n", 3, 1, /./],
  ["an alias without anchor", "a: *x\n", 1, 4, /alias/i],
  ["a mapping as key", "{a: 1}: b\n", 1, 1, /no scalar/],
  ["infinity", "a: .inf\n", 1, 4, /JSON/],
];
for (const [what, text, line, column, says] of refused) {
  test(`${what} is refused with its place and what to do`, () => {
    const { documents, diagnostics } = readYaml(text, "bad.yaml");
    assert.deepEqual(documents, []);
    assert.equal(diagnostics.length, 1);
    const [diagnostic] = diagnostics;
    assert.ok(diagnostic !== undefined);
    assert.equal(diagnostic.severity, "error");
    assert.deepEqual([diagnostic.position.line, diagnostic.position.column], [line, column], diagnostic.message);
    assert.match(diagnostic.message, says);
    assert.ok(formatYamlDiagnostic(diagnostic).startsWith(`bad.yaml:${line}:${column}: `));
  });
}

test("aliases that multiply are refused", () => {
  const bomb = [
    "a: &a [x, x, x, x, x, x, x, x, x]",
    ...["b", "c", "d", "e", "f"].map((name, index) => {
      const before = "abcdef".charAt(index);
      return `${name}: &${name} [${`*${before},`.repeat(9)}]`;
    }),
    "",
  ].join("\n");
  const { documents, diagnostics } = readYaml(bomb, "bomb.yaml");
  assert.equal(documents.length, 0);
  assert.match(diagnostics[0]?.message ?? "", /alias/);
});

test("objects are written as kubectl writes them", () => {
  const text = writeYaml(
    { kind: "Pod", apiVersion: "v1", spec: { args: ["-c", "a\nb\n"], n: "1", yes: "yes", e: [], o: {}, t: "12:30" } },
    { sortKeys: true },
  );
  assert.equal(
    text,
    'apiVersion: v1\nkind: Pod\nspec:\n  args:\n  - -c\n  - |\n    a\n    b\n  e: []\n  "n": "1"\n  o: {}\n  t: "12:30"\n  "yes": "yes"\n',
  );
});

test("a key named << is written as a key, not as a merge", () => {
  assert.equal(writeYaml({ "<<": 0 }), '"<<": 0\n');
  assert.deepEqual(only(writeYaml([{ "<<": { b: 1 } }])), [{ "<<": { b: 1 } }]);
});

test("what was written is read back as it was", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue({ maxDepth: 3 })), (value) => {
      // Go's integers have 64 bits: what is longer becomes a double in YAML, and stays an integer in JSON.
      fc.pre(!/\d{19}/.test(JSON.stringify(value)));
      // Through JSON text first: it keeps no negative zero, and integers past 2^53 come back as bigints.
      const plain = readJson(JSON.stringify(value));
      assert.ok(plain.ok);
      const written = writeYaml(plain.value);
      assert.deepEqual(readYaml(written, "f").documents[0]?.value, plain.value, written);
    }),
  );
});

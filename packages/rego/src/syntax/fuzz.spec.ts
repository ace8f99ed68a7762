import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { RegoVersion } from "./ast.ts";
import { formatSource } from "../format-source.ts";
import { moduleToJson } from "./json.ts";
import { annotationReader } from "./annotation.ts";
import { parseModule, parseQuery, parseTerm } from "./parse.ts";
import { printModule } from "./print.ts";

const versions: readonly RegoVersion[] = ["v0", "v1", "v0v1"];
const version = fc.constantFrom(...versions);

const fragments: readonly string[] = [
  ...'{ } [ ] ( ) , : := = == != < >= + - * / % & | . ; _ # $ ! @ \\ " ` \n \t'.split(" "),
  ..."package import as default else not some with null true false in every contains if and or".split(" "),
  ...'x p q f input data set() 0 1 -1 1.5e3 01 .5 "s" `r` $"a{x}b" $`{x}` "\\u0041" "\\q"'.split(" "),
  "\n",
  " ",
  "package a\n",
  "import rego.v1\n",
  "import rego.v2\n",
  "import future.keywords\n",
  "# METADATA\n# title: x\n",
  "# METADATA\n# - [\n",
  "p if { ",
  "p contains x if ",
  "every x in xs { ",
  "some k, v in xs",
  "x with input as 1",
  "[x | ",
  "{k: v | ",
  "not { ",
  "(a or b) and ",
  "else := 1 if { ",
  "\u00a0",
  "\ufeff",
  "\u0000",
  "\ud800",
  "é",
  "٣",
  "😀",
];
const soup = fc.array(fc.constantFrom(...fragments), { maxLength: 60 }).map((parts) => parts.join(" "));
const dense = fc.array(fc.constantFrom(...fragments), { maxLength: 60 }).map((parts) => parts.join(""));

const modules: readonly string[] = [
  'package a.b\n\nimport rego.v1\nimport data.x.y as z\n\ndefault allow := false\n\nallow if {\n\tsome i\n\tinput.a[i] == "b"\n\tnot denied with input.c as [1, {"k": 2}]\n} else := 3 if z\n',
  'package c\nimport future.keywords.every\nviolation[{"msg": msg}] {\n\tc := input.review.object.spec.containers[_]\n\tevery k, v in c { k != v }\n\tmsg := sprintf("%v", [c.name])\n}\n',
  'package d\nimport rego.v2\np contains {x | x := xs[_]; x > 1} if {\n\t(a or b) and not {c; d}\n\t$"x {y + 1} z" == "q"\n}\nf(x, [_, y]) := {"a": [z | z := x | y]} if y in x\n',
  "# METADATA\n# title: t\n# custom: {a: 1}\npackage e\n\n# METADATA\n# scope: document\np.q[r].s := v if { v := 1 + 2 * 3 - 4 / 5 % 6 } # end\n",
];

/** A valid module with a few pieces of it removed, doubled or replaced. */
const mutated = fc
  .tuple(
    fc.constantFrom(...modules),
    fc.array(fc.tuple(fc.nat(400), fc.nat(6), fc.constantFrom("", ...fragments)), { maxLength: 4 }),
  )
  .map(([text, edits]) =>
    edits.reduce((current, [at, length, piece]) => {
      const offset = at % (current.length + 1);
      return current.slice(0, offset) + piece + current.slice(offset + length);
    }, text),
  );

const texts = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string(),
  soup,
  dense,
  soup.map((text) => `package a\n${text}`),
  mutated,
);

describe("parser on any text", () => {
  it("gives a module or errors that stand in the text, and what it gives can be printed and formatted", () => {
    fc.assert(
      fc.property(texts, version, fc.boolean(), (text, regoVersion, annotated) => {
        const source = { name: "t.rego", text };
        const parsed = parseModule(source, {
          version: regoVersion,
          ...(annotated ? { annotations: annotationReader } : {}),
        });
        if (!parsed.ok) {
          assert.ok(parsed.diagnostics.length > 0);
          for (const { span } of parsed.diagnostics) {
            assert.ok(span === undefined || (span.start >= 0 && span.start <= text.length));
          }
          return;
        }
        printModule(parsed.value);
        JSON.parse(moduleToJson(parsed.value, { locations: true }));
        formatSource(source, { version: regoVersion });
      }),
      { numRuns: 1500 },
    );
  });

  it("reads queries and terms without throwing", () => {
    fc.assert(
      fc.property(texts, version, (text, regoVersion) => {
        parseQuery({ name: "", text }, { version: regoVersion, futureKeywords: "all" });
        parseTerm({ name: "", text }, { version: regoVersion });
      }),
      { numRuns: 500 },
    );
  });

  it("is the same every time", () => {
    fc.assert(
      fc.property(mutated, version, (text, regoVersion) => {
        const source = { name: "t.rego", text };
        const first = parseModule(source, { version: regoVersion });
        assert.deepEqual(parseModule(source, { version: regoVersion }), first);
      }),
      { numRuns: 200 },
    );
  });
});

describe("deep and long texts", () => {
  const shapes: Readonly<Record<string, (count: number) => string>> = {
    arrays: (count) => `p := ${"[".repeat(count)}${"]".repeat(count)}`,
    parentheses: (count) => `p := ${"(".repeat(count)}1${")".repeat(count)}`,
    objects: (count) => `p := ${"{1:".repeat(count)}1${"}".repeat(count)}`,
    comprehensions: (count) => `p := ${"{x | ".repeat(count)}x${"}".repeat(count)}`,
    calls: (count) => `p := ${"f(".repeat(count)}1${")".repeat(count)}`,
    references: (count) => `p := ${"x[".repeat(count)}1${"]".repeat(count)}`,
    "chained calls": (count) => `p := x${".f(1)".repeat(count)}`,
    sums: (count) => `p := ${"1 + ".repeat(count)}1`,
    memberships: (count) => `p if x${" in x".repeat(count)}`,
    disjunctions: (count) => `p if { ${"x or ".repeat(count)}x }`,
    groups: (count) => `p if { ${"(x and ".repeat(count)}x${")".repeat(count)} }`,
    "groups of comprehensions": (count) => `p if { ${"({x | ".repeat(count)}x${"})".repeat(count)} }`,
    negations: (count) => `p if { ${"not {".repeat(count)}x${"}".repeat(count)} }`,
    alternatives: (count) => `p := 1 if x\n${"else := 1 if y\n".repeat(count)}`,
    templates: (count) => `p := ${'$"{'.repeat(count)}1${'}"'.repeat(count)}`,
    "open brackets": (count) => `p := ${"[{(".repeat(count)}`,
  };
  for (const [name, shape] of Object.entries(shapes)) {
    it(`takes ${name}, or says that they are too deep`, () => {
      for (const count of [10, 100, 1000, 20_000]) {
        const source = { name: "t.rego", text: `package a\nimport rego.v2\n${shape(count)}\n` };
        const parsed = parseModule(source);
        if (parsed.ok) {
          assert.ok(count < 20_000);
          printModule(parsed.value);
          moduleToJson(parsed.value);
          assert.ok(formatSource(source).ok);
        } else if (name !== "open brackets" && !name.startsWith("groups of")) {
          assert.ok(count > 100 && parsed.diagnostics[0]?.message === "max parsing recursion depth exceeded");
        }
      }
    });
  }

  it("takes many rules, long strings and long lists", () => {
    const rules = Array.from({ length: 5000 }, (_, index) => `p${index} := ${index}`).join("\n");
    const list = `q := [${"1, ".repeat(50_000)}]\nr := "${"a".repeat(200_000)}"\n`;
    assert.ok(parseModule({ name: "t.rego", text: `package a\n${rules}\n${list}` }).ok);
  });
});

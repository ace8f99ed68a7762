import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { positionAt } from "../source.ts";
import { annotationReader } from "./annotation.ts";
import { parseModule } from "./parse.ts";

/** What OPA says of a block before a rule, with the row counted from the block's first line. */
const faults: readonly (readonly [yaml: string, ...errors: string[]])[] = [
  ["title: x"],
  ["entrypoint: yes"],
  ["labels: {a: b}"],
  ["", "1: expected METADATA block, found whitespace"],
  ["scope: foo", "1: invalid annotation scope 'foo'. Use one of 'rule', 'document', 'package', or 'subpackages'"],
  ["scope: package", "1: annotation scope 'package' must be applied to package (have rule)"],
  ["scope: rule\nentrypoint: true", "1: annotation entrypoint applied to non-document or package scope 'rule'"],
  ["title: [a]", "2: yaml: unmarshal errors:\n  line 1: cannot unmarshal !!seq into string"],
  ["entrypoint: foo", "2: yaml: unmarshal errors:\n  line 1: cannot unmarshal !!str `foo` into bool"],
  ["title: x\ntitle: y", '3: yaml: unmarshal errors:\n  line 2: mapping key "title" already defined at line 1'],
  ["- a", "2: yaml: unmarshal errors:\n  line 1: cannot unmarshal !!seq into ast.rawAnnotation"],
  ["authors: ['']", "1: invalid author definition : author is an empty string"],
  ["authors: [1]", "1: invalid author definition %!s(int=1): invalid value type, must be string or map"],
  ["related_resources: [{}]", "1: invalid related-resource definition map[]: 'ref' value required in object"],
  ["schemas:\n- input: foo", "1: invalid schema reference"],
  ["custom:\n  a:\n    1: x", "1: invalid map key type(s): "],
  ["custom: {a: .1_5, b: 0b-1}"],
  ["custom: {a: !!int 2020-01-01}", "2: yaml: cannot decode !!str `2020-01-01` as a !!int"],
  ["custom: {a: !!bool {}, b: !!float 1e}", "2: yaml: cannot decode !!str `1e` as a !!float"],
];

describe("METADATA", () => {
  for (const [yaml, ...errors] of faults) {
    it(`reads ${JSON.stringify(yaml)}`, () => {
      const block = yaml
        .split("\n")
        .map((line) => `# ${line}\n`)
        .join("");
      const text = `# METADATA\n${block}p := 1\n`;
      const parsed = parseModule({ name: "t.rego", text: `package a\n${text}` }, { annotations: annotationReader });
      const found = parsed.ok ? [] : parsed.diagnostics;
      assert.deepEqual(
        found.map(
          ({ message, span }) => `${span === undefined ? 0 : positionAt(span.source, span.start).row - 1}: ${message}`,
        ),
        errors,
      );
    });
  }

  it("is no matter where annotations are not processed", () => {
    const parsed = parseModule({ name: "t.rego", text: "package a\n# METADATA\n# [\np := 1\n" });
    assert.ok(parsed.ok);
    assert.deepEqual(parsed.value.annotations, []);
  });

  it("gives a rule the block above it, and a document's block to all its rules", () => {
    const text =
      "package a\n# METADATA\n# title: one\np := 1 if x\n# METADATA\n# title: two\n\np := 2 if y\n\n" +
      "# METADATA\n# scope: document\n# title: all\np := 3 if z\n  # METADATA\n";
    const parsed = parseModule({ name: "t.rego", text }, { annotations: annotationReader });
    assert.ok(parsed.ok);
    assert.deepEqual(
      parsed.value.rules.map(({ annotations }) => annotations.map(({ title }) => title)),
      [["one", "all"], ["two", "all"], ["all"]],
    );
  });

  it("keeps keys that objects have by nature", () => {
    const text = "package a\n# METADATA\n# custom: {__proto__: {x: 1}, constructor: 2}\np := 1\n";
    const parsed = parseModule({ name: "t.rego", text }, { annotations: annotationReader });
    assert.ok(parsed.ok);
    const custom = parsed.value.annotations[0]?.custom ?? {};
    assert.deepEqual(Object.keys(custom), ["__proto__", "constructor"]);
  });
});

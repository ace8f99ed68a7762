import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readJSON } from "../../runtime/json-reader.ts";
import { equal } from "../../runtime/order.ts";
import type { Value } from "../../runtime/value.ts";
import { readYAMLDocument } from "./document.ts";
import { writeYAML } from "./write.ts";

// What YAML cannot read back is left out: control characters, marks of byte order, and lines of a block that begin with
// a tab, which OPA writes all the same.
const characters = fc.oneof(
  fc.constantFrom(...("ab01 :-#'\"\\[]{},&*!|>%@`?~=<.\n\t_e+é日😀\u2028".match(/./gsu) ?? [])),
  fc.integer({ min: 0xa0, max: 0x1ffff }).map((code) => String.fromCodePoint(code).toWellFormed()),
);
const strings = fc
  .oneof(
    fc.string({ unit: characters, maxLength: 8 }),
    fc.constantFrom(
      "yes",
      "null",
      "~",
      "1",
      "017",
      "1_000",
      "0x1f",
      ".5",
      "1e3",
      ".inf",
      "2020-01-01",
      "-",
      "---",
      "true",
      "12:30",
    ),
  )
  .filter((text) => !/[\0-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff]/.test(text) && !/^[\n\u2028]*\t[^]*\n/.test(text));
const documents: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    strings,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(strings, tie("value"), { maxKeys: 4 }),
  ),
})).value;

function valueOf(text: string): Value {
  const result = readJSON(text);
  assert.ok("value" in result);
  return result.value;
}

describe("YAML", () => {
  it("that is written is read back as the same value", () => {
    fc.assert(
      fc.property(documents, (document) => {
        const value = valueOf(JSON.stringify(document));
        const text = writeYAML(value);
        const read = readYAMLDocument(text);
        assert.ok("value" in read && equal(read.value, value), `${JSON.stringify(document)}\n${text}`);
      }),
      { numRuns: 600 },
    );
  });

  it("is JSON too", () => {
    fc.assert(
      fc.property(documents, fc.constantFrom(undefined, 1, 4), (document, indent) => {
        // The separators of lines and of paragraphs are line breaks of YAML 1.1.
        const text = JSON.stringify(document, null, indent)
          .replaceAll("\u2028", "\\u2028")
          .replaceAll("\u2029", "\\u2029");
        const read = readYAMLDocument(text);
        assert.ok("value" in read && equal(read.value, valueOf(text)), text);
      }),
      { numRuns: 400 },
    );
  });

  it("is read, or refused with a text, whatever it is", () => {
    const pieces =
      "a b 1 ~ - -- --- ... : :: ? | > |- >+ |2 & &x * *x ! !! !!str !x {} [] { } [ ] , # ' \" \\ \\n \\x41 %YAML %TAG << .inf 2020-01-01 é 😀 \u2028 \u0007 @ `".split(
        " ",
      );
    const soup = fc
      .array(
        fc.oneof(fc.constantFrom(...pieces), fc.constantFrom(" ", "  ", "\n", "\n ", "\n  ", ": ", "- ", "\t", "\r\n")),
        {
          maxLength: 20,
        },
      )
      .map((parts) => parts.join(""));
    let [read, refused] = [0, 0];
    fc.assert(
      fc.property(
        fc.oneof(soup, fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) })),
        (text) => {
          const result = readYAMLDocument(text);
          if ("value" in result) read += 1;
          else {
            refused += 1;
            assert.match(result.error, /^(?:yaml|json|unsupported map key)/, text);
          }
        },
      ),
      { numRuns: 1500 },
    );
    assert.ok(read > 50 && refused > 50, `${read} read, ${refused} refused`);
  });

  it("takes long texts, and says where they are too deep", () => {
    for (const text of [
      "[".repeat(20_000),
      "- ".repeat(20_000),
      "{a: ".repeat(20_000),
      "? ".repeat(20_000),
      Array.from({ length: 2000 }, (_, index) => `${" ".repeat(index)}a:\n`).join(""),
      "a: 1\n".repeat(5000),
      `[${"a, ".repeat(10_000)}]`,
      `"${"\\n".repeat(20_000)}"`,
      "a ".repeat(20_000),
      "&a b\n".repeat(2000),
      "*a ".repeat(2000),
    ]) {
      const result = readYAMLDocument(text);
      assert.ok("value" in result || result.error.startsWith("yaml: "));
    }
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { isValidJSON, readJSON } from "./json-reader.ts";
import { writeIndentedJSON, writeJSON } from "./json-writer.ts";
import { toDocument } from "./to-document.ts";

/** What JSON.parse makes of a text, or that it makes nothing of it. */
function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Whether a text has an exponent past what a number may have here. */
const hasHugeExponent = (text: string): boolean => /[eE][+-]?[0-9]{4}/.test(text);

// Half a surrogate pair is among them.
const anyUnit = fc.oneof(fc.nat(0x7f), fc.nat(0xffff), fc.nat(0x10ffff)).map((code) => String.fromCodePoint(code));
const documents = fc.tuple(fc.json({ stringUnit: anyUnit }), fc.constantFrom(0, 1, 3)).map(([text, indent]) => {
  return indent === 0 ? text : JSON.stringify(JSON.parse(text), null, indent);
});
const pieces =
  '{ } [ ] , : " \\ \\u 0041 \\ud83d \\ude00 \\n \\q true fals null 0 -0 01 1.5 1. .5 1e3 1E+2 - + e a \n \t é 😀 \u0000 \ufeff'.split(
    " ",
  );
const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join(""));
const mutated = fc
  .tuple(documents, fc.array(fc.tuple(fc.nat(1000), fc.nat(3), fc.constantFrom("", ...pieces)), { maxLength: 3 }))
  .map(([text, edits]) =>
    edits.reduce((current, [at, length, piece]) => {
      const offset = at % (current.length + 1);
      return current.slice(0, offset) + piece + current.slice(offset + length);
    }, text),
  );

describe("keys with escapes", () => {
  it("are none that were read before", () => {
    for (const key of ["\\", "\n", '"', "a\\", 'a"', "\\n", "\nb"]) {
      const read = readJSON(JSON.stringify({ x: 1, [key]: 2 }));
      assert.ok("value" in read);
      assert.deepEqual(read.value, { x: 1, [key]: 2 });
    }
  });
});

describe("JSON", () => {
  it("is read as JSON.parse reads it, broken or not", () => {
    let [read, refused] = [0, 0];
    fc.assert(
      fc.property(fc.oneof(documents, mutated, soup), (given) => {
        // Halves of pairs are met as escapes alone: text from outside has none.
        const text = given.toWellFormed();
        if (hasHugeExponent(text)) return;
        const expected = parse(text);
        const result = readJSON(text);
        assert.equal(isValidJSON(text), expected !== undefined, text);
        if (expected === undefined) {
          refused += 1;
          // OPA takes a null behind the value for its end.
          assert.ok(("error" in result && result.error !== "") || text.includes("null"), text);
          return;
        }
        read += 1;
        assert.ok("value" in result, text);
        // By way of text: numbers are exact here, and half a surrogate pair is the sign of replacement.
        const shown = JSON.parse(writeJSON(result.value)) as unknown;
        assert.deepEqual(shown, wellFormed(expected.value), text);
      }),
      { numRuns: 1500 },
    );
    assert.ok(read > 200 && refused > 200, `${read} read, ${refused} refused`);
  });

  it("that is written is read back as the same value", () => {
    fc.assert(
      fc.property(documents, fc.constantFrom("", " ", "\t", "--"), (text, indent) => {
        const result = readJSON(text);
        assert.ok("value" in result);
        const written = writeJSON(result.value);
        assert.deepEqual(readJSON(written), { value: toDocument(result.value) });
        if (indent.trim() !== "") return;
        assert.deepEqual(readJSON(writeIndentedJSON(result.value, "", indent)), { value: toDocument(result.value) });
      }),
      { numRuns: 300 },
    );
  });
});

/** A document as Go has it: no text holds half a surrogate pair, and of keys that are equal then the last counts. */
function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== "object" || value === null) return value;
  const object: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    Object.defineProperty(object, key.toWellFormed(), {
      value: wellFormed(item),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return object;
}

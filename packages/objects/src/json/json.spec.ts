import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { copyJson } from "./copy.ts";
import { equalJson } from "./equal.ts";
import { compareBytes, formatGoFloat, formatGoNumber, marshalGo, quoteGo } from "./go.ts";
import { readExactly } from "./read-exactly.ts";
import { readJson, type JsonReading } from "./read.ts";
import { isJsonObject, own, ownPath, type JsonValue } from "./value.ts";
import { writeJson } from "./write.ts";

// fast-check's JSON values, and what JSON alone cannot say: integers past 2^53. Negative zero is written as 0.
const json = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 80n }),
    fc.array(tie("value")),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor")), tie("value"), {
      noNullPrototype: true,
    }),
  ),
})).value;

function valueOf(read: JsonReading): JsonValue {
  assert.ok(read.ok);
  return read.value;
}

describe("JSON", () => {
  it("is read back as it was written", () => {
    fc.assert(
      fc.property(json, (value) => {
        // A double beyond 2^53 is written as the integer that it is, and integers are read exactly.
        const read = readJson(writeJson(value));
        assert.ok(read.ok && writeJson(read.value) === writeJson(value));
      }),
    );
  });

  it("reads numbers as Gatekeeper's reviews see them", () => {
    const read = readJson('{"a": 1.0, "b": 9007199254740993, "c": -12345678901234567890, "d": 1.5, "e": 1e3}');
    assert.deepEqual(valueOf(read), { a: 1, b: 9007199254740993n, c: -12345678901234567890n, d: 1.5, e: 1000 });
  });

  it("finds an integer that no double holds wherever it stands, and takes digits in a text for no number", () => {
    for (let before = 0; before < 40; before += 1) {
      const padding = "x".repeat(before);
      for (const digits of ["9007199254740993", "12345678901234567890"]) {
        assert.deepEqual(valueOf(readJson(`["${padding}",${digits}]`)), [padding, BigInt(digits)]);
        const read = readJson(`{"${padding}": ${digits}, "t": "${digits}"}`);
        assert.deepEqual(valueOf(read), { [padding]: BigInt(digits), t: digits });
      }
      const exact = readJson(`["${padding}", 123456789012345]`);
      assert.deepEqual(valueOf(exact), [padding, 123456789012345]);
    }
  });

  it("knows where no number can be printed in more than one way, wherever it stands", () => {
    const plain = ["0", "-1", "99999", "1.5", "0.001", '"1234567"', '"5d39e-5"', '"10.244.112.103"', "true"];
    const special = ["1000000", "-1234567", "0.00001", "0.000012", "1e6", "-1.5E-7", "123456.7", "9007199254740993"];
    for (let before = 0; before < 16; before += 1) {
      for (const frame of [
        (text: string) => text,
        (text: string) => `{"a": [${text}, 1]}`,
        (text: string) => `[${text}]`,
      ]) {
        const isPlain = (text: string): boolean => {
          const read = readJson(" ".repeat(before) + frame(text));
          assert.ok(read.ok);
          return read.hasPlainNumbers;
        };
        for (const text of plain) assert.ok(isPlain(text), text);
        for (const text of special) assert.ok(!isPlain(text), text);
      }
    }
  });

  it("takes no number that is beyond all doubles, and tells which it is", () => {
    for (const number of ["1e400", "-1E+309", "1.7976931348623159e308", `1${"0".repeat(400)}`]) {
      const message = `json: cannot unmarshal number ${number} into Go value of type float64`;
      assert.deepEqual(readJson(`{"a": [1, ${number}]}`), { ok: false, message, number });
    }
    const near = readJson('[1.7976931348623157e308, 1e-400, 5e-324, "1e400", "\\u0065400"]');
    assert.deepEqual(valueOf(near), [Number.MAX_VALUE, 0, 5e-324, "1e400", "e400"]);
  });

  it("reads half of a pair of surrogates as the character for what is none, in keys as well", () => {
    const read = readJson('{"a\\ud800": 1, "a\\uDc00": [2, "\\udfff\\ud83d\\ude00"], "b": {"\\ud800": {}}}');
    assert.deepEqual(valueOf(read), { "a\ufffd": [2, "\ufffd\u{1f600}"], b: { "\ufffd": {} } });
  });

  it("takes no key for another that was read before, as some versions of V8 do", () => {
    for (const [before, key] of [
      ["\\", "\n"],
      ["a\\", 'a"'],
      ["\\n", "\na"],
      ['k:{\\"a', 'k:{"a":'],
    ] as const) {
      for (const name of [before, key]) {
        const text = JSON.stringify({ x: 1, [name]: { y: "\\" } });
        const read = readJson(text);
        assert.ok(read.ok && isJsonObject(read.value));
        assert.deepEqual(Object.keys(read.value), ["x", name], text);
      }
    }
  });

  it("reads exactly what was written, whatever letters it has", () => {
    const text = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("\\", '"', '\\"', "}", "],", "\n", "__proto__"),
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom(null, true, false, 1.5, -7, 1e-9),
        text,
        tie("list"),
        tie("object"),
      ),
      list: fc.array(tie("any")),
      object: fc.dictionary(text, tie("any"), { noNullPrototype: true }),
    })).any;
    fc.assert(
      fc.property(value, fc.constantFrom(0, 2), (written, indent) => {
        assert.deepEqual(readExactly(JSON.stringify(written, undefined, indent)), written);
      }),
    );
    assert.equal(JSON.stringify(readExactly('{"a":1,"b":[],"a":{"c":2},"":"\\u0041"}')), '{"a":{"c":2},"b":[],"":"A"}');
  });

  it("says what is wrong with a text", () => {
    const read = readJson("{");
    assert.ok(!read.ok && read.message.includes("JSON"));
  });

  it("takes __proto__ and constructor for keys like any other", () => {
    const read = readJson('{"__proto__": {"a": 1}, "n": 12345678901234567890}');
    assert.ok(read.ok && isJsonObject(read.value));
    assert.equal(ownPath(read.value, "__proto__", "a"), 1);
    assert.equal(own(read.value, "constructor"), undefined);
    assert.equal(ownPath(copyJson(read.value), "__proto__", "a"), 1);
    assert.equal(writeJson(read.value), '{"__proto__":{"a":1},"n":12345678901234567890}');
  });

  it("is equal to its copy, which shares nothing with it", () => {
    fc.assert(
      fc.property(json, (value) => {
        const copy = copyJson(value);
        assert.ok(equalJson(value, copy));
        if (typeof value === "object" && value !== null) assert.notEqual(copy, value);
      }),
    );
    assert.ok(equalJson({ a: 1, b: [2] }, { b: [2], a: 1 }));
    assert.ok(!equalJson({ a: 1 }, { a: 1, b: 2 }));
    assert.ok(!equalJson([1, 2], [1]));
    assert.ok(!equalJson({ 0: 1 }, [1]));
  });
});

describe("JSON that is nested deeper than calls may be", () => {
  const nested = (last: JsonValue, wrap: (value: JsonValue) => JsonValue = (value) => [value]): JsonValue => {
    let value = last;
    for (let depth = 0; depth < 100_000; depth += 1) value = wrap(value);
    return value;
  };

  it("is copied, compared and written", () => {
    for (const wrap of [(value: JsonValue) => [value], (value: JsonValue) => ({ "<": value, b: "x" })]) {
      const value = nested(2n ** 60n, wrap);
      assert.ok(equalJson(value, copyJson(value)));
      assert.ok(!equalJson(value, nested(7, wrap)));
      const text = writeJson(value);
      const read = readJson(text);
      assert.ok(read.ok && equalJson(read.value, value));
      assert.equal(writeJson(value, 2), text, "nobody could read it with blanks");
      assert.equal(marshalGo(value), text.replaceAll("<", "\\u003c"));
    }
  });
});

describe("Go's printing", () => {
  it("quotes", () => {
    assert.equal(
      quoteGo('a "b" \\ \n\t\u0007\u0001é\u200b😀\u{e0001}'),
      '"a \\"b\\" \\\\ \\n\\t\\a\\x01é\\u200b😀\\U000e0001"',
    );
  });

  it("prints integers whole and doubles with an exponent from a million on", () => {
    assert.equal(formatGoNumber(3_000_000_000), "3000000000");
    assert.equal(formatGoNumber(2n ** 70n), "1180591620717411303424");
    assert.equal(formatGoFloat(3_000_000_000), "3e+09");
    assert.equal(formatGoFloat(123456.5), "123456.5");
    assert.equal(formatGoFloat(0.00001), "1e-05");
  });

  it("marshals with sorted keys and HTML's characters escaped", () => {
    assert.equal(marshalGo({ b: "<a>&", a: [1, 1e21, null] }), '{"a":[1,1e+21,null],"b":"\\u003ca\\u003e\\u0026"}');
  });

  it("orders strings by their bytes", () => {
    const bytes = (text: string): Buffer => Buffer.from(text);
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (left, right) => {
        assert.equal(Math.sign(compareBytes(left, right)), Buffer.compare(bytes(left), bytes(right)));
      }),
    );
    assert.ok(compareBytes("\uffff", "😀") < 0);
  });
});

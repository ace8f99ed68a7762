import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { add, divide, multiply, remainder, subtract } from "./arithmetic.ts";
import { Decimal } from "./decimal.ts";
import { readJSON } from "./json-reader.ts";
import { writeJSON } from "./json-writer.ts";
import { compareNumbers, equalNumbers, integerOf, type Numeric, numberText, readNumber } from "./number.ts";
import { objectOf, RegoObject } from "./object.ts";
import { compare, equal, hash, isNumber } from "./order.ts";
import { RegoSet } from "./set.ts";
import { compareBytes, compareStrings, decodeUtf8, encodeUtf8 } from "./text.ts";
import { toDocument } from "./to-document.ts";
import type { Value } from "./value.ts";

function number(text: string): Numeric {
  const value = readNumber(text);
  assert.ok(value !== undefined, text);
  return value;
}

const numberTexts = fc.oneof(
  fc.integer().map(String),
  fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map(String),
  fc.tuple(fc.integer({ min: -9999, max: 9999 }), fc.nat(999_999)).map(([whole, part]) => `${whole}.${part}`),
  fc.tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: -30, max: 30 })).map(([c, e]) => `${c}e${e}`),
  fc.constantFrom("0", "-0", "1.0", "1.00", "10e-1", "0.1", "100", "1e2"),
);

const numbers = numberTexts.map(number);
// Bytes that are no text included.
const strings = fc.oneof(fc.string({ unit: "binary" }), fc.uint8Array({ maxLength: 6 }).map(decodeUtf8));
const values: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.boolean(),
    numbers,
    strings,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(tie("value"), { maxLength: 4 }).map((items) => new RegoSet(items)),
    fc.array(fc.tuple(tie("value"), tie("value")), { maxLength: 4 }).map((entries) => new RegoObject(entries)),
    fc.array(fc.tuple(strings, tie("value")), { maxLength: 4 }).map((entries) => objectOf(entries)),
  ),
})).value;

describe("numbers", () => {
  it("print as they were written, and by their own text read back as themselves", () => {
    fc.assert(
      fc.property(numberTexts, (text) => {
        assert.equal(numberText(number(text)), text);
        assert.ok(equalNumbers(number(numberText(number(text))), number(text)));
      }),
    );
  });

  it("are primitives wherever text and value allow", () => {
    for (const text of ["0", "1", "-17", "0.5", "1e-7", "9007199254740991"])
      assert.equal(typeof number(text), "number");
    assert.equal(typeof number("9007199254740992"), "bigint");
    for (const text of ["1.0", "1e3", "0.1234567890123456789"]) assert.ok(number(text) instanceof Decimal);
  });

  it("compare by exact value", () => {
    assert.ok(compareNumbers(number("0.1234567890123456789"), number("0.1234567890123456788")) > 0);
    assert.ok(compareNumbers(number("1e400"), number("1e399")) > 0);
    assert.equal(compareNumbers(number("10.0"), number("1")), 1);
    assert.ok(equalNumbers(number("3.5"), number("35e-1")));
  });

  it("add, subtract and multiply exactly where they are integers", () => {
    const integers = fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n });
    fc.assert(
      fc.property(integers, integers, (a, b) => {
        const [x, y] = [number(String(a)), number(String(b))];
        assert.equal(integerOf(add(x, y)), a + b);
        assert.equal(integerOf(subtract(x, y)), a - b);
        assert.equal(integerOf(multiply(x, y)), a * b);
        if (b === 0n) return;
        const rest = remainder(x, y);
        assert.ok(typeof rest !== "string");
        assert.equal(integerOf(rest), a % b);
      }),
    );
  });

  it("calculate fractions with 64 bits of mantissa", () => {
    const text = (result: Numeric | string): string => (typeof result === "string" ? result : numberText(result));
    assert.equal(text(add(number("0.1"), number("0.2"))), "0.3");
    assert.equal(text(divide(1, 3)), "0.33333333333333333334");
    assert.equal(text(divide(2, 3)), "0.6666666666666666667");
    assert.equal(text(divide(1, number("0.0"))), "divide by zero");
    assert.equal(text(add(number("1234567.5"), number("0.25"))), "1.23456775e+06");
  });

  it("commute in sums and products", () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        assert.equal(numberText(add(a, b)), numberText(add(b, a)));
        assert.equal(numberText(multiply(a, b)), numberText(multiply(b, a)));
      }),
    );
  });
});

describe("order and equality", () => {
  it("are a total order that agrees with equality and hash", () => {
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        assert.equal(compare(a, a), 0);
        assert.equal(Math.sign(compare(a, b)) + Math.sign(compare(b, a)), 0);
        assert.equal(compare(a, b) === 0, equal(a, b));
        if (equal(a, b)) assert.equal(hash(a), hash(b));
        if (compare(a, b) <= 0 && compare(b, c) <= 0) assert.ok(compare(a, c) <= 0);
      }),
      { numRuns: 500 },
    );
  });

  it("order types as null, boolean, number, string, array, object, set", () => {
    const ascending: Value[] = [
      null,
      false,
      true,
      -1,
      2,
      "",
      "a",
      [],
      [0],
      {},
      { a: 1 },
      new RegoSet(),
      new RegoSet([1]),
    ];
    for (const [index, value] of ascending.entries()) {
      for (const later of ascending.slice(index + 1)) assert.ok(compare(value, later) < 0);
    }
  });

  it("order strings by their UTF-8 bytes", () => {
    assert.ok(compareStrings("\uffee", "\u{1f600}") < 0);
    fc.assert(
      fc.property(strings, strings, (a, b) => {
        assert.equal(Math.sign(compareStrings(a, b)), compareBytes(encodeUtf8(a), encodeUtf8(b)));
      }),
    );
  });

  it("keep bytes as they are through text", () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => assert.deepEqual(encodeUtf8(decodeUtf8(bytes)), bytes)));
  });
});

describe("sets and objects", () => {
  it("hold each value once, in order, whichever way it is written", () => {
    fc.assert(
      fc.property(fc.array(values), (items) => {
        const set = new RegoSet(items);
        const sorted = set.values();
        assert.equal(sorted.length, set.size);
        for (const item of items) assert.ok(set.has(item));
        for (let index = 1; index < sorted.length; index++) {
          assert.ok(compare(sorted[index - 1] ?? null, sorted[index] ?? null) < 0);
        }
        assert.ok(equal(set, new RegoSet(items.toReversed())));
      }),
    );
    assert.equal(new RegoSet([1, number("1.0"), number("10e-1")]).size, 1);
  });

  it("answer the same however often they are asked while they are made, and keep the first form", () => {
    const few = fc.oneof(
      fc.constantFrom("1", "1.0", "10e-1", "2", "2.0").map(number),
      fc.nat(40),
      fc.tuple(fc.nat(20)),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(few, fc.boolean()), { maxLength: 120 }), (steps) => {
        const set = new RegoSet();
        const members: Value[] = [];
        for (const [value, asks] of steps) {
          const before = members.find((member) => equal(member, value));
          if (asks) assert.equal(set.get(value), before);
          set.add(value);
          if (before === undefined) members.push(value);
          if (asks) assert.equal(set.get(value), before ?? value);
        }
        assert.deepEqual(set.items(), members);
        assert.equal(set.size, members.length);
      }),
    );
  });

  it("hold a few keys and many", () => {
    const keys = fc.oneof(fc.constantFrom("1", "1.0", "10e-1").map(number), fc.nat(30), fc.string({ maxLength: 1 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(keys, fc.nat()), { maxLength: 60 }), (entries) => {
        const object = new RegoObject(entries);
        const firsts = entries.filter(([key], at) => entries.findIndex(([other]) => equal(other, key)) === at);
        assert.deepEqual(
          object.names(),
          firsts.map(([key]) => key),
        );
        for (const [key] of entries) {
          assert.equal(object.get(key), entries.findLast(([other]) => equal(other, key))?.[1]);
        }
        assert.equal(object.has("no such key"), false);
      }),
    );
  });

  it("find the last value of a key", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(values, values)), (entries) => {
        const object = new RegoObject(entries);
        for (const [key] of entries) {
          const last = entries.findLast(([other]) => equal(other, key));
          assert.ok(equal(object.get(key) ?? null, last?.[1] ?? null));
        }
      }),
    );
  });

  it("take a caller's object and one of our own for the same", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(strings, values)), (entries) => {
        const [plain, own] = [objectOf(entries), new RegoObject(entries)];
        assert.ok(equal(plain, own) && equal(own, plain));
        assert.equal(hash(plain), hash(own));
        assert.equal(compare(plain, own), 0);
      }),
    );
  });

  it("read a caller's object by own properties only", () => {
    const object: Value = JSON.parse('{"__proto__": 1, "constructor": 2}') as Value; // as: JSON is a value
    assert.ok(
      equal(
        object,
        new RegoObject([
          ["constructor", 2],
          ["__proto__", 1],
        ]),
      ),
    );
    assert.ok(!equal({}, new RegoObject([["toString", 1]])));
  });
});

describe("JSON", () => {
  it("reads what it writes, and keeps how numbers are written", () => {
    fc.assert(
      fc.property(values, (value) => {
        const document = toDocument(value);
        const once = readJSON(writeJSON(document));
        assert.ok("value" in once);
        const twice = readJSON(writeJSON(once.value));
        assert.ok("value" in twice && equal(once.value, twice.value));
        assert.equal(writeJSON(once.value), writeJSON(twice.value));
      }),
    );
    const kept = '{"a":1.0,"b":1e3,"c":-0,"d":123456789012345678901234567890}';
    const result = readJSON(kept);
    assert.ok("value" in result && writeJSON(result.value) === kept);
    assert.ok("value" in result && !isNumber(result.value));
  });
});

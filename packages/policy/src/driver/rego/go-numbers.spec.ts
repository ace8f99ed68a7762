import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { JsonValue } from "@portcullis/objects";
import { numberText, type Value } from "@portcullis/rego";
import { asGoShows, type IntegerForm, reviewAsGoShows } from "./go-numbers.ts";

function shown(number: number | bigint, integers: IntegerForm): string {
  const value = asGoShows(number, integers);
  return numberText(value as Parameters<typeof numberText>[0]); // as: a number stays one
}

describe("numbers as Go shows them", () => {
  it("have an exponent where Go gives them one", () => {
    const doubles: readonly (readonly [number | bigint, string])[] = [
      [999_999, "999999"],
      [1_000_000, "1e+06"],
      [0.0001, "0.0001"],
      [0.000_01, "1e-05"],
      [9007199254740993n, "9.007199254740992e+15"],
      [-1_000_000, "-1e+06"],
    ];
    for (const [number, text] of doubles) assert.equal(shown(number, "doubles"), text);
  });

  it("are integers as far as 64 bits hold them, where integers are", () => {
    const exact: readonly (readonly [number | bigint, string])[] = [
      [1_000_000, "1000000"],
      [9007199254740993n, "9007199254740993"],
      [9223372036854775807n, "9223372036854775807"],
      [9223372036854775808n, "9.223372036854776e+18"],
      [-9223372036854775808n, "-9223372036854775808"],
      [1e19, "1e+19"],
      [1_000_000.5, "1.0000005e+06"],
    ];
    for (const [number, text] of exact) assert.equal(shown(number, "exact"), text);
  });

  it("are found however deep they stand, and nothing is copied where there are none", () => {
    const nested = (inner: JsonValue): JsonValue => {
      let value = inner;
      for (let depth = 0; depth < 300; depth += 1) value = depth % 2 === 0 ? [value] : { a: value };
      return value;
    };
    const plain = nested("text");
    assert.equal(asGoShows(plain, "doubles"), plain);
    let found: Value = asGoShows(nested(1e6), "doubles");
    while (typeof found === "object" && found !== null && (Array.isArray(found) || "a" in found)) {
      found = (Array.isArray(found) ? found[0] : found["a"]) as Value; // as: there is nothing else in it
    }
    assert.equal(numberText(found as Parameters<typeof numberText>[0]), "1e+06");
  });

  it("are looked for in the namespace alone where the rest is known to be plain", () => {
    const review = { object: { a: 1 }, namespaceObject: { b: 1e6 } };
    assert.equal(reviewAsGoShows(review, "exact", true), review);
    assert.notEqual(reviewAsGoShows(review, "doubles", true), review);
  });
});

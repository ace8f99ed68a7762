import { type DecimalParts, partsOfText } from "../runtime/decimal.ts";
import { floatOf, floatOfInteger, multiply, truncate } from "../runtime/float.ts";
import { fromInteger, readNumber } from "../runtime/number.ts";
import { fromByteString, toByteString } from "../runtime/text.ts";
import type { Value } from "../runtime/value.ts";
import type { BuiltinContext, BuiltinFunction } from "./builtin.ts";
import { fail } from "./failure.ts";
import type { Family } from "./family.ts";
import { stringOperand } from "./operand.ts";
import { lower } from "./string-operations.ts";

/** units.* */
export const units: Family = new Map<string, BuiltinFunction>([
  ["units.parse", parse],
  ["units.parse_bytes", parseBytes],
]);

/** A number with an optional exponent, and the unit behind it. */
function splitAmount(text: string, name: string): readonly [amount: string, unit: string] {
  if (text.includes(" ")) fail(`${name}: spaces not allowed in resource strings`);
  const amount = /^(?:[0-9.+-]|[eE][+-][0-9]*|[eE][0-9]+)*/.exec(text)?.[0] ?? "";
  if (/[eE][+-]?[0-9]{7}/.test(amount)) fail(`${name}: exponent too large`);
  return [amount, text.slice(amount.length)];
}

const binary: ReadonlyMap<string, bigint> = new Map(
  ["ki", "mi", "gi", "ti", "pi", "ei"].map((unit, index) => [unit, 1n << BigInt(10 * (index + 1))]),
);

const decimal: ReadonlyMap<string, bigint> = new Map(
  ["k", "m", "g", "t", "p", "e"].map((unit, index) => [unit, 1000n ** BigInt(index + 1)]),
);

/** 0.001 as the double that OPA multiplies with: mantissa × 2^-62. */
const milliMantissa = 4611686018427388n;
const milliExponent = 62n;

function parse(context: BuiltinContext, value: Value): Value {
  const name = "units.parse";
  const [amount, given] = splitAmount(stringOperand(value, 1).replaceAll('"', ""), name);
  if (amount === "") fail(`${name}: no amount provided`);
  // The first byte alone keeps its case: a character of several is broken by that.
  const bytes = toByteString(given);
  const unit = bytes.length === given.length ? given.slice(0, 1) + given.slice(1).toLowerCase() : broken(bytes);
  const factor = unit === "m" ? 1n : factorOf(unit);
  if (factor === undefined) fail(`${name}: unit ${unit} not recognized`);
  const parts = partsOfText(amount) ?? fail(`${name}: could not parse amount to a number`);
  context.charge(Math.abs(parts.exponent) >> 4);
  return unit === "m" ? scaled(parts, milliMantissa, 1n << milliExponent) : scaled(parts, factor, 1n);
}

function broken(bytes: string): string {
  return fromByteString(bytes.slice(0, 1)) + lower(fromByteString(bytes.slice(1)));
}

function factorOf(unit: string): bigint | undefined {
  if (unit === "") return 1n;
  // `m` is a thousandth, so a million is only `M`; the others may be either.
  return unit === "M" ? 1_000_000n : (binary.get(unit.toLowerCase()) ?? decimal.get(unit.toLowerCase()));
}

/** An amount times a fraction: exactly where that is an integer, else to ten decimals. */
function scaled({ coefficient, exponent }: DecimalParts, numerator: bigint, denominator: bigint): Value {
  const top = coefficient * numerator * (exponent > 0 ? 10n ** BigInt(exponent) : 1n);
  const bottom = denominator * (exponent < 0 ? 10n ** BigInt(-exponent) : 1n);
  if (top % bottom === 0n) return fromInteger(top / bottom);
  const magnitude = top < 0n ? -top : top;
  const tenths = (magnitude * 10n ** 10n * 2n + bottom) / (bottom * 2n);
  const digits = tenths.toString().padStart(11, "0");
  const text = `${top < 0n ? "-" : ""}${digits.slice(0, -10)}.${digits.slice(-10)}`;
  return readNumber(text) ?? fail("number too big");
}

function parseBytes(_context: BuiltinContext, value: Value): Value {
  const name = "units.parse_bytes";
  const [amount, unit] = splitAmount(stringOperand(value, 1).toLowerCase().replaceAll('"', ""), name);
  if (amount === "") fail(`${name}: no byte amount provided`);
  const plain = unit.endsWith("b") ? unit.slice(0, -1) : unit;
  const factor = unit === "" ? 1n : (binary.get(plain) ?? decimal.get(plain));
  if (factor === undefined) fail(`${name}: byte unit ${unit} not recognized`);
  const number = readNumber(amount) ?? fail(`${name}: could not parse byte amount to a number`);
  return fromInteger(truncate(multiply(floatOf(number), floatOfInteger(factor))).integer);
}

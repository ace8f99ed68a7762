import { compareParts, Decimal, type DecimalParts, normalise, partsOfText, plainInteger, plainOf } from "./decimal.ts";

/** A Rego number, in any of its three forms. */
export type Numeric = number | bigint | Decimal;

/** The largest binary exponent that OPA lets a number have. */
const largestExponent = 1e5;

/** Reads a decimal number's text exactly and keeps how it was written; undefined where it is none or is too big. */
export function readNumber(text: string): Numeric | undefined {
  if (text.length < 16) {
    // Most numbers: what JavaScript prints as the same text is exact as it is.
    const quick = Number(text);
    if (String(quick) === text && Math.abs(quick) <= Number.MAX_SAFE_INTEGER) return quick;
  }
  const parts = partsOfText(text);
  if (parts === undefined || !isWithinRange(parts)) return undefined;
  if (parts.coefficient === 0n) return text === "0" ? 0 : text === "-0" ? -0 : new Decimal(0n, 0, text);
  const plain = plainOf(parts);
  return plain !== undefined && String(plain) === text ? plain : new Decimal(parts.coefficient, parts.exponent, text);
}

/** A decimal number's text exactly, by value alone: how it was written is forgotten. */
export function readPlainNumber(text: string): Numeric | undefined {
  const number = readNumber(text);
  return number instanceof Decimal ? (number.plain ?? number) : number;
}

function isWithinRange({ coefficient, exponent }: DecimalParts): boolean {
  const digits = coefficient.toString().length;
  const binary = (digits + exponent) * Math.log2(10);
  return Math.abs(binary) <= largestExponent;
}

/** The text that OPA would print. */
export function numberText(number: Numeric): string {
  if (typeof number === "number") return Object.is(number, -0) ? "-0" : String(number);
  if (typeof number === "bigint") return number.toString();
  return number.text ?? generalText(number);
}

/** Go's %g with the fewest digits: an exponent below 1e-4 and, unlike JavaScript's, from 1e6. */
export function generalText(parts: DecimalParts): string {
  const { coefficient, exponent } = normalise(parts);
  const negative = coefficient < 0n;
  const digits = (negative ? -coefficient : coefficient).toString();
  return (negative ? "-" : "") + formatGeneral(digits, digits.length + exponent, 6);
}

/** Go's %g of the digits 0.d₁d₂… × 10^point; an exponent is written from 10^precision. */
export function formatGeneral(digits: string, point: number, precision: number): string {
  const exponent = point - 1;
  if (exponent < -4 || exponent >= precision) {
    const magnitude = String(Math.abs(exponent)).padStart(2, "0");
    return `${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ""}e${exponent < 0 ? "-" : "+"}${magnitude}`;
  }
  return formatPlain(digits, point);
}

/** The digits 0.d₁d₂… × 10^point without an exponent. */
export function formatPlain(digits: string, point: number): string {
  if (point <= 0) return `0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return digits + "0".repeat(point - digits.length);
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Orders two numbers by exact value. */
export function compareNumbers(a: Numeric, b: Numeric): number {
  if (typeof a !== "object" && typeof b !== "object") return a < b ? -1 : a > b ? 1 : 0;
  return compareParts(partsOf(a), partsOf(b));
}

/** Whether two numbers have the same value: `1`, `1.0` and `10e-1` do. */
export function equalNumbers(a: Numeric, b: Numeric): boolean {
  if (typeof a !== "object" && typeof b !== "object") return a === b;
  return compareParts(partsOf(a), partsOf(b)) === 0;
}

/** The exact decimal that a number is; a double means the decimal that it prints as. */
export function partsOf(number: Numeric): DecimalParts {
  if (typeof number === "object") return normalise(number);
  if (typeof number === "bigint") return normalise({ coefficient: number, exponent: 0 });
  if (Number.isSafeInteger(number)) return normalise({ coefficient: BigInt(number), exponent: 0 });
  return partsOfText(String(number)) ?? { coefficient: 0n, exponent: 0 };
}

/** The integer that a number is by value, however it is written; undefined where it has a fraction. */
export function integerOf(number: Numeric): bigint | undefined {
  if (typeof number === "bigint") return number;
  if (typeof number === "number") return Number.isInteger(number) ? BigInt(number) : undefined;
  const { coefficient, exponent } = normalise(number);
  return exponent < 0 ? undefined : coefficient * 10n ** BigInt(exponent);
}

/**
 * The integer of 64 bits that a number's text is to OPA where it wants a machine integer: `3` and `3.0`, but not `3e0`.
 */
export function machineInteger(number: Numeric): bigint | undefined {
  if (typeof number === "object" && number.text !== undefined && /[eE]/.test(number.text)) return undefined;
  const integer = integerOf(number);
  return integer !== undefined && BigInt.asIntN(64, integer) === integer ? integer : undefined;
}

/** An integer in its one form as a value. */
export function fromInteger(integer: bigint): number | bigint {
  return plainInteger(integer);
}

/** Whether a number is a zero that was written with a sign: `-0`, `-0.0`. */
export function isNegativeZero(number: Numeric): boolean {
  if (typeof number !== "object") return Object.is(number, -0);
  return number.coefficient === 0n && number.text?.startsWith("-") === true;
}

/** The nearest double. */
export function toDouble(number: Numeric): number {
  if (isNegativeZero(number)) return -0;
  return typeof number === "object" ? Number(`${number.coefficient}e${number.exponent}`) : Number(number);
}

/**
 * Binary floating point with a mantissa of any width, rounded to nearest even: what OPA calculates fractions with. Its
 * width is 64 bits, which is why 0.1 + 0.2 is 0.3 there and 1/3 has twenty digits.
 */
import { type DecimalParts } from "./decimal.ts";
import { formatGeneral, formatPlain, integerOf, isNegativeZero, type Numeric, partsOf, readNumber } from "./number.ts";

/** mantissa × 2^exponent; zero has the mantissa 0. */
export interface Float {
  readonly negative: boolean;
  readonly mantissa: bigint;
  readonly exponent: number;
  /** Bits of mantissa that operations on it keep. */
  readonly precision: number;
}

/** The width that OPA's numbers have unless something says otherwise. */
export const defaultPrecision = 64;

function bitLength(magnitude: bigint): number {
  if (magnitude === 0n) return 0;
  const hex = magnitude.toString(16);
  return (hex.length - 1) * 4 + (32 - Math.clz32(parseInt(hex.charAt(0), 16)));
}

/** Rounds half to even; `sticky` says that more non-zero bits follow. */
function round(negative: boolean, mantissa: bigint, exponent: number, precision: number, sticky = false): Float {
  const excess = bitLength(mantissa) - precision;
  if (excess <= 0) return { negative, mantissa, exponent, precision };
  const shift = BigInt(excess);
  let kept = mantissa >> shift;
  const rest = mantissa - (kept << shift);
  const half = 1n << (shift - 1n);
  if (rest > half || (rest === half && (sticky || (kept & 1n) === 1n))) kept += 1n;
  return { negative, mantissa: kept, exponent: exponent + excess, precision };
}

function zero(negative: boolean, precision: number): Float {
  return { negative, mantissa: 0n, exponent: 0, precision };
}

function wider(a: Float, b: Float): number {
  return Math.max(a.precision, b.precision);
}

/** The float nearest to an integer, as wide as it needs to be exact and at least 64 bits. */
export function floatOfInteger(integer: bigint): Float {
  const mantissa = integer < 0n ? -integer : integer;
  return {
    negative: integer < 0n,
    mantissa,
    exponent: 0,
    precision: Math.max(defaultPrecision, bitLength(mantissa)),
  };
}

/** The float that OPA reads a number as. */
export function floatOf(number: Numeric): Float {
  if (isNegativeZero(number)) return zero(true, defaultPrecision);
  return floatOfParts(partsOf(number));
}

function floatOfParts({ coefficient, exponent }: DecimalParts): Float {
  const negative = coefficient < 0n;
  const mantissa = negative ? -coefficient : coefficient;
  if (mantissa === 0n) return zero(false, defaultPrecision);
  const exact: Float = { negative, mantissa, exponent, precision: defaultPrecision };
  if (exponent === 0) return round(negative, mantissa, 0, defaultPrecision);
  const power = powerOfFive(Math.abs(exponent));
  return exponent < 0 ? divide(exact, power, defaultPrecision) : multiply(exact, power, defaultPrecision);
}

/** 5^n to 128 bits, by the steps that decide the last bit where it is not exact. */
function powerOfFive(power: number): Float {
  const width = defaultPrecision + 64;
  const table = 27;
  if (power <= table) return { negative: false, mantissa: 5n ** BigInt(power), exponent: 0, precision: width };
  let result: Float = { negative: false, mantissa: 5n ** BigInt(table), exponent: 0, precision: width };
  let square: Float = { negative: false, mantissa: 5n, exponent: 0, precision: width + 64 };
  for (let rest = power - table; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = multiply(result, square, width);
    square = multiply(square, square, width + 64);
  }
  return result;
}

/** a + b. */
export function add(a: Float, b: Float, precision: number = wider(a, b)): Float {
  if (a.mantissa === 0n && b.mantissa === 0n) return zero(a.negative && b.negative, precision);
  const exponent = a.mantissa === 0n ? b.exponent : b.mantissa === 0n ? a.exponent : Math.min(a.exponent, b.exponent);
  const total = aligned(a, exponent) + aligned(b, exponent);
  return total === 0n ? zero(false, precision) : round(total < 0n, total < 0n ? -total : total, exponent, precision);
}

function aligned(float: Float, exponent: number): bigint {
  if (float.mantissa === 0n) return 0n;
  const magnitude = float.mantissa << BigInt(float.exponent - exponent);
  return float.negative ? -magnitude : magnitude;
}

/** -a. */
export function negate(a: Float): Float {
  return { ...a, negative: !a.negative };
}

/** a × b. */
export function multiply(a: Float, b: Float, precision: number = wider(a, b)): Float {
  return round(a.negative !== b.negative, a.mantissa * b.mantissa, a.exponent + b.exponent, precision);
}

/** a ÷ b, where b is not zero. */
export function divide(a: Float, b: Float, precision: number = wider(a, b)): Float {
  const negative = a.negative !== b.negative;
  if (a.mantissa === 0n) return zero(negative, precision);
  const shift = Math.max(0, precision + 2 + bitLength(b.mantissa) - bitLength(a.mantissa));
  const dividend = a.mantissa << BigInt(shift);
  const quotient = dividend / b.mantissa;
  const sticky = quotient * b.mantissa !== dividend;
  return round(negative, quotient, a.exponent - shift - b.exponent, precision, sticky);
}

/** The integer part, and whether there was nothing else. */
export function truncate(a: Float): { readonly integer: bigint; readonly exact: boolean } {
  const sign = a.negative ? -1n : 1n;
  if (a.exponent >= 0) return { integer: sign * (a.mantissa << BigInt(a.exponent)), exact: true };
  const shift = BigInt(-a.exponent);
  const integer = a.mantissa >> shift;
  return { integer: sign * integer, exact: integer << shift === a.mantissa };
}

/** The float as a Rego number: the shortest decimal that reads back as it at its width. */
export function toNumber(a: Float): Numeric {
  if (a.mantissa === 0n) return a.negative ? -0 : 0;
  const { digits, point } = shortest(a);
  const sign = a.negative ? "-" : "";
  const text = sign + (truncate(a).exact ? formatPlain(digits, point) : formatGeneral(digits, point, 6));
  const number = readNumber(text);
  if (number === undefined) throw new RangeError(`number out of range: ${text}`);
  return number;
}

/** A magnitude in decimal digits. */
export interface Digits {
  readonly digits: string;
  /** The value is 0.digits × 10^point. */
  readonly point: number;
}

/** The exact decimal digits of mantissa × 2^exponent, without trailing zeros. */
export function decimalDigits(mantissa: bigint, exponent: number): Digits {
  const scaled = exponent >= 0 ? mantissa << BigInt(exponent) : mantissa * 5n ** BigInt(-exponent);
  const all = scaled.toString();
  let end = all.length;
  while (end > 0 && all.charCodeAt(end - 1) === 48) end--;
  return { digits: all.slice(0, end), point: all.length + Math.min(exponent, 0) };
}

/**
 * The fewest digits between the two midpoints to the neighbours. The bounds may be answers themselves only where the
 * mantissa is even.
 */
function shortest(a: Float): Digits {
  // One bit more than the mantissa has, so that one unit of it is half a unit of the last place.
  const widen = a.precision + 1 - bitLength(a.mantissa);
  const mantissa = a.mantissa << BigInt(widen);
  const exponent = a.exponent - widen;
  const exact = decimalDigits(mantissa, exponent);
  const lower = decimalDigits(mantissa - 1n, exponent);
  const upper = decimalDigits(mantissa + 1n, exponent);
  const inclusive = (mantissa & 2n) === 0n;
  for (let index = 0; index < exact.digits.length; index++) {
    const digit = exact.digits.charCodeAt(index);
    const low = digitAt(lower, index);
    const high = digitAt(upper, index);
    const canRoundDown = low !== digit || (inclusive && index + 1 === lower.digits.length);
    const canRoundUp = digit !== high && (inclusive || digit + 1 < high || index + 1 < upper.digits.length);
    if (canRoundDown && canRoundUp) return roundDigits(exact, index + 1);
    if (canRoundDown) return roundDown(exact, index + 1);
    if (canRoundUp) return roundUp(exact, index + 1);
  }
  return exact;
}

function digitAt({ digits }: Digits, index: number): number {
  return index < digits.length ? digits.charCodeAt(index) : 48;
}

/** Rounds to `count` digits, a half to even. */
export function roundDigits(value: Digits, count: number): Digits {
  const { digits } = value;
  if (count >= digits.length) return value;
  const next = digits.charCodeAt(count);
  if (next === 53 && count + 1 === digits.length) {
    return count > 0 && (digits.charCodeAt(count - 1) - 48) % 2 !== 0 ? roundUp(value, count) : roundDown(value, count);
  }
  return next >= 53 ? roundUp(value, count) : roundDown(value, count);
}

function roundDown({ digits, point }: Digits, count: number): Digits {
  return { digits: digits.slice(0, count).replace(/0+$/, "") || "0", point };
}

function roundUp({ digits, point }: Digits, count: number): Digits {
  let end = count;
  while (end > 0 && digits.charCodeAt(end - 1) === 57) end--;
  if (end === 0) return { digits: "1", point: point + 1 };
  return { digits: digits.slice(0, end - 1) + String.fromCharCode(digits.charCodeAt(end - 1) + 1), point };
}

/** Whether a number is an integer by value. */
export function isInteger(number: Numeric): boolean {
  return integerOf(number) !== undefined;
}

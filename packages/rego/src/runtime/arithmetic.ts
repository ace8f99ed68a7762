/**
 * Arithmetic on numbers as OPA does it: exact for integers of any size, else by floats with a mantissa of 64 bits.
 * Doubles serve where they give the same answer.
 */
import {
  add as addFloats,
  divide as divideFloats,
  type Float,
  floatOf,
  floatOfInteger,
  multiply as multiplyFloats,
  negate,
  toNumber,
  truncate,
} from "./float.ts";
import { fromInteger, integerOf, machineInteger, type Numeric } from "./number.ts";

/** Why a calculation has no answer. */
export type ArithmeticFault = "divide by zero" | "modulo by zero" | "modulo on floating-point number";

/** What an operation answers where it may fail: the number or the reason. */
export type ArithmeticResult = Numeric | ArithmeticFault;

/** Whether a double is a small multiple of 1/1024, on which double arithmetic gives what 64 bits of mantissa would. */
function isShortBinary(x: number): boolean {
  const scaled = x * 1024;
  return x > -65536 && x < 65536 && scaled === Math.trunc(scaled);
}

/** a + b. */
export function add(a: Numeric, b: Numeric): Numeric {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (Number.isInteger(a) && Number.isInteger(b)) {
      if (Number.isSafeInteger(sum)) return sum + 0;
    } else if (isShortBinary(a) && isShortBinary(b) && isShortBinary(sum)) return sum;
  }
  return exactly(a, b, (x, y) => x + y) ?? toNumber(addFloats(floatOf(a), floatOf(b)));
}

/** a − b. */
export function subtract(a: Numeric, b: Numeric): Numeric {
  if (typeof a === "number" && typeof b === "number") {
    const difference = a - b;
    if (Number.isInteger(a) && Number.isInteger(b)) {
      if (Number.isSafeInteger(difference)) return difference + 0;
    } else if (isShortBinary(a) && isShortBinary(b) && isShortBinary(difference)) return difference;
  }
  return exactly(a, b, (x, y) => x - y) ?? toNumber(addFloats(floatOf(a), negate(floatOf(b))));
}

/** a × b. */
export function multiply(a: Numeric, b: Numeric): Numeric {
  if (typeof a === "number" && typeof b === "number") {
    const product = a * b;
    if (Number.isInteger(a) && Number.isInteger(b)) {
      if (Number.isSafeInteger(product)) return product + 0;
    } else if (isShortBinary(a) && isShortBinary(b) && isShortBinary(product)) return product;
  }
  return exactly(a, b, (x, y) => x * y) ?? toNumber(multiplyFloats(floatOf(a), floatOf(b)));
}

/** a ÷ b. */
export function divide(a: Numeric, b: Numeric): ArithmeticResult {
  if (isZero(b)) return "divide by zero";
  if (typeof a === "number" && typeof b === "number" && a !== 0) {
    const quotient = a / b;
    if (Number.isSafeInteger(a) && Number.isSafeInteger(b) && Number.isSafeInteger(quotient) && quotient * b === a) {
      return quotient;
    }
    if (isShortBinary(a) && isShortBinary(b) && isShortBinary(quotient) && quotient * b === a) return quotient;
  }
  return toNumber(divideFloats(floatOf(a), floatOf(b)));
}

/** The remainder of a ÷ b with the sign of a; integers only. */
export function remainder(a: Numeric, b: Numeric): ArithmeticResult {
  if (typeof a === "number" && typeof b === "number" && Number.isInteger(a) && Number.isInteger(b)) {
    return b === 0 ? "modulo by zero" : (a % b) + 0;
  }
  const [x, y] = [integerOf(a), integerOf(b)];
  if (x === undefined || y === undefined) return "modulo on floating-point number";
  return y === 0n ? "modulo by zero" : fromInteger(x % y);
}

function isZero(number: Numeric): boolean {
  return typeof number === "object" ? number.coefficient === 0n : number === 0;
}

function exactly(a: Numeric, b: Numeric, operate: (x: bigint, y: bigint) => bigint): Numeric | undefined {
  const x = integerOf(a);
  if (x === undefined) return undefined;
  const y = integerOf(b);
  return y === undefined ? undefined : fromInteger(operate(x, y));
}

/** An integer in the window where OPA leaves floats out. */
function smallInteger(number: Numeric): number | undefined {
  const integer = machineInteger(number);
  return integer !== undefined && BigInt.asIntN(32, integer) === integer ? Number(integer) : undefined;
}

function byFloat(number: Numeric, operate: (x: Float) => Numeric): Numeric {
  return smallInteger(number) ?? operate(floatOf(number));
}

/** The magnitude. */
export function absolute(number: Numeric): Numeric {
  const small = smallInteger(number);
  return small === undefined ? toNumber({ ...floatOf(number), negative: false }) : Math.abs(small);
}

const half: Float = { negative: false, mantissa: 1n, exponent: -1, precision: 53 };
const one: Float = { negative: false, mantissa: 1n, exponent: 0, precision: 53 };

/** The nearest integer; a half goes away from zero. */
export function round(number: Numeric): Numeric {
  return byFloat(number, (x) => {
    const { integer } = truncate(addFloats(x, x.negative ? negate(half) : half));
    return toNumber(floatOfInteger(integer));
  });
}

/** The least integer that is not less, but 1 between -1 and 0: OPA's answer, whose zero has lost the sign there. */
export function ceiling(number: Numeric): Numeric {
  return byFloat(number, (x) => {
    const { integer, exact } = truncate(x);
    const whole = floatOfInteger(integer);
    return toNumber(whole.negative || exact ? whole : addFloats(whole, one));
  });
}

/** The greatest integer that is not more. */
export function floor(number: Numeric): Numeric {
  return byFloat(number, (x) => {
    const { integer, exact } = truncate(x);
    const whole = floatOfInteger(integer);
    return toNumber(!whole.negative || exact ? whole : addFloats(whole, negate(one)));
  });
}

/** Doubles to text as Go's `strconv.FormatFloat` writes them. */
import { decimalDigits, type Digits, roundDigits } from "../runtime/float.ts";

/** How a double is written: the verbs of Go's formats. */
export type FloatVerb = "e" | "E" | "f" | "g" | "G" | "b" | "x" | "X";

/** The text of a finite double; a precision of -1 means as many digits as tell it from its neighbours. */
export function formatFloat(value: number, verb: FloatVerb, precision: number): string {
  const negative = value < 0 || Object.is(value, -0);
  return (negative ? "-" : "") + formatMagnitude(Math.abs(value), verb, precision);
}

function formatMagnitude(value: number, verb: FloatVerb, precision: number): string {
  switch (verb) {
    case "b": {
      const { mantissa, exponent } = binaryParts(value);
      return `${mantissa}p${exponent < 0 ? "" : "+"}${exponent}`;
    }
    case "x":
    case "X": {
      const text = hexadecimal(value, precision);
      return verb === "X" ? text.toUpperCase() : text;
    }
    case "e":
    case "E": {
      const digits = precision < 0 ? shortestDigits(value) : rounded(exactDigits(value), precision + 1);
      return exponential(digits, precision < 0 ? digits.digits.length - 1 : precision, verb);
    }
    case "f": {
      if (precision < 0) {
        const digits = shortestDigits(value);
        return plain(digits, Math.max(digits.digits.length - digits.point, 0));
      }
      const exact = exactDigits(value);
      return plain(rounded(exact, exact.point + precision), precision);
    }
    case "g":
    case "G":
      return general(value, verb, precision);
  }
}

function general(value: number, verb: "g" | "G", precision: number): string {
  const isShortest = precision < 0;
  const wanted = isShortest ? 6 : Math.max(precision, 1);
  const value10 = isShortest ? shortestDigits(value) : rounded(exactDigits(value), wanted);
  const { length } = value10.digits;
  const limit = !isShortest && wanted > length && length >= value10.point ? length : wanted;
  const exponent = value10.point - 1;
  if (exponent < -4 || exponent >= limit) {
    const kept = isShortest ? length : Math.min(wanted, length);
    return exponential(value10, kept - 1, verb === "g" ? "e" : "E");
  }
  return plain(value10, Math.max(length - value10.point, 0));
}

function rounded(value: Digits, count: number): Digits {
  if (value.digits === "") return value;
  if (count < 0) return { digits: "", point: 0 };
  const result = roundDigits(value, count);
  return /^0*$/.test(result.digits) ? { digits: "", point: 0 } : result;
}

function exponential({ digits, point }: Digits, precision: number, mark: "e" | "E"): string {
  const exponent = digits === "" ? 0 : point - 1;
  const fraction = precision > 0 ? `.${digits.slice(1, 1 + precision).padEnd(precision, "0")}` : "";
  const magnitude = String(Math.abs(exponent)).padStart(2, "0");
  return `${digits.charAt(0) || "0"}${fraction}${mark}${exponent < 0 ? "-" : "+"}${magnitude}`;
}

function plain({ digits, point }: Digits, precision: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, "0") : "0";
  if (precision <= 0) return whole;
  const padded = point < 0 ? "0".repeat(Math.min(-point, precision)) + digits : digits.slice(Math.max(point, 0));
  return `${whole}.${padded.slice(0, precision).padEnd(precision, "0")}`;
}

function shortestDigits(value: number): Digits {
  if (value === 0) return { digits: "", point: 0 };
  const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
  return { digits: mantissa.replace(".", ""), point: Number(exponent) + 1 };
}

function exactDigits(value: number): Digits {
  if (value === 0) return { digits: "", point: 0 };
  const { mantissa, exponent } = binaryParts(value);
  return decimalDigits(mantissa, exponent);
}

/** The double's 53 bits of mantissa and their exponent. */
function binaryParts(value: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | 0x10000000000000n, exponent: biased - 1075 };
}

/** Hexadecimal with a binary exponent, the first digit being 1. */
function hexadecimal(value: number, precision: number): string {
  let { mantissa, exponent } = binaryParts(value);
  if (mantissa === 0n) return `0x0${precision > 0 ? `.${"0".repeat(precision)}` : ""}p+00`;
  while (mantissa < 0x10000000000000n) {
    mantissa <<= 1n;
    exponent--;
  }
  exponent += 52;
  if (precision >= 0 && precision < 13) {
    const shift = BigInt((13 - precision) * 4);
    const rest = BigInt.asUintN(Number(shift), mantissa);
    const half = 1n << (shift - 1n);
    mantissa >>= shift;
    if (rest > half || (rest === half && (mantissa & 1n) === 1n)) mantissa++;
    mantissa <<= shift;
    if (mantissa >= 0x20000000000000n) {
      mantissa >>= 1n;
      exponent++;
    }
  }
  const all = BigInt.asUintN(52, mantissa).toString(16).padStart(13, "0");
  const fraction = precision < 0 ? all.replace(/0+$/, "") : all.slice(0, precision).padEnd(precision, "0");
  const magnitude = String(Math.abs(exponent)).padStart(2, "0");
  return `0x1${fraction === "" ? "" : `.${fraction}`}p${exponent < 0 ? "-" : "+"}${magnitude}`;
}

import { quote } from "../../runtime/text.ts";
import { TemplateError } from "./template-error.ts";
import { unquoteRune } from "./unquote.ts";

/** What a number means where nothing says which type it should have. */
export type NumberLiteral =
  | { readonly kind: "int"; readonly value: bigint }
  | { readonly kind: "float64"; readonly value: number }
  | { readonly kind: "complex128"; readonly real: number; readonly imaginary: number }
  /** An integer that only an unsigned one could hold. */
  | { readonly kind: "overflow" };

const integerForm =
  /^[+-]?(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|0(?:_?[0-7])*|[1-9](?:_?[0-9])*)$/;
const decimal = /^[+-]?(?:[0-9](?:_?[0-9])*(?:\.(?:[0-9](?:_?[0-9])*)?)?|\.[0-9](?:_?[0-9])*)(?:[eE][+-]?[0-9]+)?$/;
const hexadecimalForm = /^([+-]?)0[xX]([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?[pP]([+-]?[0-9]+)$/;

/** Reads a number as it is written in Go. */
export function numberLiteral(text: string, kind: "number" | "complex" | "character"): NumberLiteral {
  if (kind === "character") return { kind: "int", value: BigInt(unquoteRune(text)) };
  if (kind === "complex") return complexOf(text);
  if (text.endsWith("i")) {
    const imaginary = floatOf(text.slice(0, -1));
    if (imaginary !== undefined) return { kind: "complex128", real: 0, imaginary };
  }
  const integer = integerOf(text);
  const isSigned = integer !== undefined && BigInt.asIntN(64, integer) === integer;
  const isUnsigned = integer !== undefined && BigInt.asUintN(64, integer) === integer && !/^[+-]/.test(text);
  if (integer !== undefined && isSigned) return { kind: "int", value: integer };
  if (isUnsigned) return { kind: "overflow" };
  const value = floatOf(text);
  if (value === undefined) throw new TemplateError(`illegal number syntax: ${quote(text)}`);
  if (!/[.eEpP]/.test(text)) throw new TemplateError(`integer overflow: ${quote(text)}`);
  return { kind: "float64", value };
}

function integerOf(text: string): bigint | undefined {
  if (!integerForm.test(text)) return undefined;
  const digits = text.replace(/^[+-]/, "").replaceAll("_", "");
  const value = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return text.startsWith("-") ? -value : value;
}

/** A finite double; undefined where the text is none. */
function floatOf(text: string): number | undefined {
  const hexadecimal = hexadecimalForm.exec(text.replaceAll("_", ""));
  if (hexadecimal !== null) {
    const [, sign = "", whole = "", fraction = "", exponent = "0"] = hexadecimal;
    if (whole === "" && fraction === "") return undefined;
    const mantissa = Number(`0x${whole}${fraction}`);
    const value = mantissa * 2 ** (Number(exponent) - 4 * fraction.length);
    return Number.isFinite(value) ? (sign === "-" ? -value : value) : undefined;
  }
  if (!decimal.test(text)) return undefined;
  const value = Number(text.replaceAll("_", ""));
  return Number.isFinite(value) ? value : undefined;
}

function complexOf(text: string): NumberLiteral {
  const middle = Math.max(text.lastIndexOf("+"), text.lastIndexOf("-"));
  const isExponent = /[eEpP]/.test(text.charAt(middle - 1));
  const before = isExponent ? text.slice(0, middle - 1) : text;
  const split = isExponent ? Math.max(before.lastIndexOf("+"), before.lastIndexOf("-")) : middle;
  const real = floatOf(text.slice(0, split));
  const imaginary = floatOf(text.slice(split, -1));
  if (real === undefined || imaginary === undefined) throw new TemplateError("syntax error scanning complex number");
  return { kind: "complex128", real, imaginary };
}

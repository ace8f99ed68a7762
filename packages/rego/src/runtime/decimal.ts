import { Tagged } from "./tagged.ts";

/** A number that neither a double nor a bigint holds exactly, or whose written form must be kept: coefficient × 10^exponent. */
export class Decimal extends Tagged {
  readonly coefficient: bigint;
  readonly exponent: number;
  /** The text it was written with. */
  readonly text: string | undefined;
  #plain: number | bigint | null | undefined = null;

  constructor(coefficient: bigint, exponent: number, text?: string) {
    super();
    this.coefficient = coefficient;
    this.exponent = exponent;
    this.text = text;
  }

  override get tag(): "number" {
    return "number";
  }

  /** The number or bigint of the same value; undefined where there is none. */
  get plain(): number | bigint | undefined {
    if (this.#plain === null) this.#plain = plainOf(normalise(this));
    return this.#plain;
  }
}

/** The parts of an exact decimal; the coefficient of a normalised one is no multiple of ten, and zero is 0 × 10^0. */
export interface DecimalParts {
  readonly coefficient: bigint;
  readonly exponent: number;
}

/** The same value with the smallest coefficient. */
export function normalise({ coefficient, exponent }: DecimalParts): DecimalParts {
  if (coefficient === 0n) return { coefficient: 0n, exponent: 0 };
  if (coefficient % 10n !== 0n) return { coefficient, exponent };
  const digits = coefficient.toString();
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === 48) end--;
  return { coefficient: BigInt(digits.slice(0, end)), exponent: exponent + digits.length - end };
}

/** The number or bigint that is exactly this normalised decimal. */
export function plainOf({ coefficient, exponent }: DecimalParts): number | bigint | undefined {
  if (exponent >= 0) return plainInteger(exponent === 0 ? coefficient : coefficient * 10n ** BigInt(exponent));
  const number = Number(`${coefficient}e${exponent}`);
  const back = partsOfText(String(number));
  return back !== undefined && back.coefficient === coefficient && back.exponent === exponent ? number : undefined;
}

/** An integer as a number where that is safe, else as the bigint that it is. */
export function plainInteger(integer: bigint): number | bigint {
  return integer >= -9007199254740991n && integer <= 9007199254740991n ? Number(integer) : integer;
}

const form = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,9}))?$/;

/** The normalised parts of a decimal number's text; undefined where it is not one. */
export function partsOfText(text: string): DecimalParts | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  if (whole === "" && fraction === "") return undefined;
  const magnitude = BigInt(whole + fraction);
  return normalise({
    coefficient: sign === "-" ? -magnitude : magnitude,
    exponent: Number(exponent) - fraction.length,
  });
}

/** Orders two normalised decimals by value, without expanding large exponents. */
export function compareParts(a: DecimalParts, b: DecimalParts): number {
  const signA = a.coefficient === 0n ? 0 : a.coefficient < 0n ? -1 : 1;
  const signB = b.coefficient === 0n ? 0 : b.coefficient < 0n ? -1 : 1;
  if (signA !== signB) return signA < signB ? -1 : 1;
  if (signA === 0) return 0;
  const magnitudeA = signA < 0 ? -a.coefficient : a.coefficient;
  const magnitudeB = signB < 0 ? -b.coefficient : b.coefficient;
  const leadA = magnitudeA.toString().length + a.exponent;
  const leadB = magnitudeB.toString().length + b.exponent;
  if (leadA !== leadB) return leadA < leadB ? -signA : signA;
  const shift = a.exponent - b.exponent;
  const alignedA = shift > 0 ? magnitudeA * 10n ** BigInt(shift) : magnitudeA;
  const alignedB = shift < 0 ? magnitudeB * 10n ** BigInt(-shift) : magnitudeB;
  return alignedA === alignedB ? 0 : alignedA < alignedB ? -signA : signA;
}

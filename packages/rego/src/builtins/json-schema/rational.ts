import { compareParts, type DecimalParts } from "../../runtime/decimal.ts";
import { generalText, type Numeric, partsOf } from "../../runtime/number.ts";

/** A number exactly. Decimals are all that JSON can write, so that is what a fraction is here. */
export type Rational = DecimalParts;

/** The exact value of a number. */
export function rationalOf(number: Numeric): Rational {
  return partsOf(number);
}

/** Orders two by value. */
export function compareRationals(a: Rational, b: Rational): number {
  return compareParts(a, b);
}

/** Whether this has no fraction. */
export function isWhole({ exponent }: Rational): boolean {
  return exponent >= 0;
}

/** Whether one is a whole number of times the other, which is not zero. */
export function isMultiple(a: Rational, b: Rational): boolean {
  if (a.coefficient === 0n) return true;
  const shift = a.exponent - b.exponent;
  if (shift >= 0) return (a.coefficient * 10n ** BigInt(shift)) % b.coefficient === 0n;
  return a.coefficient % (b.coefficient * 10n ** BigInt(-shift)) === 0n;
}

/** As Go prints a *big.Float of it. */
export function rationalText(rational: Rational): string {
  return generalText(rational);
}

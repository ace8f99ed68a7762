/** The largest binary exponent of Go's numbers. */
const largestExponent = 0x7fff_ffff;

/**
 * Why a number's text cannot be used, in OPA's words: its binary exponent has to stay within 100,000. Undefined when
 * the number is fine.
 */
export function checkNumber(text: string): "number too big" | "invalid float" | undefined {
  if (text.length < 1000 && /^-?\d*\.?\d*$/.test(text)) return undefined;
  const match = /^-?(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text);
  if (match === null) return "invalid float";
  const [, whole = "", fraction = "", exponentText = "0"] = match;
  // Go counts the exponent in 64 bits; what has none is wrong whatever its digits are.
  if (exponentText.length > 15 && BigInt.asIntN(64, BigInt(exponentText)) !== BigInt(exponentText)) {
    return "invalid float";
  }
  const exponent = Number(exponentText);
  const digits = (whole + fraction).replace(/^0+/, "");
  if (digits === "") return undefined;
  // Go gives up on the number itself where its exponent leaves 32 bits.
  const first = BigInt(digits).toString(2).length + exponent - fraction.length;
  if (first > largestExponent || first < -largestExponent - 1) return "invalid float";
  const leading = Number(`0.${digits.slice(0, 17)}`);
  const decimalExponent = digits.length - fraction.length + exponent;
  const binaryExponent = Math.floor(Math.log2(leading) + decimalExponent * Math.log2(10)) + 1;
  // What is too small for 32 bits is nought to Go.
  if (binaryExponent < -largestExponent - 1) return undefined;
  return Math.abs(binaryExponent) > 100_000 ? "number too big" : undefined;
}

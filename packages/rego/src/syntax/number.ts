/**
 * Why a number's text cannot be used, in OPA's words: its binary exponent has to stay within 100,000. Undefined when
 * the number is fine.
 */
export function checkNumber(text: string): "number too big" | "invalid float" | undefined {
  if (text.length < 1000 && /^-?\d*\.?\d*$/.test(text)) return undefined;
  const match = /^-?(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text);
  if (match === null) return "invalid float";
  const [, whole = "", fraction = "", exponentText = "0"] = match;
  const exponent = Number(exponentText);
  const digits = (whole + fraction).replace(/^0+/, "");
  if (digits === "") return undefined;
  // Go gives up on the number itself where its exponent leaves 32 bits.
  const bits = Math.ceil(digits.length * Math.log2(10));
  if (Math.abs(bits + exponent - fraction.length) > 0x7fff_ffff) return "invalid float";
  const leading = Number(`0.${digits.slice(0, 17)}`);
  const decimalExponent = digits.length - fraction.length + exponent;
  const binaryExponent = Math.floor(Math.log2(leading) + decimalExponent * Math.log2(10)) + 1;
  return Math.abs(binaryExponent) > 100_000 ? "number too big" : undefined;
}

/** Kubernetes' quantities: `100m`, `1.5Gi`, `2e3`. */

export type QuantityFormat = "DecimalSI" | "BinarySI" | "DecimalExponent";

/** An exact amount, in billionths (Kubernetes keeps no finer one), and how it was written. */
export interface Quantity {
  readonly nano: bigint;
  readonly format: QuantityFormat;
}

export type QuantityReading =
  | { readonly ok: true; readonly quantity: Quantity }
  | { readonly ok: false; readonly message: string };

const binary: ReadonlyMap<string, bigint> = new Map([
  ["Ki", 10n],
  ["Mi", 20n],
  ["Gi", 30n],
  ["Ti", 40n],
  ["Pi", 50n],
  ["Ei", 60n],
]);
const decimal: ReadonlyMap<string, number> = new Map([
  ["n", -9],
  ["u", -6],
  ["m", -3],
  ["", 0],
  ["k", 3],
  ["M", 6],
  ["G", 9],
  ["T", 12],
  ["P", 15],
  ["E", 18],
]);
const wrongFormat = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const wrongSuffix = "unable to parse quantity's suffix";
const shape = /^([+-]?)(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/;
const billion = 10n ** 9n;
/** Kubernetes caps what it holds at the largest int64. */
const most = (2n ** 63n - 1n) * billion;

/** Reads a quantity; what is finer than a billionth is rounded away from zero, as Kubernetes does. */
export function parseQuantity(text: string): QuantityReading {
  const match = shape.exec(text);
  if (match === null || text === "") return { ok: false, message: wrongFormat };
  const [, sign = "", whole = "", fraction = "", suffix = ""] = match;
  const scale = interpret(suffix);
  if (scale === undefined) return { ok: false, message: wrongSuffix };
  if (scale.format === "BinarySI" && whole + fraction === "" && /\.|[PE]i/.test(text)) {
    return { ok: false, message: "unable to parse numeric part of quantity" };
  }
  const digits = BigInt(`${whole}${fraction}` || "0");
  const exponent = scale.ten + 9 - fraction.length;
  // No amount survives past int64, and none below a billionth: exponents beyond need no bigger numbers.
  const numerator = digits * scale.factor * 10n ** BigInt(Math.min(Math.max(exponent, 0), 200));
  const denominator = 10n ** BigInt(Math.min(Math.max(-exponent, 0), 200 + text.length));
  let nano = (numerator + denominator - 1n) / denominator;
  if (nano > most && !isKeptWhole(whole, fraction, scale)) nano = most;
  return { ok: true, quantity: { nano: sign === "-" ? -nano : nano, format: scale.format } };
}

/** Kubernetes keeps up to eighteen decimal digits with their exponent, whatever the size; only beyond does it cap. */
function isKeptWhole(
  whole: string,
  fraction: string,
  { ten, format }: { ten: number; format: QuantityFormat },
): boolean {
  const digits = whole.replace(/^0+/, "").length + fraction.length;
  return format !== "BinarySI" && digits <= 18 && ten - fraction.length >= -9;
}

function interpret(suffix: string): { factor: bigint; ten: number; format: QuantityFormat } | undefined {
  const ten = decimal.get(suffix);
  if (ten !== undefined) return { factor: 1n, ten, format: "DecimalSI" };
  const two = binary.get(suffix);
  if (two !== undefined) return { factor: 2n ** two, ten: 0, format: "BinarySI" };
  const exponent = /^[eE]([+-]?\d+)$/.exec(suffix)?.[1];
  if (exponent === undefined) return undefined;
  return { factor: 1n, ten: Math.max(-100_000, Math.min(100_000, Number(exponent))), format: "DecimalExponent" };
}

/** Orders two quantities by amount. */
export function compareQuantities(left: Quantity, right: Quantity): number {
  return left.nano < right.nano ? -1 : left.nano > right.nano ? 1 : 0;
}

/** The sum, written as the left one was. */
export function addQuantities(left: Quantity, right: Quantity): Quantity {
  return { nano: left.nano + right.nano, format: left.nano === 0n ? right.format : left.format };
}

/** The canonical form: no fraction, the largest suffix that needs none. */
export function formatQuantity({ nano, format }: Quantity): string {
  if (nano === 0n) return "0";
  const sign = nano < 0n ? "-" : "";
  const size = nano < 0n ? -nano : nano;
  if (format === "BinarySI" && size >= 1024n * billion && size % billion === 0n) {
    return sign + formatBinary(size / billion);
  }
  return sign + formatDecimal(size, format);
}

function formatBinary(amount: bigint): string {
  let [rest, steps] = [amount, 0];
  while (steps < 6 && rest % 1024n === 0n) [rest, steps] = [rest / 1024n, steps + 1];
  return `${rest}${["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"][steps]}`;
}

function formatDecimal(size: bigint, format: QuantityFormat): string {
  let [rest, exponent] = [size, -9];
  const largest = format === "DecimalExponent" ? Infinity : 18;
  while (exponent < largest && rest % 1000n === 0n) [rest, exponent] = [rest / 1000n, exponent + 3];
  if (format === "DecimalExponent") return exponent === 0 ? String(rest) : `${rest}e${exponent}`;
  for (const [suffix, ten] of decimal) if (ten === exponent) return `${rest}${suffix}`;
  return String(rest);
}

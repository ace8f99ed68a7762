import { fail } from "../failure.ts";
import { formatFloat } from "../format-float.ts";
import { quote, toByteString } from "../../runtime/text.ts";
import { quoteBytes } from "./parse-time.ts";

const units: ReadonlyMap<string, bigint> = new Map([
  ["ns", 1n],
  ["us", 1_000n],
  ["µs", 1_000n],
  ["μs", 1_000n],
  ["ms", 1_000_000n],
  ["s", 1_000_000_000n],
  ["m", 60_000_000_000n],
  ["h", 3_600_000_000_000n],
]);

/** Hours of the units that Go does not have. */
const longUnits: ReadonlyMap<string, number> = new Map([
  ["d", 24],
  ["w", 168],
  ["y", 8760],
]);

const limit = 1n << 63n;

/** Nanoseconds of a duration such as `1h30m` or `2d12h`. */
export function parseDuration(text: string): bigint {
  if (!/[dwy]/.test(text)) return parse(text, quoteBytes(toByteString(text)));
  const longForm = /^([+-]?)((?:[0-9.]+(?:ms|us|µs|ns|[a-z]))+)$/;
  const match = longForm.exec(text);
  if (match === null) return fail(`time: invalid duration ${quote(text)}`);
  const [, sign = "", segments = ""] = match;
  const rewritten = segments.replaceAll(/([0-9.]+)(ms|us|µs|ns|[a-z])/g, (segment, digits: string, unit: string) => {
    const hours = longUnits.get(unit);
    if (hours === undefined) return segment;
    if (!Number.isFinite(Number(digits))) fail(`time: invalid duration ${quote(text)}`);
    return `${formatFloat(Number(digits) * hours, "f", -1)}h`;
  });
  return parse(sign + rewritten, quote(text));
}

function parse(text: string, shown: string): bigint {
  const invalid = (): never => fail(`time: invalid duration ${shown}`);
  const negative = text.startsWith("-");
  let rest = /^[+-]/.test(text) ? text.slice(1) : text;
  if (rest === "0") return 0n;
  if (rest === "") return invalid();
  let total = 0n;
  while (rest !== "") {
    const number = /^([0-9]*)(?:\.([0-9]*))?/.exec(rest);
    const [digits = "", whole = "", fraction = ""] = number ?? [];
    if (whole === "" && fraction === "") return invalid();
    if (BigInt(whole) > limit) return invalid();
    rest = rest.slice(digits.length);
    const name = /^[^0-9.]*/.exec(rest)?.[0] ?? "";
    if (name === "") fail(`time: missing unit in duration ${shown}`);
    const unit = units.get(name) ?? fail(`time: unknown unit ${quoteBytes(toByteString(name))} in duration ${shown}`);
    rest = rest.slice(name.length);
    const part = BigInt(whole) * unit;
    total += part + BigInt(Math.trunc(fractionOf(fraction, unit)));
    if (part > limit || total > limit) return invalid();
  }
  if (!negative && total === limit) return invalid();
  return negative ? -total : total;
}

/** A fraction of a unit, in doubles as Go reckons it; digits that no longer fit 63 bits are dropped. */
function fractionOf(digits: string, unit: bigint): number {
  let [value, scale] = [0n, 1];
  for (const digit of digits) {
    if (value > (limit - 1n) / 10n) break;
    const next = value * 10n + BigInt(digit);
    if (next > limit) break;
    value = next;
    scale *= 10;
  }
  return Number(value) * (Number(unit) / scale);
}

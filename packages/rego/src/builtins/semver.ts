import type { BuiltinContext, BuiltinFunction } from "./builtin.ts";
import { fail } from "./failure.ts";
import type { Family } from "./family.ts";
import { stringOperand } from "./operand.ts";
import { valueToText } from "../runtime/value-text.ts";
import type { Value } from "../runtime/value.ts";

/** semver.* */
export const semver: Family = new Map<string, BuiltinFunction>([
  ["semver.compare", compareVersions],
  ["semver.is_valid", (_context, version: Value) => typeof version === "string" && parse(version) !== undefined],
]);

interface Version {
  readonly numbers: readonly bigint[];
  readonly preRelease: string;
}

function compareVersions(_context: BuiltinContext, a: Value, b: Value): Value {
  const [left, right] = [stringOperand(a, 1), stringOperand(b, 2)];
  const [first, second] = [parse(left), parse(right)];
  if (first === undefined) return fail(`operand 1: string ${valueToText(left)} is not a valid SemVer`);
  if (second === undefined) return fail(`operand 2: string ${valueToText(right)} is not a valid SemVer`);
  for (const [index, number] of first.numbers.entries()) {
    const other = second.numbers[index] ?? 0n;
    if (number !== other) return number > other ? 1 : -1;
  }
  return comparePreReleases(first.preRelease, second.preRelease);
}

const identifiers = /^[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*$/;

function parse(text: string): Version | undefined {
  const [whole, metadata] = cut(text.replace(/^v/, ""), "+");
  if (metadata !== undefined && !identifiers.test(metadata)) return undefined;
  const [numbers, preRelease] = cut(whole, "-");
  if (preRelease !== undefined && !isPreRelease(preRelease)) return undefined;
  const parts = numbers.split(".");
  if (parts.length !== 3 || !parts.every((part) => /^(0|[1-9][0-9]*)$/.test(part))) return undefined;
  const integers = parts.map(BigInt);
  // Go reads 64 bits.
  if (integers.some((integer) => BigInt.asIntN(64, integer) !== integer)) return undefined;
  return { numbers: integers, preRelease: preRelease ?? "" };
}

function cut(text: string, separator: string): [before: string, after: string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function isPreRelease(text: string): boolean {
  return identifiers.test(text) && !text.split(".").some((part) => /^0[0-9]+$/.test(part));
}

/** A version without a pre-release comes after those with one. */
function comparePreReleases(a: string, b: string): number {
  if (a === b) return 0;
  if (a === "" || b === "") return a === "" ? 1 : -1;
  const [left, right] = [a.split("."), b.split(".")];
  for (let index = 0; ; index += 1) {
    const [x, y] = [left[index], right[index]];
    if (x === undefined || y === undefined) return x === y ? 0 : x === undefined ? -1 : 1;
    const order = compareIdentifiers(x, y);
    if (order !== 0) return order;
  }
}

/** Numbers come before words. */
function compareIdentifiers(a: string, b: string): number {
  const [aNumber, bNumber] = [a, b].map((part) => /^[0-9]+$/.test(part));
  if (aNumber !== bNumber) return aNumber === true ? -1 : 1;
  if (aNumber === true) {
    const [x, y] = [clamp(BigInt(a)), clamp(BigInt(b))];
    return x === y ? 0 : x < y ? -1 : 1;
  }
  return a === b ? 0 : a < b ? -1 : 1;
}

/** What Go's Atoi makes of a number past 64 bits. */
function clamp(integer: bigint): bigint {
  const most = (1n << 63n) - 1n;
  return integer > most ? most : integer;
}
